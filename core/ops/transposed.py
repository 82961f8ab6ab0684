"""Transposed convolution: every pixel stamps the kernel, times its own value, on a larger map; stamps add up.

It turns the sizes of a convolution around: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning"
(arXiv:1603.07285), chapter 4. It does not turn the numbers around: it is no inverse.
"""

import numpy as np

from core.ops.activation import ACTIVATIONS
from core.ops.arrays import as_filters, as_picture
from core.ops.convolution import Convolution, check_match, laid_down
from core.ops.sizes import check_padding, check_whole, span


def transposed_size(size, kernel, *, stride=1, padding="valid", dilation=1, extra=0) -> int:
    """Number of output cells along one axis: s · (n − 1) + span − 2p + a, at least 1.

    padding: a number p cuts that many cells off each side. "valid" and "same" are Keras's: "same" gives s · n, "valid"
        cuts nothing off and gives s · n where the kernel is smaller than the stride.
    extra: cells added at the end, less than the stride (Dumoulin & Visin's a, PyTorch's output_padding); only beside a
        padding by number. Several sizes of picture convolve to the same size; this says which one is meant.
    Raises ValueError for arguments that are no whole numbers in these bounds and where nothing would come out.
    """
    return trimmed(size, kernel, stride=stride, padding=padding, dilation=dilation, extra=extra)[1]


def trimmed(size, kernel, *, stride=1, padding="valid", dilation=1, extra=0) -> tuple[int, int]:
    """(cells cut off before, cells that stay) along one axis. Arguments and errors as in `transposed_size`."""
    for name, value in {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}.items():
        check_whole(name, value)
    check_padding(padding)
    check_whole("extra", extra, least=0)
    if extra >= stride or (extra and isinstance(padding, str)):
        raise ValueError(
            "Extra cells are fewer than the stride, and only beside a padding by number. "
            f"Received: extra={extra}, stride={stride}, padding={padding!r}"
        )
    beyond = max(span(kernel, dilation) - stride, 0)
    if padding == "same":
        return beyond // 2, stride * size
    if padding == "valid":
        return 0, stride * size + beyond
    cells = stride * (size - 1) + span(kernel, dilation) - 2 * padding + extra
    if cells < 1:
        raise ValueError(f"The padding cuts away everything. Received: padding={padding}, kernel={kernel}, size={size}")
    return int(padding), cells


def transposed_convolve(image, kernel, settings=Convolution(), *, extra=0) -> np.ndarray:
    """The map that the stamps of all pixels add up to, with bias and activation, float64.

    image: (H, W) or (H, W, C). kernel: (kh, kw) or (kh, kw, C) for one filter, (kh, kw, C, K) for K filters.
    returns: (H', W') for one filter, (H', W', K) for K; H' and W' are `transposed_size`.
    Raises ValueError as `core.ops.convolution.convolve` and `transposed_size` do.
    """
    picture, filters = as_picture(image), as_filters(kernel)  # (H, W, C), (kh, kw, C, K)
    check_match(picture, filters, settings)
    sides = list(zip(picture.shape[:2], filters.shape[:2]))
    rows, columns = (trimmed(n, k, **settings.geometry, extra=extra) for n, k in sides)  # (cut off, kept)
    step, gap = settings.stride, settings.dilation
    reach = [max(step * (n - 1) + span(k, gap), sum(side)) for (n, k), side in zip(sides, (rows, columns))]
    stamps = np.zeros((*reach, filters.shape[3]))
    weights = laid_down(filters, settings)
    height, width = (step * (n - 1) + 1 for n in picture.shape[:2])
    for i in range(filters.shape[0]):
        for j in range(filters.shape[1]):
            top, left = i * gap, j * gap
            stamps[top : top + height : step, left : left + width : step] += picture @ weights[i, j]
    kept = stamps[rows[0] : sum(rows), columns[0] : sum(columns)]  # (H', W', K)
    maps = ACTIVATIONS[settings.activation](kept + np.asarray(settings.bias))
    return maps if np.ndim(kernel) == 4 else maps[:, :, 0]
