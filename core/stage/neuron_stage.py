"""The neuron stage: one filter three times over, as a grid, as a neuron and as rows of a big matrix."""

from typing import Any

import numpy as np
import streamlit as st

from core.ops.dense import weight_places
from core.stage import conversation
from core.stage.parts import Traced
from core.stage.scripts import joined, styles

KINDS = ("output", "weight", "entry", "pixel")  # what can be marked: an output cell, a weight, a matrix entry, a pixel

_mount = st.components.v2.component(
    "neuron_stage",
    html='<div class="stage"></div>\n',
    css=styles(),
    js=joined("neuron_stage.js"),
)


def edited(key: str, before: Traced | None) -> tuple[Traced | None, bool]:
    """What is marked on the stage `key` (`before` where that is not new), and whether the person asked to go back."""
    content = conversation.heard(key)
    if content is None:
        return before, False
    try:
        trace = content["trace"]
        return trace and Traced.read(trace), bool(content["leave"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return before, False


def neuron_stage(
    key: str,
    picture: np.ndarray,
    kernel: np.ndarray,
    activation: str,
    traced: Traced | None,
    *,
    title: str,
    palette: str,
    presenting: bool = False,
) -> None:
    """Draw the stage `key`.

    picture: (H, W), a few cells a side, 0 to 1. kernel: (kh, kw). activation: a name in core.ops.activation.
    traced: what is marked, one of KINDS. title: whose filter it is.
    """
    content: dict[str, Any] = {"trace": traced and traced.content(), "leave": False}
    data = {
        **conversation.answer(key, content),
        "settings": {
            "activation": activation,
            "title": title,
            "picture": picture.tolist(),
            "kernel": kernel.tolist(),
            "places": weight_places(kernel.shape, picture.shape).tolist(),
        },
        "view": {"palette": palette},
        "compact": False,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)
