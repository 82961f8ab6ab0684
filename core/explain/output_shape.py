"""Where the size of a feature map comes from, with the numbers put in."""

from core.ops.convolution import Convolution
from core.ops.pooling import Pooling
from core.ops.sizes import border, output_size, span, unvisited


def shape_line(shape: tuple[int, int], kernel: tuple[int, int], settings: Convolution | Pooling) -> str:
    """One line such as "28×28 → 26×26, because ⌊(28 + 0 − 3) / 1⌋ + 1 = 26", for a picture and a filter,
    or a map and a pool.

    shape, kernel: (rows, columns). Where rows and columns differ, both calculations are written.
    Raises ValueError as core.ops.sizes.output_size does.
    """
    cells = [output_size(n, k, **settings.geometry) for n, k in zip(shape, kernel)]
    sums = []
    for n, k, out in zip(shape, kernel, cells):
        zeros = sum(border(n, k, **settings.geometry))
        spanned = span(k, settings.geometry.get("dilation", 1))
        sums.append(f"⌊({n} + {zeros} − {spanned}) / {settings.stride}⌋ + 1 = {out}")
    reason = sums[0] if sums[0] == sums[1] else f"{sums[0]} rows and {sums[1]} columns"
    return f"{shape[0]}×{shape[1]} → {cells[0]}×{cells[1]}, because {reason}"


def left_over(shape: tuple[int, int], kernel: tuple[int, int], settings: Convolution | Pooling) -> str:
    """A line on the rows and columns that the stride never reaches; "" when it fits. Arguments as in shape_line."""
    counts = [unvisited(n, k, **settings.geometry) for n, k in zip(shape, kernel)]
    parts = [f"{count} {name}{'s' if count > 1 else ''}" for count, name in zip(counts, ("row", "column")) if count]
    if not parts:
        return ""
    padded = any(border(n, k, **settings.geometry) != (0, 0) for n, k in zip(shape, kernel))
    where = f" of the padded {'map' if isinstance(settings, Pooling) else 'picture'}" if padded else ""
    return f"Stride {settings.stride} does not fit: the last {' and '.join(parts)}{where} are never seen."
