"""The convolution stage: a picture, one or two filters and their feature maps, alive under the person's hand."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.images.picture_names import OWN, split_name
from core.ops.arrays import as_filters
from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK
from core.stage import conversation
from core.stage.parts import PictureChoice, Traced, packed, unpacked
from core.stage.scripts import joined, styles

COLOUR_PALETTES = ("red-blue", "orange-blue")
COLOUR_RANGES = ("map", "fixed")  # full colour at the map's own largest number, or always at FIXED_RANGE
FIXED_RANGE = 3.0  # as in assets/stage/convolution_stage.js: three fully lit pixels under weights of one
MOST_ZOOM = 4

_mount = st.components.v2.component(
    "convolution_stage",
    html='<div class="stage"></div>\n',
    css=styles(),
    js=joined("convolution_stage.js"),
)


@dataclass(frozen=True, eq=False)
class Scene:
    """What a person edits on the stage."""

    picture: np.ndarray  # (H, W) uint8, 0 to 255; shown as 0 to 1
    picture_key: str  # names the picture among the choices; "own" once it was painted on
    kernels: tuple[np.ndarray, ...]  # one or two, (kh, kw)
    biases: tuple[float, ...]  # one for each kernel
    activation: str = "relu"
    traced: Traced | None = None  # None: the stage picks the place where the map answers most
    zoom: int = 1  # 1 to MOST_ZOOM
    another: int = 0  # how often the person asked for digits in another hand

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        rows, columns = self.picture.shape
        return {
            "picture": {
                "key": self.picture_key,
                "rows": rows,
                "columns": columns,
                "levels": packed(self.picture),
            },
            "filters": [
                {"kernel": kernel.tolist(), "bias": bias}
                for kernel, bias in zip(self.kernels, self.biases, strict=True)
            ],
            "activation": self.activation,
            "trace": self.traced and self.traced.content(),
            "zoom": self.zoom,
            "another": self.another,
        }


def edited(key: str, scene: Scene) -> Scene:
    """scene with all that the person did on the stage `key` since Python last set it.

    What the browser sends is checked like any input; a part that cannot be is left as it was.
    """
    return conversation.taken_in(key, scene, _read)


def convolution_stage(
    key: str,
    scene: Scene,
    settings: Convolution,
    *,
    palette: str = COLOUR_PALETTES[0],
    colour_range: str = COLOUR_RANGES[0],
    pictures: list[PictureChoice] = (),
    another: bool = False,
    compact: bool = False,
    presenting: bool = False,
) -> None:
    """Draw the stage `key`.

    settings: stride, padding, dilation and flip; its bias and activation are the scene's.
    pictures: offered above the stage, with the button "Another hand" if `another`.
    compact: only the board, the sum and the walk, which starts by itself.
    """
    data = {
        **conversation.answer(key, scene.content()),
        "settings": {**settings.geometry, "flip": settings.flip},
        "view": {"palette": palette, "range": colour_range},
        "digits": [choice.content() for choice in pictures],
        "presets": [{"name": f.name, "title": f.title, "kernel": f.kernel.tolist()} for f in FILTER_BANK.values()],
        "another": another,
        "compact": compact,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _read(content: dict[str, Any]) -> dict[str, Any]:
    picture, trace, filters = content["picture"], content["trace"], content["filters"][:2]
    kernels = tuple(np.array(f["kernel"], dtype=np.float64) for f in filters)
    if not kernels or any(kernel.ndim != 2 for kernel in kernels):
        raise ValueError(f"A stage has one or two filters, each a grid of numbers. Received: filters={filters!r}")
    for kernel in kernels:
        as_filters(kernel)
    if picture["key"] != OWN:
        split_name(picture["key"])
    return {
        "picture": unpacked(picture["levels"], (int(picture["rows"]), int(picture["columns"]))),
        "picture_key": picture["key"],
        "kernels": kernels,
        "biases": tuple(float(f["bias"]) for f in filters),
        "activation": Convolution(activation=content["activation"]).activation,
        "traced": trace and Traced.read(trace),
        "zoom": min(max(int(content["zoom"]), 1), MOST_ZOOM),
        "another": int(content["another"]),
    }
