"""The stack stage: eight feature maps pooled slice by slice, or only the sizes of a block that is pooled again."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK
from core.ops.pooling import POOLS, Pooling
from core.stage import conversation
from core.stage.parts import PictureChoice, Traced, known_key, packed, unpacked
from core.stage.scripts import joined, styles

SHOWN = ("maps", "sizes")
KINDS = tuple(POOLS)
BLOCK = (224, 224, 64)  # the block whose sizes are walked: the lecture's
MOST_POOLINGS = 7
CONVOLUTION = Convolution(padding="same")  # what makes the maps as large as the picture
FILTERS = tuple(
    FILTER_BANK[name]
    for name in (
        "horizontal",
        "vertical",
        "diagonal-falling",
        "diagonal-rising",
        "outline",
        "laplacian",
        "emboss",
        "box-blur",
    )
)

_mount = st.components.v2.component(
    "stack_stage", html='<div class="stage"></div>\n', css=styles(), js=joined("stack_stage.js")
)


@dataclass(frozen=True, eq=False)
class Scene:
    """What a person edits on the stage."""

    shown: str  # one of SHOWN
    kind: str  # one of KINDS
    picture: np.ndarray  # (H, W) uint8
    picture_key: str  # names the picture among the choices
    poolings: int = 1  # how often the block of sizes was pooled
    traced: Traced | None = None  # its filter is the slice
    another: int = 0  # how often the person asked for digits in another hand

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        rows, columns = self.picture.shape
        return {
            "shown": self.shown,
            "kind": self.kind,
            "picture": {"key": self.picture_key, "rows": rows, "columns": columns, "levels": packed(self.picture)},
            "poolings": self.poolings,
            "trace": self.traced and self.traced.content(),
            "another": self.another,
        }


def edited(key: str, scene: Scene) -> Scene:
    """scene with all that the person did on the stage `key` since Python last set it; checked like any input."""
    return conversation.taken_in(key, scene, _read)


def stack_stage(
    key: str, scene: Scene, pooling: Pooling, *, palette: str, pictures: list[PictureChoice], presenting: bool = False
) -> None:
    """Draw the stage `key`. pictures: offered above it, with the button "Another hand"."""
    data = {
        **conversation.answer(key, scene.content()),
        "settings": {
            "pool": {"size": pooling.size, **pooling.geometry},
            "convolution": {**CONVOLUTION.geometry, "flip": False, "activation": CONVOLUTION.activation},
        },
        "view": {"palette": palette},
        "digits": [choice.content() for choice in pictures],
        "presets": [{"name": f.name, "title": f.title, "kernel": f.kernel.tolist()} for f in FILTERS],
        "block": list(BLOCK),
        "compact": False,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _of_a_slice(cell: Traced) -> Traced:
    if cell.filter not in range(len(FILTERS)):
        raise ValueError(f"There are {len(FILTERS)} slices. Received: filter={cell.filter}")
    return cell


def _read(content: dict[str, Any]) -> dict[str, Any]:
    picture, trace = content["picture"], content["trace"]
    if content["shown"] not in SHOWN or content["kind"] not in KINDS:
        raise ValueError(f"shown or kind is unknown. Received: shown={content['shown']!r}, kind={content['kind']!r}")
    return {
        "shown": content["shown"],
        "kind": content["kind"],
        "picture": unpacked(picture["levels"], (int(picture["rows"]), int(picture["columns"]))),
        "picture_key": known_key(picture["key"]),
        "poolings": min(max(int(content["poolings"]), 0), MOST_POOLINGS),
        "traced": trace and _of_a_slice(Traced.read(trace)),
        "another": int(content["another"]),
    }
