"""Which pixels a cell of a deep layer depends on, along one axis.

Every window layer (a convolution, a pool) looks at `kernel` cells of the layer before, moves on by `stride` and has
`before` zeros in front of its first cell. Followed from the picture on, with k, s, b of each layer:

    size  -> size + (k - 1) * step         how many pixels from the first to the last
    start -> start - b * step              the first pixel of cell 0; below 0 it lies in the padding
    step  -> step * s                      pixels from one cell to the next

This is the recurrence of Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks" (2019).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.ops.sizes import border, output_size


@dataclass(frozen=True)
class Window:
    """How one layer looks at the layer before it, along one axis."""

    kernel: int  # cells of a window
    stride: int  # cells from one window to the next
    before: int  # zeros in front of the first cell
    size: int  # cells of the layer before, without zeros

    def cells(self, outputs: Iterable[int]) -> frozenset[int]:
        """The cells of the layer before that these output cells look at; zeros of the border are none."""
        return frozenset(
            cell
            for output in outputs
            for cell in range(output * self.stride - self.before, output * self.stride - self.before + self.kernel)
            if 0 <= cell < self.size
        )


@dataclass(frozen=True)
class Field:
    """The pixels that cell i of a layer spans: `size` of them from `start + i * step` on, padding included."""

    size: int = 1
    step: int = 1
    start: int = 0

    def after(self, window: Window) -> "Field":
        """The field of a layer that looks through `window` at the layer with this field."""
        return Field(
            size=self.size + (window.kernel - 1) * self.step,
            step=self.step * window.stride,
            start=self.start - window.before * self.step,
        )

    def span(self, cell: int) -> tuple[int, int]:
        """(first, last) pixel of a cell, padding included."""
        first = self.start + cell * self.step
        return first, first + self.size - 1


def window(size: int, kernel: int, *, stride=1, padding="valid") -> Window:
    """The window of a layer on `size` cells. Raises ValueError as `core.ops.sizes.border` does."""
    before, _ = border(size, kernel, stride=stride, padding=padding)
    return Window(kernel, stride, before, size)


def whole(size: int) -> Window:
    """The window of a layer that looks at all `size` cells at once."""
    return Window(kernel=size, stride=1, before=0, size=size)


def joined(fields: Sequence[Field]) -> Field:
    """The field of a cell that adds up several paths with one step."""
    start = min(field.start for field in fields)
    end = max(field.start + field.size for field in fields)
    return Field(size=end - start, step=fields[0].step, start=start)


def field_through(field: Field, paths: Sequence[Sequence[Window]]) -> Field:
    """The field after a layer whose paths, each a chain of windows, are added up."""
    ends = []
    for path in paths:
        end = field
        for step in path:
            end = end.after(step)
        ends.append(end)
    return joined(ends)


def cells_before(outputs: Iterable[int], paths: Sequence[Sequence[Window]]) -> frozenset[int]:
    """The cells before a layer that its cells `outputs` depend on, over all of its paths."""
    wanted = frozenset(outputs)
    found = frozenset()
    for path in paths:
        cells = wanted
        for step in reversed(path):
            cells = step.cells(cells)
        found |= cells
    return found


def size_through(size: int, path: Sequence[tuple[int, int, object]]) -> tuple[int, tuple[Window, ...]]:
    """(cells that come out, windows) of a chain of layers (kernel, stride, padding) on `size` cells."""
    windows = []
    for kernel, stride, padding in path:
        windows.append(window(size, kernel, stride=stride, padding=padding))
        size = output_size(size, kernel, stride=stride, padding=padding)
    return size, tuple(windows)
