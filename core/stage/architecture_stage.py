"""The architecture stage: a network built from blocks, its table, its drawing to scale, and what a cell of it sees."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from typing import Any

import streamlit as st

from core.nets import codec, layers
from core.nets.layer import LARGEST_WINDOW
from core.nets.layers import ACTIVATIONS, FLIPS, LAYERS, MOST_FILTERS, MOST_UNITS
from core.nets.network import MOST_LAYERS, Network
from core.nets.presets import Preset
from core.stage import conversation
from core.stage.parts import PictureChoice
from core.stage.scripts import ASSETS, joined, styles

SHAPES = ((28, 28, 1), (32, 32, 3), (64, 64, 3), (96, 96, 3), (128, 128, 3), (224, 224, 3))
PADDINGS = ("valid", "same", 1, 2, 3)
# What a block is when it is added; its other settings are the usual ones.
FRESH = {
    "Conv2D": layers.Conv2D(32, padding="same"),
    "MaxPool2D": layers.MaxPool2D(),
    "AveragePool2D": layers.AveragePool2D(),
    "Residual": layers.Residual(32),
    "BatchNorm": layers.BatchNorm(),
    "Activation": layers.Activation(),
    "Dropout": layers.Dropout(0.3),
    "Flatten": layers.Flatten(),
    "GlobalAveragePool": layers.GlobalAveragePool(),
    "Dense": layers.Dense(64, "relu"),
    "Rescaling": layers.Rescaling(),
    "RandomFlip": layers.RandomFlip(),
    "RandomTranslation": layers.RandomTranslation(),
    "RandomRotation": layers.RandomRotation(),
    "RandomZoom": layers.RandomZoom(),
    "RandomBrightness": layers.RandomBrightness(),
}
_STRIDES = {"type": "choice", "label": "stride", "options": [1, 2, 3, 4]}
_SHARE = {"type": "number", "label": "up to ±", "least": 0, "most": 1, "step": 0.05}
_ACTIVATION = {"type": "choice", "label": "activation", "options": ACTIVATIONS}
EDITORS = {
    "filters": {"type": "whole", "label": "filters", "least": 1, "most": MOST_FILTERS},
    "units": {"type": "whole", "label": "units", "least": 1, "most": MOST_UNITS},
    "kernel": {"type": "whole", "label": "filter size", "least": 1, "most": LARGEST_WINDOW},
    "size": {"type": "whole", "label": "window", "least": 1, "most": LARGEST_WINDOW},
    "stride": _STRIDES,
    "padding": {"type": "choice", "label": "padding", "options": PADDINGS},
    "activation": _ACTIVATION,
    "bias": {"type": "switch", "label": "bias"},
    "rate": {"type": "number", "label": "share set to 0", "least": 0, "most": 0.95, "step": 0.05},
    "mode": {"type": "choice", "label": "mirrored", "options": FLIPS},
    "factor": _SHARE,
    "scale": {
        "type": "choice",
        "label": "times",
        "options": (1 / 255, 1 / 127.5, 1),
        "words": ("1/255", "1/127.5", "1"),
    },
    "offset": {"type": "choice", "label": "plus", "options": (0.0, -1.0)},
    "bottleneck": {"type": "switch", "label": "bottleneck"},
    "conv_bias": {"type": "switch", "label": "biases"},
}

_mount = st.components.v2.component(
    "architecture_stage",
    html='<div class="stage"></div>\n',
    css=styles() + (ASSETS / "architecture.css").read_text(encoding="utf-8"),
    js=joined("architecture_stage.js"),
)


@dataclass(frozen=True)
class Scene:
    """What a person edits on the stage."""

    network: Network
    chosen: int | None = None  # the layer that is looked at; -1: the picture; None: the stage picks one
    cell: tuple[int, int] | None = None  # the cell of its map that is followed back; None: the middle one
    picture: str = ""  # which picture is looked at; one of another kind of channels stands for the first that fits

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back; what a network is called is the page's."""
        return {
            "network": {**codec.to_json(self.network), "name": ""},
            "chosen": self.chosen,
            "cell": self.cell and list(self.cell),
            "picture": self.picture,
        }


def edited(key: str, scene: Scene) -> Scene:
    """scene with all that the person did on the stage `key` since Python last set it; checked like any input."""
    return conversation.taken_in(key, scene, _read)


def architecture_stage(
    key: str,
    scene: Scene,
    *,
    presets: Iterable[Preset],
    pictures: Iterable[PictureChoice],
    presenting: bool = False,
) -> None:
    """Draw the stage `key`. presets: networks to start from; pictures: to look at, grey and coloured ones."""
    data = {
        **conversation.answer(key, scene.content()),
        "kinds": kinds(),
        "shapes": [list(shape) for shape in SHAPES],
        "most_layers": MOST_LAYERS,
        "presets": [_preset(preset) for preset in presets],
        "pictures": [
            {**choice.content(), "channels": choice.picture.shape[2] if choice.picture.ndim == 3 else 1}
            for choice in pictures
        ],
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def kinds() -> list[dict[str, Any]]:
    """The blocks that can be added: their titles, what they are at first, and what can be set."""
    found = []
    for kind, fresh in FRESH.items():
        editors = [{"name": field.name, **EDITORS[field.name]} for field in fields(LAYERS[kind])]
        for editor in editors:
            if editor["name"] == "stride" and kind.endswith("Pool2D"):
                editor["options"] = [None, *editor["options"]]  # None: as wide as the window
        found.append(
            {
                "kind": kind,
                "title": fresh.title,
                "fresh": {"kind": kind, **layers.settings(fresh)},
                "defaults": {f.name: f.default for f in fields(LAYERS[kind]) if f.default is not MISSING},
                "editors": editors,
            }
        )
    return found


def _preset(preset: Preset) -> dict[str, Any]:
    network = {**codec.to_json(preset.network), "name": ""}
    return {"name": preset.name, "title": preset.title, "about": preset.about, "network": network}


def _read(content: dict[str, Any]) -> dict[str, Any]:
    network = codec.from_json(content["network"])
    chosen, cell = content["chosen"], content["cell"]
    if chosen is not None and not -1 <= int(chosen) < max(len(network.layers), 1):
        raise ValueError(f"chosen is the number of a layer or -1. Received: chosen={chosen!r}")
    return {
        "network": network,
        "chosen": None if chosen is None else int(chosen),
        "cell": None if cell is None else (int(cell[0]), int(cell[1])),
        "picture": str(content["picture"])[:40],
    }
