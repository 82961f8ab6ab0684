"""The learning stage: a hidden filter's outputs, and a learner (the machine or the person) that looks for the filter.

Python computes the whole run of gradient descent; the browser plays it forward and back, and scores the person's guess.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import streamlit as st

from core.explain.filter_learning import Learning, Run
from core.stage import conversation
from core.stage.parts import PictureChoice, Traced, packed
from core.stage.scripts import joined, styles

HOLDERS = ("machine", "you")
KINDS = ("weight", "slope", "output")  # what can be marked: a number of the filter, its slope, a cell of the maps

_mount = st.components.v2.component(
    "learning_stage",
    html='<div class="stage"></div>\n',
    css=styles(),
    js=joined("learning_stage.js"),
)


@dataclass(frozen=True, eq=False)
class LearningScene:
    """What a person sets on the stage."""

    guess: np.ndarray  # (kh, kw), the person's own filter
    step: int = 0  # of the run, as far as it goes
    looked_at: int = 0  # which of the pictures is shown large
    holder: str = HOLDERS[0]  # whose filter is shown at work
    revealed: bool = False  # the hidden numbers are shown
    seed: int = 0
    hand: int = 0  # whose handwriting the pictures are in
    traced: Traced | None = None  # of one of KINDS
    as_neuron: bool = False  # the person has just asked to see the filter as a neuron
    to_hide: np.ndarray | None = None  # a filter that the person has just asked to hide in place of the hidden one

    def content(self) -> dict[str, Any]:
        """As the browser takes it and gives it back."""
        return {
            "guess": self.guess.tolist(),
            "step": self.step,
            "look": self.looked_at,
            "holder": self.holder,
            "revealed": self.revealed,
            "seed": self.seed,
            "hand": self.hand,
            "trace": self.traced and self.traced.content(),
            "neuron": False,
            "hide": None,
        }


def edited(key: str, scene: LearningScene) -> LearningScene:
    """scene with all that the person did on the stage `key` since Python last set it; nonsense leaves it as it was."""
    return conversation.taken_in(key, scene, _read)


def learning_stage(
    key: str,
    scene: LearningScene,
    pictures: list[PictureChoice],
    hidden: np.ndarray,
    run: Run,
    settings: Learning,
    *,
    end: str,
    palette: str,
    presenting: bool = False,
) -> None:
    """Draw the stage `key`.

    pictures: those that the run learned from, in order. end: what is said when the run has been played to its end.
    """
    played = {
        "targets": _floats(run.targets),
        "kernels": _floats(run.kernels),
        "gradients": _floats(run.gradients),
        "losses": _floats(run.losses),
        "batches": run.batches.tolist(),
        "diverged": bool(run.diverged),
        "end": end,
    }
    shown = [choice.content() for choice in pictures]
    marks = "".join([*(part for part in played.values() if isinstance(part, str)), *(one["levels"] for one in shown)])
    data = {
        **conversation.answer(key, scene.content()),
        "settings": {**vars(settings), "run": sha256(marks.encode()).hexdigest()[:16]},
        "view": {"palette": palette},
        "pictures": shown,
        "hidden": hidden.tolist(),
        "run": played,
        "compact": False,
        "presenting": presenting,
    }
    _mount(key=key, data=data, default={"edits": None}, on_edits_change=lambda: None)


def _floats(values: np.ndarray) -> str:
    """The numbers of an array, row by row, as float32."""
    return packed(values.astype("<f4"))


def _read(content: dict[str, Any]) -> dict[str, Any]:
    guess, hide = _kernel(content["guess"]), content["hide"]
    if content["holder"] not in HOLDERS:
        raise ValueError(f"holder must be one of {', '.join(HOLDERS)}. Received: holder={content['holder']!r}")
    return {
        "guess": guess,
        "step": max(int(content["step"]), 0),
        "looked_at": max(int(content["look"]), 0),
        "holder": content["holder"],
        "revealed": bool(content["revealed"]),
        "seed": max(int(content["seed"]), 0),
        "hand": max(int(content["hand"]), 0),
        "traced": content["trace"] and Traced.read(content["trace"]),
        "as_neuron": bool(content["neuron"]),
        "to_hide": None if hide is None else _kernel(hide),
    }


def _kernel(rows: list[list[float]]) -> np.ndarray:
    kernel = np.array(rows, dtype=np.float64)
    if kernel.ndim != 2 or not np.isfinite(kernel).all():
        raise ValueError(f"A filter is a grid of finite numbers. Received: {rows!r}")
    return kernel
