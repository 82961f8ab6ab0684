"""The verdict board: the verdict in words for the last row, how sure it is, and the heat map that says why."""

import io
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from core.stage.scripts import ASSETS, joined, styles

SMALL = 288  # pixels of the wider side of the picture under the heat map
PERMISSIONS = ("granted", "denied", "prompt", "unknown")

_mount = st.components.v2.component(
    "verdict_board",
    html='<div class="stage verdict" role="group" aria-label="Verdict board"></div>\n',
    css=styles() + (ASSETS / "verdict_board.css").read_text(encoding="utf-8"),
    js=joined("verdict_board.js"),
)


@dataclass(frozen=True)
class Box:
    """A part of a picture, in shares of its width and height."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


@dataclass(frozen=True, eq=False)
class Heat:
    """Where a picture speaks for a class."""

    picture: np.ndarray  # (H, W, 3) uint8
    levels: np.ndarray | None  # (h, w) from 0 to 1; None: the picture alone
    box: Box = Box()  # the part of the picture that the levels lie on


@dataclass(frozen=True)
class Trouble:
    """What keeps the camera from being seen, and what to do about it."""

    kind: str  # "server", "https", "camera", "permission", "network"
    what: str
    help: str


@dataclass(frozen=True, eq=False)
class Board:
    """What stands on the board."""

    words: str  # the verdict
    below: str = ""  # one line under it
    sure: bool = True  # False: in paler ink
    bars: tuple[tuple[str, float], ...] = ()  # (class, probability), the likeliest first
    winner: int | None = None  # which bar is lit
    numbers: str = ""  # frames per second and such
    heat: Heat | None = None
    caption: str = ""  # under the heat map
    trouble: Trouble | None = None


@dataclass(frozen=True)
class CameraFacts:
    """What the browser says about cameras on this page."""

    secure: bool = True  # False: not HTTPS and not this computer, so that no browser gives a camera
    cameras: int | None = None  # how many it sees; None while it has not said
    permission: str = field(default="unknown")  # one of PERMISSIONS


def camera_facts(key: str) -> CameraFacts:
    """What the board `key` has found out about cameras so far."""
    found = st.session_state.get(key, {}).get("camera")
    try:
        cameras, permission = found["cameras"], found["permission"]
        return CameraFacts(
            bool(found["secure"]),
            None if cameras is None else int(cameras),
            permission if permission in PERMISSIONS else "unknown",
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return CameraFacts()


def verdict_board(
    key: str,
    content: dict[str, Any],
    *,
    moves: str,
    mirrored: bool = False,
    facing: str = "user",
    presenting: bool = False,
) -> None:
    """Draw the board `key`.

    content: as `content` makes it. moves: the address of a feed with newer ones, asked while the newest is "moving".
    facing: which camera of a phone is wanted, "user" or "environment".
    """
    data = {"content": content, "moves": moves, "mirrored": mirrored, "facing": facing, "presenting": presenting}
    _mount(key=key, data=data, default={"camera": None}, on_camera_change=lambda: None)


def content(board: Board) -> dict[str, Any]:
    """What the browser gets of a board, as JSON takes it."""
    return {
        "words": board.words,
        "below": board.below,
        "sure": board.sure,
        "bars": [{"name": name, "share": round(float(share), 4)} for name, share in board.bars],
        "winner": board.winner,
        "numbers": board.numbers,
        "picture": board.heat and _jpeg(board.heat.picture),
        "heat": board.heat and _levels(board.heat),
        "caption": board.caption,
        "trouble": board.trouble and vars(board.trouble),
    }


def _levels(heat: Heat) -> dict[str, Any] | None:
    if heat.levels is None:
        return None
    rows, columns = heat.levels.shape
    levels = np.rint(np.clip(heat.levels, 0, 1) * 255).astype(np.uint8)
    return {
        "rows": rows,
        "columns": columns,
        "levels": b64encode(levels.tobytes()).decode("ascii"),
        "box": vars(heat.box),
    }


def _jpeg(picture: np.ndarray) -> str:
    """A small copy as a data link."""
    image = Image.fromarray(picture)
    image.thumbnail((SMALL, SMALL))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{b64encode(stream.getvalue()).decode('ascii')}"
