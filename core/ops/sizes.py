"""How many cells come out: the arithmetic of kernel size, stride, padding and dilation along one axis.

With n pixels, p zeros added in all, stride s and a kernel of k cells dilated by d (it spans d * (k - 1) + 1 pixels):

    cells = floor((n + p - span) / s) + 1

The formula is number 15 in Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from numbers import Integral

PADDINGS = ("valid", "same")


def output_size(size, kernel, *, stride=1, padding="valid", dilation=1) -> int:
    """Number of output cells along one axis; at least 1.

    size, kernel, stride, dilation: whole numbers of at least 1.
    padding: "valid" (no zeros), "same" (see `border`), or that many zeros on each side.
    Raises ValueError as `border` does.
    """
    before, after = border(size, kernel, stride=stride, padding=padding, dilation=dilation)
    return (before + size + after - span(kernel, dilation)) // stride + 1


def border(size, kernel, *, stride=1, padding="valid", dilation=1) -> tuple[int, int]:
    """Number of zeros (before, after) that the padding adds along one axis.

    "same" is Keras's and TensorFlow's: ceil(n / s) cells come out, just enough zeros are added for them, and of an odd
    number of zeros the smaller half stands before ("Notes on padding" in
    https://www.tensorflow.org/api_docs/python/tf/nn).

    Raises ValueError for a size, kernel, stride or dilation that is no whole number of at least 1, for an unknown or
    negative padding, and for a dilated kernel or a stride that is larger than the padded picture.
    """
    for name, value in {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}.items():
        check_whole(name, value)
    check_padding(padding)
    if padding == "same":
        cells = -(-size // stride)
        zeros = max((cells - 1) * stride + span(kernel, dilation) - size, 0)
        before, after = zeros // 2, zeros - zeros // 2
    else:
        before = after = 0 if padding == "valid" else int(padding)

    padded = before + size + after
    if span(kernel, dilation) > padded:
        raise ValueError(
            f"A kernel must fit inside the padded picture, which is {padded} wide or high. "
            f"Received: kernel={kernel}, dilation={dilation} (it spans {span(kernel, dilation)})"
        )
    if stride > padded:
        raise ValueError(
            "A stride must fit inside the padded picture: this one jumps over all of it. "
            f"Received: stride={stride}, padded picture={padded}"
        )
    return before, after


def unvisited(size, kernel, *, stride=1, padding="valid", dilation=1) -> int:
    """Number of rows or columns at the end of the padded picture that no window reaches: 0 to stride - 1.

    This is what the floor in the formula leaves over; zeros of the border are counted like pixels.
    Raises ValueError as `border` does.
    """
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    cells = output_size(size, kernel, **geometry)
    return sum(border(size, kernel, **geometry)) + size - (cells - 1) * stride - span(kernel, dilation)


def span(kernel, dilation=1) -> int:
    """Number of pixels from the first to the last cell of a kernel whose cells lie `dilation` pixels apart."""
    return dilation * (kernel - 1) + 1


def check_whole(name, value, least=1):
    """Raises ValueError unless value is a whole number of at least `least`; True and False are no numbers."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}. Received: {name}={value!r}")


def check_padding(padding):
    """Raises ValueError unless padding is "valid", "same" or a whole number of at least 0."""
    if isinstance(padding, str):
        known = padding in PADDINGS
    else:
        known = isinstance(padding, Integral) and not isinstance(padding, bool) and padding >= 0
    if not known:
        raise ValueError(
            f'padding must be "valid", "same" or a whole number of at least 0. Received: padding={padding!r}'
        )
