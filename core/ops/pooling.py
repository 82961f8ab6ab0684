"""Pooling: of each window of a map keep one number, the largest or the mean. There is nothing to learn in it.

Throughout: maps (H, W) or (H, W, C), pooled (H', W') or (H', W', C); every channel is pooled by itself. What a "same"
border adds is no number: it can neither win nor count in the mean, as in Keras on its TensorFlow backend.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.ops.arrays import LARGEST_KERNEL, as_picture
from core.ops.sizes import PADDINGS, border, check_whole, output_size

LARGEST_POOL = LARGEST_KERNEL  # cells on a side


@dataclass(frozen=True)
class Pooling:
    """How a window travels over a map.

    Raises ValueError for a size that is no whole number from 1 to 11, a stride that is no whole number of at least 1,
    and a padding that pooling does not know.
    """

    size: int = 2  # cells of the window, down and across
    stride: int = 2  # cells from one window to the next; Keras takes the size where none is given
    padding: str = "valid"  # or "same", as in Keras

    def __post_init__(self):
        check_whole("size", self.size)
        if self.size > LARGEST_POOL:
            raise ValueError(f"A pool has at most {LARGEST_POOL} cells on a side. Received: size={self.size}")
        check_whole("stride", self.stride)
        if not isinstance(self.padding, str) or self.padding not in PADDINGS:
            raise ValueError(f'padding must be "valid" or "same". Received: padding={self.padding!r}')

    @property
    def geometry(self) -> dict:
        """The keyword arguments of the functions in `core.ops.sizes`."""
        return {"stride": self.stride, "padding": self.padding}


def max_pool(maps, settings=Pooling()) -> np.ndarray:
    """The largest number of each window: did anything light up here? Shapes and errors as in `average_pool`."""
    return _windows(maps, settings, outside=-np.inf).max(axis=(-2, -1)).reshape(pooled_shape(np.shape(maps), settings))


def average_pool(maps, settings=Pooling()) -> np.ndarray:
    """The mean of the numbers in each window that lie inside the map, float64.

    maps: (H, W) or (H, W, C), any finite numbers.
    returns: (H', W') or (H', W', C); H' and W' are `core.ops.sizes.output_size` of the pool's size.

    Raises ValueError for other shapes, NaN or infinity, and a pool or stride that does not fit the map.
    """
    sums = _windows(maps, settings, outside=0.0).sum(axis=(-2, -1))  # (H', W', C)
    counts = _windows(np.ones(np.shape(maps)[:2]), settings, outside=0.0).sum(axis=(-2, -1))  # (H', W', 1)
    return (sums / counts).reshape(pooled_shape(np.shape(maps), settings))


POOLS = {"max": max_pool, "average": average_pool}


@dataclass(frozen=True)
class PoolTrace:
    """How one cell of both pooled maps came about. Its numbers stand row by row and only as far as they are inside."""

    rows: tuple[int, ...]  # rows of the map under the window; below 0 or from H on: outside
    columns: tuple[int, ...]  # columns, likewise
    cells: tuple[tuple[int, int], ...]  # the window's cells inside the map
    numbers: tuple[float, ...]  # one for each of cells
    winners: tuple[tuple[int, int], ...]  # the cells that hold the largest number; several where it occurs again
    max: float
    sum: float
    average: float  # sum / len(cells)


def trace_pool(image, settings, row, column) -> PoolTrace:
    """The trace of output cell (row, column). image: (H, W).

    Raises ValueError as `average_pool` does, for a map with channels and for a cell outside the output.
    """
    if np.ndim(image) != 2:
        raise ValueError(f"A trace follows one map (H, W). Received: image of shape {np.shape(image)}")
    numbers = as_picture(image)[:, :, 0]
    _check_cell((row, column), pooled_shape(numbers.shape, settings))
    rows, columns = (_under(place, n, settings) for place, n in zip((row, column), numbers.shape))
    cells = tuple((r, c) for r in rows for c in columns if 0 <= r < numbers.shape[0] and 0 <= c < numbers.shape[1])
    inside = tuple(float(numbers[cell]) for cell in cells)
    return PoolTrace(
        rows=rows,
        columns=columns,
        cells=cells,
        numbers=inside,
        winners=tuple(cell for cell, number in zip(cells, inside) if number == max(inside)),
        max=max(inside),
        sum=sum(inside),
        average=sum(inside) / len(inside),
    )


def pooled_shape(shape, settings) -> tuple[int, ...]:
    """The shape of the pooled map: (H', W', ...) for a map of this shape (H, W, ...).

    Raises ValueError for a pool or stride that does not fit the map.
    """
    try:
        sides = [output_size(n, settings.size, **settings.geometry) for n in shape[:2]]
    except ValueError:
        raise ValueError(
            f"A pool and its stride must fit inside the map, which is {shape[0]}×{shape[1]}. "
            f"Received: size={settings.size}, stride={settings.stride}"
        ) from None
    return (*sides, *shape[2:])


def windows_over(shape, settings, row, column) -> list[tuple[int, int]]:
    """The output cells whose window holds cell (row, column) of the map, row by row; empty where the stride skips it.

    shape: (H, W, ...) of the map. Raises ValueError for a cell outside the map and for a pool that does not fit.
    """
    _check_cell((row, column), shape[:2])
    rows, columns = (
        [place for place in range(places) if position in _under(place, n, settings)]
        for position, n, places in zip((row, column), shape, pooled_shape(shape, settings))
    )
    return [(r, c) for r in rows for c in columns]


def _windows(maps, settings, outside) -> np.ndarray:
    """What each window holds, with `outside` where it lies over the border: (H', W', C, size, size)."""
    maps = as_picture(maps)  # (H, W, C)
    pooled_shape(maps.shape, settings)
    borders = [border(n, settings.size, **settings.geometry) for n in maps.shape[:2]]
    padded = np.pad(maps, [*borders, (0, 0)], constant_values=outside)
    everywhere = sliding_window_view(padded, (settings.size, settings.size), axis=(0, 1))
    return everywhere[:: settings.stride, :: settings.stride]


def _under(place, size, settings) -> tuple[int, ...]:
    """The positions under the window at output position `place`, along one axis."""
    before, _ = border(size, settings.size, **settings.geometry)
    first = place * settings.stride - before
    return tuple(range(first, first + settings.size))


def _check_cell(cell, shape):
    for name, position, size in zip(("row", "column"), cell, shape):
        check_whole(name, position, least=0)
        if position >= size:
            raise ValueError(f"A cell of this map has a {name} from 0 to {size - 1}. Received: {name}={position}")
