"""How a stack of filters and a picture in colour are written in a link."""

import numpy as np

from core.images.colour_names import colour_picture_of, split_drawn_name
from core.ops.colour_filters import COLOUR_FILTERS, named_cube
from core.stage.channels_stage import MOST_FILTERS
from core.ui.fields import CELL, ROW, weight
from core.ui.links import Field

LARGEST_CUBE = 7  # cells on a side
MOST_SLICES = 4
_NUMBER = weight(0.0)


def cubes(default: tuple) -> Field:
    """A stack of filters, each a tuple of slices, each a tuple of rows.

    Written red~3x3x3_1_0_…: a name of core.ops.colour_filters, or rows, columns and slices and then the numbers, slice
    by slice, row by row.
    """

    def read(text: str) -> tuple:
        stack = tuple(_read_cube(part) for part in text.split(ROW))
        if len(stack) > MOST_FILTERS or len({np.shape(cube) for cube in stack}) > 1:
            raise ValueError(f"must be at most {MOST_FILTERS} filters of one shape. Received: {text[:60]!r}")
        return stack

    return Field(default, read, lambda stack: ROW.join(map(_write_cube, stack)))


def biases(default: tuple) -> Field:
    """One number for each filter, written 0_0.5_-1; none where all are 0."""

    def read(text: str) -> tuple:
        return tuple(_NUMBER.read(part) for part in text.split(CELL)[:MOST_FILTERS])

    return Field(default, read, lambda numbers: CELL.join(map(_NUMBER.write, numbers)))


def colour_picture(default: str) -> Field:
    """The name of a picture, see core.images.colour_names."""

    def read(text: str) -> str:
        if split_drawn_name(text) is None:
            colour_picture_of(text)
        return text

    return Field(default, read)


def as_slices(cube: np.ndarray) -> tuple:
    """A filter (kh, kw, C) as the tuple of slices that `cubes` keeps."""
    return tuple(tuple(map(tuple, piece)) for piece in np.moveaxis(cube, 2, 0).tolist())


def as_cube(slices: tuple) -> np.ndarray:
    """What `as_slices` was given."""
    return np.moveaxis(np.array(slices, dtype=np.float64), 0, 2)


def named_slices(*names: str) -> tuple:
    """A stack of filters of the bank."""
    return tuple(as_slices(COLOUR_FILTERS[name].cube) for name in names)


def _read_cube(text: str) -> tuple:
    if text in COLOUR_FILTERS:
        return as_slices(COLOUR_FILTERS[text].cube)
    size, *numbers = text.split(CELL)
    sides = [int(side) if side.isdecimal() and len(side) == 1 else 0 for side in size.split("x")]
    square = len(sides) == 3 and 1 <= sides[0] == sides[1] <= LARGEST_CUBE and 1 <= sides[2] <= MOST_SLICES
    if not square or len(numbers) != sides[0] * sides[1] * sides[2]:
        raise ValueError(f"must be a known filter or a size such as 3x3x3 and its numbers. Received: {text[:60]!r}")
    values = np.array([_NUMBER.read(number) for number in numbers])
    return as_slices(np.moveaxis(values.reshape(sides[2], sides[0], sides[1]), 0, 2))


def _write_cube(slices: tuple) -> str:
    cube = as_cube(slices)
    known = named_cube(cube)
    if known:
        return known.name
    numbers = map(_NUMBER.write, np.moveaxis(cube, 2, 0).ravel().tolist())
    return CELL.join(["x".join(map(str, cube.shape)), *numbers])
