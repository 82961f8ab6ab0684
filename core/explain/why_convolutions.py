"""What the three scenes of the page "Why convolutions" show, for those who read on."""

WHAT_IT_SHOWS = {
    "weights": """
A **dense** layer flattens the picture and gives each of its units one weight for every number of it:
side · side · channels · units. A **convolution** lays the same small filters on every place, so that the size of the
picture does not appear: kernel · kernel · channels · filters. Each unit and each filter has one bias besides.

Many weights cost memory and time, and they must be learnt from somewhere. Suppose that one picture could pin down one
weight: a dense layer would want as many pictures as it has weights. With fewer it can learn them by heart instead.

What a convolution does **not** save is work: {products} products for one picture here, against {dense_products} for the
dense layer. It spends them on looking everywhere.
""",
    "neighbours": """
The **same** new order is given to all digits, in training and in the test. A dense layer has one weight for every pixel
and no idea which pixels lie side by side: put its weights into the same new order and every sum is what it was. To it,
the left picture and the right one are the same problem.

A convolution looks through a small window and expects what is there to belong together: strokes, corners, ends. The
shuffled picture has none. It still learns something, since its last layer is dense, but it is clearly worse, and now
below the dense layer.

So the order of the pixels is knowledge. A convolution uses it, a dense layer has to do without.

The accuracies are stored results of `{command}`, {date}: {training} training digits, {epochs} epochs, {seeds} seeds
(a dot each), {test} digits to test. The dense network has {dense_parameters} parameters, the convolutional one
{convolutional_parameters}.
""",
    "places": """
A **dense unit** has one weight for each pixel of the field. Here its weights are the digit where it started: the best
detector of a digit that never moves. It multiplies and adds; one pixel that lights up beside its weight counts nothing.

The **filter** is one 7×7 piece of the same digit, less its mean. The convolution lays it on every place. Move the digit
and the map moves along, with the same numbers (this is called *equivariance*): the best match keeps its value.

Both are scaled to answer 1 at the start. To know the digit at every place, the dense layer would need one more unit,
with weights of its own, for each place. The filter is learnt once. **Detect once, reuse everywhere.**
""",
}
