"""Shapes and parameters of a layer over several channels, with the numbers put in; and what adding up hides."""

import numpy as np

from core.explain.output_shape import shape_line
from core.ops.convolution import Convolution
from core.ops.layers import APART, GROUPED, GROUPS, SUMMED, TRANSPOSED, layer_maps, map_size, parameter_count
from core.ops.sizes import span

SEEN = 1e-9  # of a cell, from which it is lit and not the rounding of a sum that should be 0


def size_line(picture: tuple[int, int], kernel: tuple[int, int], kind: str, settings: Convolution) -> str:
    """One line such as "28×28 → 26×26, because …", for a picture and a filter, (rows, columns) each.

    Raises ValueError where nothing comes out.
    """
    if kind != TRANSPOSED:
        return shape_line(picture, kernel, settings)
    cells = [map_size(n, k, kind, settings) for n, k in zip(picture, kernel)]
    return f"{_by(picture)} → {_by(cells)}, because {_stamps(picture[0], kernel[0], cells[0], settings)}"


def parameter_line(kernel: tuple[int, int], channels: int, filters: int, kind: str) -> str:
    """The sum behind the number of parameters, such as "(3·3·3 + 1)·10 = 280"."""
    total = parameter_count(kernel, channels, filters, kind)
    cells = f"{kernel[0]}·{kernel[1]}"
    if kind == APART:
        return f"({cells} + 1)·{channels * filters} = {total:,}"
    return f"({cells}·{channels // GROUPS if kind == GROUPED else channels} + 1)·{filters} = {total:,}"


def conventions(picture: tuple[int, int, int], maps: tuple[int, int, int]) -> tuple[str, str]:
    """The shapes of what goes in and comes out, channels last and channels first. Arguments: (rows, columns, depth)."""
    first = [(depth, rows, columns) for rows, columns, depth in (picture, maps)]
    return f"{_by(picture)} → {_by(maps)}", f"{_by(first[0])} → {_by(first[1])}"


def sum_against_apart(picture: np.ndarray, cube: np.ndarray, bias: float, settings: Convolution) -> str:
    """A sentence on how many cells light up in each map where the channels are kept apart, and in their sum.

    picture: (H, W, C). cube: (kh, kw, C). The bias is the same for each map.
    """
    apart = layer_maps(picture, [cube], [bias], APART, settings)
    summed = layer_maps(picture, [cube], [bias], SUMMED, settings)
    counts = [_lit(apart[:, :, channel]) for channel in range(apart.shape[2])]
    each = ", ".join(map(str, counts[:-1])) + f" and {counts[-1]}" if len(counts) > 1 else str(counts[0])
    return f"Kept apart, {each} cells light up. Added up, {_lit(summed)} of {summed[:, :, 0].size}."


def _lit(values: np.ndarray) -> int:
    return int((np.abs(values) > SEEN).sum())


def _stamps(size: int, kernel: int, cells: int, settings: Convolution) -> str:
    stride, reach = settings.stride, span(kernel, settings.dilation)
    if settings.padding == "same":
        return f"{stride} · {size} = {cells}"
    if settings.padding == "valid":
        missing = f" + {stride - reach}" if stride > reach else ""
        return f"{stride} · ({size} − 1) + {reach}{missing} = {cells}"
    return f"{stride} · ({size} − 1) + {reach} − 2 · {settings.padding} = {cells}"


def _by(shape) -> str:
    return "×".join(map(str, shape))
