"""A convolution as a dense layer would write it: one big matrix, mostly zeros, the same few weights in each row."""

import numpy as np

from core.ops.arrays import as_filters
from core.ops.convolution import Convolution, laid_down, windows

NO_WEIGHT = -1


def dense_matrix(kernel, shape, settings=Convolution()) -> np.ndarray:
    """The matrix M (H'·W', H·W) with M @ picture.ravel() = the sums of the convolution, row by row, without bias.

    kernel: (kh, kw). shape: (H, W) of the picture. settings: its geometry and flip count.
    Raises ValueError as `core.ops.convolution.convolve` does.
    """
    weights = laid_down(as_filters(kernel), settings)[:, :, 0, 0].ravel()  # (kh * kw)
    which = weight_places(np.shape(kernel), shape, settings)
    return np.where(which == NO_WEIGHT, 0.0, weights[which])


def weight_places(kernel_shape, shape, settings=Convolution()) -> np.ndarray:
    """Which weight stands where in the matrix: its number in the laid-down kernel, row by row, or NO_WEIGHT.

    kernel_shape: (kh, kw). shape: (H, W) of the picture. returns: int (H'·W', H·W).
    """
    pixels = np.arange(1, shape[0] * shape[1] + 1).reshape(*shape, 1)  # 0 is left for the zeros of a border
    under = windows(pixels, kernel_shape, settings)  # (H', W', 1, kh, kw): the pixel under each weight
    under = under.reshape(-1, kernel_shape[0] * kernel_shape[1])  # (H' * W', kh * kw)
    which = np.full((len(under), pixels.size + 1), NO_WEIGHT)
    np.put_along_axis(which, under, np.arange(under.shape[1]), axis=1)
    return which[:, 1:]
