"""The translation stage: a digit that is dragged over a field, seen by one dense unit and by one filter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.explain.translation import clamped
from core.stage import conversation
from core.stage.parts import PictureChoice, packed, unpacked
from core.stage.scripts import joined, styles

_mount = st.components.v2.component(
    "translation_stage",
    html='<div class="stage"></div>\n',
    css=styles(),
    js=joined("translation_stage.js"),
)


@dataclass(frozen=True, eq=False)
class MovedDigit:
    """What a person changes on the stage."""

    picture: np.ndarray  # (H, W) uint8
    picture_key: str  # names the picture among the choices
    move: tuple[int, int] = (0, 0)  # cells down and right of the start
    another: int = 0  # how often the person asked for digits in another hand

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        rows, columns = self.picture.shape
        picture = {"key": self.picture_key, "rows": rows, "columns": columns, "levels": packed(self.picture)}
        move = list(clamped(self.picture, self.move))
        return {"picture": picture, "move": move, "another": self.another, "trace": None}


def edited(key: str, digit: MovedDigit) -> MovedDigit:
    """digit with all that the person did on the stage `key` since Python last set it; checked like any input."""
    return conversation.taken_in(key, digit, _read)


def translation_stage(
    key: str,
    digit: MovedDigit,
    *,
    palette: str,
    pictures: list[PictureChoice] = (),
    another: bool = False,
    presenting: bool = False,
) -> None:
    """Draw the stage `key`; pictures and another as in core.stage.convolution_stage."""
    data = {
        **conversation.answer(key, digit.content()),
        "settings": {},
        "view": {"palette": palette},
        "digits": [choice.content() for choice in pictures],
        "another": another,
        "compact": False,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _read(content: dict[str, Any]) -> dict[str, Any]:
    picture = content["picture"]
    levels = unpacked(picture["levels"], (int(picture["rows"]), int(picture["columns"])))
    down, right = map(int, content["move"])
    return {
        "picture": levels,
        "picture_key": str(picture["key"]),
        "move": clamped(levels, (down, right)),
        "another": int(content["another"]),
    }
