"""What the Pooling page says."""

LEADS = {
    "pool": "Of each window keep one number: the largest, or the mean. Change a number and see who notices.",
    "move": "Does pooling lose where things are? Move the stroke and see which maps notice.",
    "stack": "Every slice is pooled by itself: the sides shrink, the depth stays.",
}
HOW_IT_WORKS = """
Cut the map into windows, usually 2×2 with stride 2, and keep **one number** of each: a quarter of the numbers stays.
There are no weights in it, so there is nothing to learn.

**Max pooling** keeps the largest number. On a feature map that means: *did the pattern show up anywhere in here?* Like
OR, it answers yes as soon as one cell does, and does not care which.

**Average pooling** keeps the mean: *how much of the pattern is in here?* A lone strong answer is watered down by the
quiet cells around it, and positive and negative numbers cancel.

Each slice of a stack is pooled by itself, so the depth stays. At a "same" border only the cells inside the map count,
for the largest number and for the mean alike.

**Is the place lost?** A little of it, on purpose. Inside a window max pooling cannot tell where its largest number
was, so a stroke may move by a pixel without a change. *Which* window it was in is still known, and with each further
layer that is enough: "an arc above a line" matters, its exact pixel does not.
"""
