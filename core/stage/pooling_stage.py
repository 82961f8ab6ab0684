"""The two stages about pooling one map: window by window, and what is left of a stroke's place when it moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.explain.moving import REACH
from core.ops.arrays import LARGEST_KERNEL
from core.ops.convolution import Convolution
from core.ops.filter_bank import Filter
from core.ops.pooling import Pooling
from core.stage import conversation
from core.stage.parts import PictureChoice, Traced, known_key, packed, unpacked
from core.stage.scripts import joined, styles

SOURCES = ("numbers", "picture", "map")  # what is pooled: the matrix, the picture, or the picture's feature map

_HTML = '<div class="stage"></div>\n'
_pooling = st.components.v2.component("pooling_stage", html=_HTML, css=styles(), js=joined("pooling_stage.js"))
_moving = st.components.v2.component("moving_stage", html=_HTML, css=styles(), js=joined("moving_stage.js"))


@dataclass(frozen=True, eq=False)
class Scene:
    """What a person edits on the two stages."""

    source: str  # one of SOURCES; the moving stage knows no numbers
    numbers: np.ndarray  # (H, W)
    picture: np.ndarray  # (H, W) uint8, 0 to 255; shown as 0 to 1
    picture_key: str  # names the picture among the choices; "own" once it was painted on
    kernel: np.ndarray  # (kh, kw), what makes the feature map
    bias: float = 0.0
    traced: Traced | None = None  # None: the stage picks a place
    another: int = 0  # how often the person asked for digits in another hand
    shift: tuple[int, int] = (0, 0)  # how far the picture was moved down and right

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        rows, columns = self.picture.shape
        return {
            "source": self.source,
            "numbers": self.numbers.tolist(),
            "picture": {"key": self.picture_key, "rows": rows, "columns": columns, "levels": packed(self.picture)},
            "filter": {"kernel": self.kernel.tolist(), "bias": self.bias},
            "trace": self.traced and self.traced.content(),
            "another": self.another,
            "shift": {"down": self.shift[0], "right": self.shift[1]},
        }


def edited(key: str, scene: Scene) -> Scene:
    """scene with all that the person did on the stage `key` since Python last set it; checked like any input."""
    return conversation.taken_in(key, scene, _read)


def pooling_stage(key: str, scene: Scene, pooling: Pooling, convolution: Convolution, **view: Any) -> None:
    """Draw the stage that pools window by window. view: as in `_data`."""
    _show(_pooling, key, _data(key, scene, pooling, convolution, **view))


def moving_stage(key: str, scene: Scene, pooling: Pooling, convolution: Convolution, **view: Any) -> None:
    """Draw the stage on which a stroke is moved. view: as in `_data`."""
    _show(_moving, key, _data(key, scene, pooling, convolution, **view))


def _show(mount: Any, key: str, data: dict[str, Any]) -> None:
    mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _data(
    key: str,
    scene: Scene,
    pooling: Pooling,
    convolution: Convolution,
    *,
    palette: str,
    pictures: Iterable[PictureChoice],
    filters: Iterable[Filter],
    another: bool = False,
    presenting: bool = False,
) -> dict[str, Any]:
    """What the browser's half gets. pictures, filters: to choose from; another: with the button "Another hand"."""
    return {
        **conversation.answer(key, scene.content()),
        "settings": {
            "pool": {"size": pooling.size, **pooling.geometry},
            "convolution": {**convolution.geometry, "flip": convolution.flip, "activation": convolution.activation},
        },
        "view": {"palette": palette},
        "digits": [choice.content() for choice in pictures],
        "presets": [{"name": f.name, "title": f.title, "kernel": f.kernel.tolist()} for f in filters],
        "another": another,
        "compact": False,
        "presenting": presenting,
    }


def _read(content: dict[str, Any]) -> dict[str, Any]:
    picture, trace, shift = content["picture"], content["trace"], content["shift"]
    if content["source"] not in SOURCES:
        raise ValueError(f"source must be one of {', '.join(SOURCES)}. Received: source={content['source']!r}")
    return {
        "source": content["source"],
        "numbers": _grid("numbers", content["numbers"]),
        "picture": unpacked(picture["levels"], (int(picture["rows"]), int(picture["columns"]))),
        "picture_key": known_key(picture["key"]),
        "kernel": _grid("kernel", content["filter"]["kernel"]),
        "bias": float(content["filter"]["bias"]),
        "traced": trace and Traced.read(trace),
        "another": int(content["another"]),
        "shift": tuple(min(max(int(shift[way]), -REACH), REACH) for way in ("down", "right")),
    }


def _grid(name: str, rows: Any) -> np.ndarray:
    grid = np.array(rows, dtype=np.float64)
    if grid.ndim != 2 or not grid.size or max(grid.shape) > LARGEST_KERNEL or not np.isfinite(grid).all():
        raise ValueError(f"{name} must be a small grid of finite numbers. Received: {name}={rows!r}")
    return grid
