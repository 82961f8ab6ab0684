"""The channels stage: a picture in colour, filters that are cubes, their partial maps and the maps they add up to."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from core.ops.colour_filters import COLOUR_FILTERS, with_channels
from core.ops.convolution import Convolution
from core.ops.layers import GROUPED, GROUPS
from core.stage import conversation
from core.stage.convolution_stage import COLOUR_PALETTES, COLOUR_RANGES, MOST_ZOOM
from core.stage.parts import PictureChoice, Traced, packed, unpacked
from core.stage.scripts import ASSETS, joined, styles

MOST_FILTERS = 10  # as in assets/stage/channels_stage.js

_mount = st.components.v2.component(
    "channels_stage",
    html='<div class="stage"></div>\n',
    css=styles() + (ASSETS / "channels_stage.css").read_text(encoding="utf-8"),
    js=joined("channels_stage.js"),
)


@dataclass(frozen=True, eq=False)
class ChannelsScene:
    """What a person edits on the stage."""

    picture: np.ndarray  # (H, W, C) uint8, C is 1 or 3
    picture_key: str  # names the picture among the choices; "own" once it was painted on
    cubes: tuple[np.ndarray, ...]  # 1 to MOST_FILTERS, all of one shape (kh, kw, slices)
    biases: tuple[float, ...]  # one for each cube
    chosen: int = 0  # the filter that is shown
    activation: str = "relu"
    traced: Traced | None = None  # None: the stage picks the place where the map answers most
    zoom: int = 1  # 1 to MOST_ZOOM

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        rows, columns, channels = self.picture.shape
        return {
            "picture": {
                "key": self.picture_key,
                "rows": rows,
                "columns": columns,
                "channels": channels,
                "levels": packed(self.picture),
            },
            "filters": [
                {"cube": np.moveaxis(cube, 2, 0).tolist(), "bias": bias}
                for cube, bias in zip(self.cubes, self.biases, strict=True)
            ],
            "chosen": self.chosen,
            "activation": self.activation,
            "trace": self.traced and self.traced.content(),
            "zoom": self.zoom,
        }

    def with_slices(self, kind: str) -> "ChannelsScene":
        """The scene with as many slices in each cube as a layer of this kind takes from the picture."""
        channels = slices_for(self.picture.shape[2], kind)
        return replace(self, cubes=tuple(with_channels(cube, channels) for cube in self.cubes))


def slices_for(channels: int, kind: str) -> int:
    """How many slices a cube has: one a channel; where a layer works in groups, brightness is a fourth channel."""
    return 4 if kind == GROUPED and channels == 3 else channels


def edited(key: str, scene: ChannelsScene) -> ChannelsScene:
    """scene with all that the person did on the stage `key` since Python last set it.

    What the browser sends is checked like any input; a part that cannot be is left as it was.
    """
    return conversation.taken_in(key, scene, _read)


def channels_stage(
    key: str,
    scene: ChannelsScene,
    kind: str,
    settings: Convolution,
    *,
    palette: str = COLOUR_PALETTES[0],
    colour_range: str = COLOUR_RANGES[0],
    pictures: list[PictureChoice] = (),
    presenting: bool = False,
) -> None:
    """Draw the stage `key`.

    kind: one of core.ops.layers.KINDS. settings: stride, padding and dilation; bias and activation are the scene's.
    pictures: offered above the stage, beside the filters of the bank.
    """
    data = {
        **conversation.answer(key, scene.content()),
        "settings": {**settings.geometry, "flip": False, "kind": kind, "groups": GROUPS},
        "view": {"palette": palette, "range": colour_range},
        "pictures": [{**choice.content(), "channels": choice.picture.shape[2]} for choice in pictures],
        "bank": [
            {"name": f.name, "title": f.title, "cube": np.moveaxis(f.cube, 2, 0).tolist()}
            for f in COLOUR_FILTERS.values()
        ],
        "compact": False,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _read(content: dict[str, Any]) -> dict[str, Any]:
    picture, trace = content["picture"], content["trace"]
    filters = content["filters"][:MOST_FILTERS]
    cubes = tuple(np.moveaxis(np.array(f["cube"], dtype=np.float64), 0, 2) for f in filters)
    if not cubes or len({cube.shape for cube in cubes}) > 1 or not all(np.isfinite(cube).all() for cube in cubes):
        raise ValueError(f"Filters are cubes of finite numbers, all of one shape. Received: filters={filters!r}")
    shape = (int(picture["rows"]), int(picture["columns"]), int(picture["channels"]))
    return {
        "picture": unpacked(picture["levels"], shape),
        "picture_key": str(picture["key"]),
        "cubes": cubes,
        "biases": tuple(float(f["bias"]) for f in filters),
        "chosen": min(max(int(content["chosen"]), 0), len(cubes) - 1),
        "activation": Convolution(activation=content["activation"]).activation,
        "traced": trace and Traced.read(trace),
        "zoom": min(max(int(content["zoom"]), 1), MOST_ZOOM),
    }
