"""What all stages pass to the browser and get back: pictures, and the cell whose calculation is pinned."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.images.picture_names import OWN, split_name


@dataclass(frozen=True)
class Traced:
    """The cell whose calculation is pinned: of an output map ("output") or of the picture ("input")."""

    on: str
    row: int
    column: int
    filter: int = 0  # which output map; 0 on the picture

    def content(self) -> dict[str, Any]:
        return {**vars(self), "pinned": True}

    @classmethod
    def read(cls, content: dict[str, Any]) -> "Traced":
        return cls(str(content["on"]), int(content["row"]), int(content["column"]), int(content["filter"]))


@dataclass(frozen=True, eq=False)
class PictureChoice:
    """A small picture to choose on a stage."""

    key: str
    title: str
    picture: np.ndarray  # (H, W) or (H, W, C) uint8

    def content(self) -> dict[str, Any]:
        rows, columns = self.picture.shape[:2]
        return {
            "key": self.key,
            "title": self.title,
            "rows": rows,
            "columns": columns,
            "levels": packed(self.picture),
        }


def known_key(key: str) -> str:
    """The key of a picture as it came from a stage; ValueError where it names none."""
    if key != OWN:
        split_name(key)
    return key


def packed(picture: np.ndarray) -> str:
    """The levels of a uint8 picture, row by row, the channels of a cell together, as the stages take them."""
    return b64encode(picture.tobytes()).decode("ascii")


def unpacked(levels: str, shape: tuple[int, ...]) -> np.ndarray:
    """The uint8 picture of this shape; ValueError where the levels are not that many."""
    return np.frombuffer(b64decode(levels, validate=True), np.uint8).reshape(shape)
