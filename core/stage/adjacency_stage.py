"""The adjacency stage: a digit beside the same digit with its pixels in one fixed new order."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.images.shuffling import pixel_order
from core.stage import conversation
from core.stage.parts import PictureChoice, Traced, packed, unpacked
from core.stage.scripts import joined, styles

_mount = st.components.v2.component(
    "adjacency_stage",
    html='<div class="stage"></div>\n',
    css=styles(),
    js=joined("adjacency_stage.js"),
)


@dataclass(frozen=True, eq=False)
class ShuffledDigit:
    """What a person changes on the stage."""

    picture: np.ndarray  # (H, W) uint8, straight
    picture_key: str  # names the picture among the choices; "own" once it was painted on
    traced: Traced | None = None  # a pixel of the straight ("input") or of the shuffled picture ("output")
    another: int = 0  # how often the person asked for digits in another hand

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        rows, columns = self.picture.shape
        return {
            "picture": {"key": self.picture_key, "rows": rows, "columns": columns, "levels": packed(self.picture)},
            "trace": self.traced and self.traced.content(),
            "another": self.another,
        }


def edited(key: str, digit: ShuffledDigit) -> ShuffledDigit:
    """digit with all that the person did on the stage `key` since Python last set it; checked like any input."""
    return conversation.taken_in(key, digit, _read)


def adjacency_stage(
    key: str,
    digit: ShuffledDigit,
    *,
    palette: str,
    pictures: list[PictureChoice] = (),
    another: bool = False,
    presenting: bool = False,
) -> None:
    """Draw the stage `key`; pictures and another as in core.stage.convolution_stage."""
    shapes = {digit.picture.shape, *(choice.picture.shape for choice in pictures)}
    data = {
        **conversation.answer(key, digit.content()),
        "settings": {},
        "view": {"palette": palette},
        "orders": {f"{rows}×{columns}": pixel_order(rows, columns).tolist() for rows, columns in shapes},
        "digits": [choice.content() for choice in pictures],
        "another": another,
        "compact": False,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _read(content: dict[str, Any]) -> dict[str, Any]:
    picture, trace = content["picture"], content["trace"]
    return {
        "picture": unpacked(picture["levels"], (int(picture["rows"]), int(picture["columns"]))),
        "picture_key": str(picture["key"]),
        "traced": trace and Traced.read(trace),
        "another": int(content["another"]),
    }
