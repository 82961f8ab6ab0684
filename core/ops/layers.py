"""A layer of several filters over a picture with several channels, in each of the ways to treat the channels.

Throughout: picture (H, W, C), a cube (kh, kw, C) is one filter with a slice for each channel.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.ops.convolution import Convolution, convolve
from core.ops.grouped import depthwise_convolve, grouped_convolve
from core.ops.sizes import output_size
from core.ops.transposed import transposed_convolve, transposed_size

SUMMED, APART, GROUPED, TRANSPOSED = KINDS = ("summed", "apart", "grouped", "transposed")
GROUPS = 2  # of a grouped layer here


def layer_maps(picture, cubes: Sequence[np.ndarray], biases: Sequence[float], kind: str, settings: Convolution):
    """What the layer gives: (H', W', K), or (H', W', K·C) where the channels are kept apart, filter by filter.

    kind: one of KINDS. Of a "grouped" layer's cubes, each filter uses the slices of its own group of channels.
    biases: one for each filter; the maps of one filter share it. The bias of settings is not used.
    Raises ValueError as the operation of this kind does.
    """
    filters = np.stack([np.asarray(cube, dtype=np.float64) for cube in cubes], axis=3)  # (kh, kw, C, K)
    settings = replace(settings, bias=tuple(map(float, biases)))
    if kind == SUMMED:
        return convolve(picture, filters, settings)
    if kind == TRANSPOSED:
        return transposed_convolve(picture, filters, settings)
    if kind == APART:
        apart = [
            depthwise_convolve(picture, filters[..., k], replace(settings, bias=settings.bias[k]))
            for k in range(filters.shape[3])
        ]
        return np.concatenate(apart, axis=2)  # (H', W', K·C)
    return grouped_convolve(picture, in_groups(filters), GROUPS, settings)


def in_groups(filters: np.ndarray) -> np.ndarray:
    """(kh, kw, C, K) with a slice for every channel -> (kh, kw, C / GROUPS, K), each filter's own group of slices.

    Raises ValueError where C or K does not split evenly.
    """
    channels, count = filters.shape[2:]
    if channels % GROUPS or count % GROUPS:
        raise ValueError(
            f"Channels and filters must split evenly into {GROUPS} groups. "
            f"Received: {channels} channels, {count} filters"
        )
    each = channels // GROUPS
    firsts = [k * GROUPS // count * each for k in range(count)]
    return np.stack([filters[:, :, first : first + each, k] for k, first in enumerate(firsts)], axis=3)


def slice_maps(picture, cube, kind: str, settings: Convolution) -> np.ndarray:
    """What each slice adds to the map, (H', W', C): sums of products, before bias and activation."""
    bare = replace(settings, bias=0.0, activation="none")
    if kind != TRANSPOSED:
        return depthwise_convolve(picture, cube, bare)
    picture, cube = np.asarray(picture), np.asarray(cube)
    each = [transposed_convolve(picture[:, :, c], cube[:, :, c], bare) for c in range(picture.shape[2])]
    return np.stack(each, axis=2)


def map_size(size: int, kernel: int, kind: str, settings: Convolution) -> int:
    """Cells of a map along one axis. Raises ValueError as `output_size` and `transposed_size` do."""
    return (transposed_size if kind == TRANSPOSED else output_size)(size, kernel, **settings.geometry)


def parameter_count(kernel: tuple[int, int], channels: int, filters: int, kind: str) -> int:
    """Weights and biases of such a layer in Keras; kept apart, every map has a bias of its own."""
    cells = kernel[0] * kernel[1]
    if kind == APART:
        return (cells + 1) * channels * filters
    return (cells * (channels // GROUPS if kind == GROUPED else channels) + 1) * filters
