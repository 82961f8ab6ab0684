"""The picture wall: a person's classes as rows of small pictures, to be renamed, thinned out and filled by camera."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.stage.scripts import ASSETS, joined, styles

MOST_FRAMES = 60  # as in assets/stage/picture_wall.js
LARGEST_FRAME = 200_000  # characters of base64: a frame of 320×240 has about 30,000
MOST_SHOWN = 90  # pictures of one class at a time

_mount = st.components.v2.component(
    "picture_wall",
    html='<div class="stage"></div>\n',
    css=styles() + (ASSETS / "picture_wall.css").read_text(encoding="utf-8"),
    js=joined("picture_wall.js"),
)


@dataclass(frozen=True)
class WallClass:
    """One class as the wall shows it. Its name is text; the browser sets it as such."""

    name: str
    count: int
    aside: int  # how many of them were recorded for the test
    first: int  # the place, from 0, of the first that is shown
    shown: tuple[int, ...]  # the numbers of the pictures in the sprite, in its order
    shown_aside: tuple[int, ...]  # those of them that are for the test
    sprite: str  # a data URI: the small pictures, row by row
    columns: int  # of the sprite


@dataclass(frozen=True)
class Deed:
    """What a person did: "add", "rename", "drop", "turn" (over, a class), "delete" (pictures), "frames" (recorded)."""

    kind: str
    name: str = ""  # of the class; the new one of a renamed class
    old: str = ""
    numbers: tuple[int, ...] = ()  # of pictures
    first: int = 0  # the place of the first picture that is to be shown of a class that is turned
    frames: tuple[bytes, ...] = ()  # JPEG files


def deed(key: str) -> Deed | None:
    """What the person has just done on the wall `key`; None where nothing, or what cannot be read."""
    content = st.session_state.get(key, {}).get("deed")
    return read_deed(content) if content else None


def read_deed(content: Any) -> Deed | None:
    """A deed as the browser sent it, checked like any input."""
    try:
        kind = content["kind"]
        if kind == "delete":
            return Deed(kind, numbers=tuple(int(number) for number in content["numbers"]))
        name = str(content["name"])
        if kind == "rename":
            return Deed(kind, name, str(content["old"]))
        if kind == "turn":
            return Deed(kind, name, first=int(content["first"]))
        if kind in ("add", "drop"):
            return Deed(kind, name)
        if kind == "frames":
            frames = content["frames"][:MOST_FRAMES]
            return Deed(kind, name, frames=tuple(_jpeg(frame) for frame in frames))
    except (KeyError, TypeError, ValueError, OverflowError, binascii.Error):
        pass
    return None


def picture_wall(
    key: str,
    classes: Sequence[WallClass],
    *,
    thumb: int,
    revision: int,
    most_classes: int,
    aside: bool = False,
    presenting: bool = False,
) -> None:
    """Draw the wall `key`.

    thumb: pixels a side of a small picture. revision: of the picture set. aside: what is recorded now is for the test.
    """
    data = {
        "classes": [
            {**vars(kind), "shown": list(kind.shown), "shown_aside": list(kind.shown_aside)} for kind in classes
        ],
        "thumb": thumb,
        "revision": revision,
        "most": most_classes,
        "at_once": MOST_SHOWN,
        "aside": aside,
        "presenting": presenting,
    }
    _mount(key=key, data=data, on_deed_change=lambda: None)


def _jpeg(frame: Any) -> bytes:
    if not isinstance(frame, str) or len(frame) > LARGEST_FRAME:
        raise ValueError("A frame is a JPEG in base64.")
    return b64decode(frame, validate=True)
