"""The live board: curves, filters, feature maps, mix-ups and gradients of a training run, and what steers the run.

Python says all of it several times a second; the board owns only what a person asks for, as numbered commands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from core.stage.parts import packed
from core.stage.scripts import ASSETS, joined, styles

COMMANDS = (
    "start",
    "pause",
    "resume",
    "batch",
    "epoch",
    "rate",
    "leave",
    "stop",
    "again",
    "test",
    "lost",
    "watch",
    "look",
    "edit",
    "tab",
)
TABS = ("filters", "mixups", "gradients")
STATES = ("idle", "queued", "preparing", "running", "paused", "finished", "stopped", "failed", "lost")
# How the board shows a state by its colour.
_SHOWN = {"running": "training", "finished": "done"}

_mount = st.components.v2.component(
    "live_board",
    html='<div class="stage live"></div>\n',
    css=styles() + (ASSETS / "live.css").read_text(encoding="utf-8"),
    js=joined("live_stage.js"),
)


@dataclass(frozen=True)
class Command:
    """What a person asked for on the board: one of COMMANDS, and its value where it has one."""

    name: str
    value: Any = None


@dataclass(frozen=True, eq=False)
class Shown:
    """A small picture with words under it; share: how sure the network is, from 0 to 1."""

    picture: np.ndarray  # (H, W, C) uint8, C is 1 or 3
    title: str
    share: float | None = None
    place: int | None = None  # which validation picture it is, where it can be followed

    def content(self) -> dict[str, Any]:
        rows, columns, channels = self.picture.shape
        size = {"rows": rows, "columns": columns, "channels": channels}
        about = {"title": self.title, "share": self.share, "place": self.place}
        return {**size, "levels": packed(self.picture), **about}


@dataclass(frozen=True, eq=False)
class Curves:
    """Loss and accuracy of a run as far as it has come."""

    planned: int  # epochs
    batches: int  # of an epoch
    steps: np.ndarray  # (n,) batches over all epochs
    loss: np.ndarray  # (n,) of training, as the batches came
    accuracy: np.ndarray  # (n,)
    epochs: dict[str, list[float]]  # loss, accuracy, validation_loss, validation_accuracy: one number an epoch
    turn: int | None = None  # the epoch, from 1, after which validation only got worse
    kept: int | None = None  # the epoch, from 1, whose network is kept: the best so far
    share: float = 1.0  # of the last of the epochs that was done: less than all where the run was stopped in it

    def content(self) -> dict[str, Any]:
        floats = {name: _floats(getattr(self, name)) for name in ("steps", "loss", "accuracy")}
        finite = {
            name: [value if value is not None and np.isfinite(value) else None for value in values]
            for name, values in self.epochs.items()
        }
        return {
            "planned": self.planned,
            "batches": self.batches,
            "turn": self.turn,
            "kept": self.kept,
            "share": self.share,
            "epochs": finite,
            **floats,
        }


NO_CURVES = Curves(
    10,
    1,
    *[np.zeros(0)] * 3,
    epochs={"loss": [], "accuracy": [], "validation_loss": [], "validation_accuracy": []},
)


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """What a layer makes of the picture, or a part of it."""

    title: str
    count: int  # of all its maps
    levels: np.ndarray  # (h, w, k) uint8 of those that are shown, 0 to 255 of each map's largest number


@dataclass(frozen=True, eq=False)
class Inside:
    """The network at one moment, and what it makes of one picture."""

    number: int  # another number, another moment
    kernels: np.ndarray | None  # (kh, kw, C, K) of the first layer; None where it is no convolution
    layers: tuple[LayerMaps, ...]
    picture: np.ndarray | None  # (H, W, C) uint8
    truth: str  # the picture's class
    verdict: tuple[tuple[str, float], ...]  # the likeliest classes with their shares
    frozen: tuple[int, ...] = ()  # the filters of the first layer that do not learn
    operable: bool = False  # whether a filter can be changed now

    def content(self) -> dict[str, Any]:
        kernels = self.kernels
        return {
            "number": self.number,
            "kernels": None
            if kernels is None
            else {
                **dict(zip(("rows", "columns", "channels", "count"), kernels.shape, strict=True)),
                "values": _floats(kernels),
            },
            "layers": [
                {
                    "name": layer.title,
                    "all": layer.count,
                    **dict(zip(("rows", "columns", "count"), layer.levels.shape, strict=True)),
                    "levels": packed(layer.levels),
                }
                for layer in self.layers
            ],
            "picture": None if self.picture is None else Shown(self.picture, self.truth).content(),
            "truth": self.truth,
            "verdict": [list(one) for one in self.verdict],
            "frozen": list(self.frozen),
            "operable": self.operable,
        }


@dataclass(frozen=True, eq=False)
class Mixups:
    """Which classes are taken for which, on the validation pictures."""

    classes: tuple[str, ...]
    counts: np.ndarray  # (N, N) whole numbers: true class in rows, said class in columns
    chosen: tuple[int, int] | None = None

    def content(self) -> dict[str, Any]:
        chosen = list(self.chosen) if self.chosen else None
        return {"classes": list(self.classes), "counts": self.counts.tolist(), "chosen": chosen}


@dataclass(frozen=True)
class Surgery:
    """A filter of the first layer that a person is changing in a trained network."""

    place: int
    words: str  # what became of the accuracy
    kernel: tuple | None = None  # its numbers now, as rows of cells of one number a channel; None: as they were learnt
    silent: bool = False

    @property
    def is_done(self) -> bool:
        """Whether there is a change, and not only a filter that was chosen."""
        return self.silent or self.kernel is not None

    def content(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Invitation:
    """The big button over the empty charts, or a calm line where there is nothing to press yet."""

    label: str  # "": no button
    words: str
    ready: bool = True


@dataclass(frozen=True, eq=False)
class Board:
    """All that the board shows at one moment."""

    state: str  # one of STATES
    headline: str
    facts: tuple[str, ...] = ()
    share: float = 0.0  # of the way, from 0 to 1
    remark: str = ""  # what to make of it, in one sentence
    alarm: bool = False  # whether the remark is something to look at
    buttons: tuple[str, ...] = ()  # those of COMMANDS that can be asked for
    rate: float = 0.001
    rates: tuple[float, ...] = ()
    curves: Curves = NO_CURVES
    inside: Inside | None = None
    gradients: tuple[tuple[str, float], ...] = ()
    mixups: Mixups | None = None
    wrong: tuple[str, tuple[Shown, ...]] = ("", ())
    samples: tuple[str, tuple[Shown, ...]] = ("", ())
    invitation: Invitation | None = None
    surgery: Surgery | None = field(default=None)

    def content(self) -> dict[str, Any]:
        plain = ("headline", "facts", "share", "remark", "alarm", "buttons", "rate", "rates")
        return {
            **{name: getattr(self, name) for name in plain},
            "state": _SHOWN.get(self.state, self.state),
            "curves": self.curves.content(),
            "snapshot": self.inside and self.inside.content(),
            "gradients": [{"layer": layer, "size": float(size)} for layer, size in self.gradients if np.isfinite(size)],
            "confusion": self.mixups and self.mixups.content(),
            "wrong": _row(self.wrong),
            "samples": _row(self.samples),
            "invitation": self.invitation and vars(self.invitation),
            "surgery": self.surgery and self.surgery.content(),
        }


def asked(key: str) -> list[Command]:
    """What a person asked for on the board `key` since this was last called, in order."""
    new = []
    for number, name, value in _numbered(key):
        if number > _seen(key) and name in COMMANDS:
            st.session_state[f"{key} seen"] = number
            new.append(Command(name, value))
    return new


def has_commands(key: str) -> bool:
    """Whether there are commands that `asked` has not given out yet."""
    return any(number > _seen(key) for number, _, _ in _numbered(key))


def live_board(
    key: str, board: Board, *, palette: str, tab: str = TABS[0], presenting: bool = False, below: int = 0
) -> None:
    """Draw the board `key`.

    tab: one of TABS. below: CSS pixels that stay free on the first screen for what stands under it.
    """
    view = {"palette": palette, "tab": tab, "presenting": presenting, "below": below, "seen": _seen(key)}
    _mount(key=key, data={**board.content(), **view}, default={"asked": None}, on_asked_change=lambda: None)


def _seen(key: str) -> int:
    return st.session_state.setdefault(f"{key} seen", 0)


def _numbered(key: str) -> list[tuple[int, str, Any]]:
    """The commands that the board still holds; what a browser sends is checked like any input."""
    commands = st.session_state.get(key, {}).get("asked") or []
    try:
        return sorted(
            ((int(number), str(name), value) for number, name, value in commands), key=lambda command: command[0]
        )
    except (TypeError, ValueError):
        return []


def _floats(values: Sequence[float] | np.ndarray) -> str:
    return packed(np.asarray(values, dtype="<f4"))


def _row(pictures: tuple[str, tuple[Shown, ...]]) -> dict[str, Any]:
    words, shown = pictures
    return {"words": words, "pictures": [one.content() for one in shown]}
