"""Where one number comes from and where it goes: the trace of an output cell and of an input cell.

A cell is (row, column), counted from 0 at the top left.
"""

from dataclasses import dataclass

import numpy as np

from core.ops.activation import ACTIVATIONS
from core.ops.arrays import as_filters, as_picture
from core.ops.convolution import check_match, laid_down, windows
from core.ops.sizes import border, check_whole, output_size


@dataclass(frozen=True, eq=False)
class CellTrace:
    """How one output cell came about. Arrays have the kernel's shape, (kh, kw) or (kh, kw, C)."""

    rows: tuple[int, ...]  # kh picture rows under the kernel; below 0 or from H on: a row of the border's zeros
    columns: tuple[int, ...]  # kw picture columns, likewise
    pixels: np.ndarray  # what the window holds, zeros of the border included
    weights: np.ndarray  # the kernel as it was laid on the picture, after `flip`
    products: np.ndarray  # pixels * weights
    sum: float  # of all products
    before: float  # sum + bias
    after: float  # the activation of `before`: the output cell's number


def trace_output(image, kernel, settings, row, column) -> CellTrace:
    """The trace of output cell (row, column) of one filter.

    image: (H, W) or (H, W, C). kernel: (kh, kw) or (kh, kw, C).
    Raises ValueError as `core.ops.convolution.convolve` does, for more than one filter, and for a cell outside the
    output.
    """
    picture, filters = as_picture(image), as_filters(kernel)  # (H, W, C), (kh, kw, C, K)
    check_match(picture, filters, settings)
    if np.ndim(kernel) == 4:
        raise ValueError(f"A trace follows one filter. Received: kernel of shape {np.shape(kernel)}")
    _check_cell("output", (row, column), _output_shape(picture.shape, filters.shape, settings))

    window = windows(picture, filters.shape[:2], settings)[row, column]  # (C, kh, kw)
    pixels = np.moveaxis(window, 0, 2).reshape(np.shape(kernel))
    weights = laid_down(filters, settings).reshape(np.shape(kernel))
    products = pixels * weights + 0.0  # a product of -0.0 would be shown with its sign
    before = products.sum() + np.asarray(settings.bias).item()
    return CellTrace(
        rows=_under_kernel(row, picture.shape[0], filters.shape[0], settings),
        columns=_under_kernel(column, picture.shape[1], filters.shape[1], settings),
        pixels=pixels,
        weights=weights,
        products=products,
        sum=float(products.sum()),
        before=float(before),
        after=float(ACTIVATIONS[settings.activation](before)),
    )


def outputs_fed_by(shape, kernel_shape, settings, row, column) -> list[tuple[int, int]]:
    """The output cells whose window holds picture cell (row, column), row by row; empty where the stride skips it.

    shape: (H, W, ...) of the picture. kernel_shape: (kh, kw, ...).
    Raises ValueError for a cell outside the picture and for a kernel or stride that does not fit.
    """
    _check_cell("picture", (row, column), shape[:2])
    rows, columns = (
        [
            place
            for place in range(output_size(size, kernel, **settings.geometry))
            if position in _under_kernel(place, size, kernel, settings)
        ]
        for position, size, kernel in zip((row, column), shape, kernel_shape)
    )
    return [(r, c) for r in rows for c in columns]


def _under_kernel(place, size, kernel, settings) -> tuple[int, ...]:
    """The picture positions under each kernel cell when the kernel lies at output position `place`, along one axis."""
    before, _ = border(size, kernel, **settings.geometry)
    first = place * settings.stride - before
    return tuple(first + cell * settings.dilation for cell in range(kernel))


def _output_shape(shape, kernel_shape, settings) -> tuple[int, ...]:
    return tuple(output_size(n, k, **settings.geometry) for n, k in zip(shape[:2], kernel_shape[:2]))


def _check_cell(where, cell, shape):
    for name, position, size in zip(("row", "column"), cell, shape):
        check_whole(name, position, least=0)
        if position >= size:
            raise ValueError(f"A cell of the {where} has a {name} from 0 to {size - 1}. Received: {name}={position}")
