"""How the things that lessons share are written in a link: pictures, filters, a pinned cell."""

import re

import numpy as np

from core.images.picture_names import OWN, picture_of, split_name
from core.ops.arrays import LARGEST_KERNEL
from core.stage.parts import Traced
from core.ui.links import Field

LARGEST_WEIGHT = 100.0  # as in assets/stage/number_field.js
# Cells and rows of a filter are parted by characters that stay as they are in a link.
CELL, ROW = "_", "~"


def picture(default: str) -> Field:
    """The name of a picture, see core.images.picture_names."""

    def read(text: str) -> str:
        if split_name(text) is None:
            picture_of(text)
        return text

    return Field(default, read)


def weight(default: float) -> Field:
    """A number such as a bias, from −100 to 100."""
    return Field(default, _number, _short)


def kernel(default: tuple | None) -> Field:
    """A filter, as a tuple of rows; None where there may be none. Written 1_1_1~0_0_0~-1_-1_-1."""

    def read(text: str) -> tuple:
        rows = tuple(tuple(_number(cell) for cell in row.split(CELL)) for row in text.split(ROW))
        if len({len(row) for row in rows}) > 1 or max(len(rows), len(rows[0])) > LARGEST_KERNEL:
            raise ValueError(f"must have rows of equal length, at most {LARGEST_KERNEL}. Received: {text[:60]!r}")
        return rows

    return Field(default, read, lambda rows: ROW.join(CELL.join(map(_short, row)) for row in rows))


def traced(default: Traced | None = None) -> Field:
    """The pinned cell: out_row_column, out2_row_column on the second map, in_row_column on the picture; from 0."""

    def read(text: str) -> Traced:
        match = re.fullmatch(r"(out|out2|in)_(\d{1,4})_(\d{1,4})", text, re.ASCII)
        if not match:
            raise ValueError(f"must be a cell such as out_4_12, out2_4_12 or in_4_12. Received: {text[:40]!r}")
        where, row, column = match[1], int(match[2]), int(match[3])
        return Traced("input" if where == "in" else "output", row, column, int(where == "out2"))

    def write(cell: Traced) -> str:
        where = "in" if cell.on == "input" else ("out", "out2")[cell.filter]
        return f"{where}_{cell.row}_{cell.column}"

    return Field(default, read, write)


def move(default: tuple[int, int], most: int) -> Field:
    """How far a picture was moved, in cells down and right; negative: up and left. Written 3_-6."""

    def read(text: str) -> tuple[int, int]:
        match = re.fullmatch(r"(-?\d{1,3})_(-?\d{1,3})", text)
        if not match or max(abs(int(match[1])), abs(int(match[2]))) > most:
            raise ValueError(f"must be cells down and right such as 3_-6, at most {most}. Received: {text[:40]!r}")
        return int(match[1]), int(match[2])

    return Field(default, read, lambda cells: CELL.join(map(str, cells)))


def as_rows(array: np.ndarray) -> tuple:
    """A filter as the tuple of rows that `kernel` keeps."""
    return tuple(map(tuple, array.tolist()))


def is_own(name: str) -> bool:
    """Whether a picture's name stands for a picture of the person's own."""
    return name.startswith(f"{OWN}.")


def _number(text: str) -> float:
    if (
        not re.fullmatch(r"-?(\d{1,6}(\.\d{1,12})?|\.\d{1,12})(e-\d{1,2})?", text, re.ASCII)
        or abs(float(text)) > LARGEST_WEIGHT
    ):
        raise ValueError(f"must be numbers from −{LARGEST_WEIGHT:g} to {LARGEST_WEIGHT:g}. Received: {text[:40]!r}")
    return float(text)


def _short(value: float) -> str:
    return f"{value:.10g}"
