"""The live board on the page: draws the run several times a second, and does what is asked for on it."""

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace

import numpy as np
import streamlit as st

from core.compute.engine import EngineMissing, WorkerLost, engine
from core.stage import live_board
from core.stage.live_board import Board, Command, Shown, Surgery
from core.training.desk import desk
from core.ui import lesson, presenter, train_fields
from core.ui.asking import Question
from core.ui.links import PageLink
from core.ui.train_board import ACTIVE, ENDED, Looked, board_of
from core.ui.train_texts import moved, percent
from core.ui.visitor import visitor

BOARD = "train board"
OPENED = "train opened"  # session key: stored runs whose inside was asked for
TROUBLE = "train trouble"  # session key: why the last wish could not be met
PACE = 0.35  # seconds between two looks at a run
BELOW = 96  # CSS pixels: the row of settings stays on the first screen
WRONG_SHOWN = 12  # pictures of a cell
SIMPLE = {
    "pause": "pause",
    "resume": "resume",
    "batch": "step_batch",
    "epoch": "step_epoch",
    "stop": "stop",
    "leave": "stop",
}
_QUESTIONS = {name: Question(f"train {name}") for name in ("wrong", "filter", "look")}


def show(link: PageLink, idle: Callable[[], Board], start: Callable[[], str], samples: Callable) -> None:
    """The board, in a fragment that keeps itself up to date while there is something to see.

    idle: the board before a run. start: begins the run that the settings describe and returns its name; ValueError in
    plain words where it cannot. samples: from the name of a set to some of its pictures, as Board has them.
    """
    view = desk().view(link.get("run")) if link.get("run") else None
    if view is not None:
        _open_stored(link, view)
        _open_cell(link, view)
    pace = PACE if _is_lively(link) else None
    st.fragment(_draw, run_every=pace)(link, idle, start, samples, pace)


def trouble(error: Exception) -> None:
    """Remember what went wrong, to be said under the board until the next thing is done."""
    st.session_state[TROUBLE] = lesson.plain(error) if isinstance(error, ValueError) else str(error)


def _is_lively(link: PageLink) -> bool:
    view = desk().view(link.get("run")) if link.get("run") else None
    waits = any(question.is_open for question in _QUESTIONS.values())
    return waits or (view is not None and (view.state in ACTIVE or view.testing))


def _draw(link: PageLink, idle: Callable, start: Callable, samples: Callable, pace: float | None) -> None:
    commands = live_board.asked(BOARD)
    begun = False
    for command in commands:
        st.session_state.pop(TROUBLE, None)
        try:
            begun = _obey(link, command, start) or begun
        except (ValueError, EngineMissing, WorkerLost, TimeoutError) as error:
            trouble(error)
    if commands:
        link.close()  # what was looked at stands in the link
    _take_answers()
    if begun or (PACE if _is_lively(link) else None) != pace:
        st.rerun()
    view = desk().view(link.get("run")) if link.get("run") else None
    status = engine().status()
    if view is None:
        board = idle()
    else:
        first = view.snapshot is None and view.state in ACTIVE
        board = board_of(view, _looked(view.id), samples(view.spec.data) if first else ("", ()), "train" in status.warm)
    live_board.live_board(
        BOARD,
        board,
        palette=link.get("palette"),
        tab=link.get("tab"),
        presenting=presenter.is_on(),
        below=0 if presenter.is_on() else BELOW,
    )
    if line := st.session_state.get(TROUBLE):
        st.error(line, icon=":material/error:")
    if status.state == "lost":
        st.warning(
            f"{status.message} What is trained is kept; it goes on when the engine is back.",
            icon=":material/cloud_off:",
        )


def _obey(link: PageLink, command: Command, start: Callable[[], str]) -> bool:
    """Do what was asked; True where another run is to be shown."""
    run = link.get("run")
    if command.name == "start":
        train_fields.turn_to(link, start())
        return True
    if command.name == "tab" and command.value in live_board.TABS:
        link.set("tab", command.value)
    view = desk().view(run) if run else None
    if view is None:
        return False
    if command.name == "again":
        train_fields.turn_to(link, desk().again(run, visitor()))
        return True
    if command.name in SIMPLE:
        desk().command(run, SIMPLE[command.name])
    elif command.name == "rate":
        desk().set_learning_rate(run, float(command.value))
    elif command.name == "test":
        desk().evaluate(run)
    elif command.name == "lost":
        desk().resume_lost(run)
    elif command.name == "watch":
        _watch(link, view, command.value)
    elif command.name == "look":
        _look_at(view, command.value)
        link.set("cell", _looked(view.id).mixup)
    elif command.name == "edit":
        _operate(view, command.value)
    return False


# What a person looks at: kept for the visit, one for each run.


def _looked(run: str) -> Looked:
    return st.session_state.setdefault("train looked", {}).setdefault(run, Looked())


def _remember(run: str, **changes) -> None:
    st.session_state["train looked"][run] = replace(_looked(run), **changes)


def _seen(view):
    """The Snapshot that was asked for, or the last one of the training; None where there is none."""
    return _looked(view.id).inside or view.snapshot


def _watch(link: PageLink, view, place) -> None:
    """Follow that validation picture, the next one where it is None; after the end the network is asked about it."""
    shown = _seen(view)
    wanted = (shown.watched + 1 if shown else 0) if place is None else int(place)
    wanted %= max(view.validation_count, 1)
    link.set("watch", wanted)
    if view.state in ACTIVE:
        desk().watch(view.id, wanted)
    else:
        _QUESTIONS["look"].ask((view.id,), lambda: desk().look(view.id, wanted))


def _open_stored(link: PageLink, view) -> None:
    """A run of an earlier day has its curves at once; its filters and maps are asked for, once a visit."""
    opened = st.session_state.setdefault(OPENED, set())
    shown = view.snapshot is not None and view.snapshot.watched == link.get("watch")
    if view.state in ENDED and view.epochs and not shown and view.id not in opened:
        opened.add(view.id)
        place = link.get("watch")
        _QUESTIONS["look"].ask((view.id,), lambda: desk().look(view.id, place))


def _open_cell(link: PageLink, view) -> None:
    """The pictures of the cell that a link names, once there are any."""
    cell = link.get("cell")
    if cell is None or view.confusion is None or _looked(view.id).mixup is not None:
        return
    try:
        _look_at(view, cell)
    except ValueError as error:
        link.set("cell", None)
        link.close()
        trouble(error)


def _look_at(view, cell) -> None:
    """The pictures of a cell of the confusion matrix."""
    truth, said = (int(place) for place in cell)
    if not (0 <= truth < len(view.classes) and 0 <= said < len(view.classes)):
        raise ValueError(f"A cell is a pair of classes. Received: {cell!r}")
    _remember(view.id, mixup=(truth, said), wrong=(), note="Fetching the pictures…")
    _QUESTIONS["wrong"].ask((view.id, truth, said), lambda: desk().wrong(view.id, truth, said, WRONG_SHOWN))


def _operate(view, wish) -> None:
    """Change a filter of the first layer, silence it, or let it be: {place, kernel}; kernel False: only look at it."""
    if wish is None:
        _remember(view.id, surgery=None, operated=None)
        return
    place, kernel = int(wish["place"]), wish["kernel"]
    if kernel is False:
        shown = _seen(view)
        if shown is None or shown.kernels is None:
            raise ValueError(f"This run shows no filters that could be changed. Received: filter {place + 1}")
        words = f"Filter {place + 1}. Change a number, or silence it, and see what the network is worth then."
        _remember(view.id, surgery=Surgery(place, words), operated=None)
        return
    rows = None if kernel is None else _nested(np.array(kernel, dtype=np.float64).tolist())
    surgery = Surgery(place, f"Filter {place + 1}: asking the validation pictures…", rows, kernel is None)
    _remember(view.id, surgery=surgery)
    shown = _seen(view)
    _try(view.id, surgery, shown.watched if shown else 0)


def _try(run: str, surgery: Surgery, watched: int) -> None:
    """Ask what the network is worth with that filter, and what it makes of a validation picture."""
    kernel = None if surgery.silent else np.array(surgery.kernel)
    _QUESTIONS["filter"].ask((run, surgery), lambda: desk().try_filter(run, surgery.place, kernel, watched))


def _nested(numbers):
    """Lists in lists as tuples in tuples, which can be compared and do not change."""
    return tuple(map(_nested, numbers)) if isinstance(numbers, list) else numbers


def _take_answers() -> None:
    for name, question in _QUESTIONS.items():
        answer = question.taken()
        if answer is None:
            continue
        about, future = answer
        try:
            _ANSWERS[name](about, future.result())
        except (ValueError, EngineMissing, WorkerLost, OSError, CancelledError) as error:  # also pictures that are gone
            trouble(error)
            if name == "wrong":
                _remember(about[0], note="")
            elif name == "filter" and _looked(about[0]).surgery == about[1]:
                _remember(about[0], surgery=replace(about[1], words=f"Filter {about[1].place + 1} was not tried."))


def _take_wrong(about, found) -> None:
    run, truth, said = about
    if _looked(run).mixup == (truth, said):
        _remember(run, wrong=tuple(Shown(picture, "", place=place) for place, picture in found), note="")


def _take_filter(about, tried) -> None:
    run, surgery = about
    if _looked(run).surgery == surgery:
        before, after = tried.before, tried.accuracy
        done = "silenced" if surgery.silent else "changed"
        words = (
            f"Filter {surgery.place + 1} {done}: {percent(before)} → {percent(after)} of validation pictures, "
            f"{moved(before, after)}."
        )
        _remember(run, surgery=replace(surgery, words=words), operated=tried.snapshot)


def _take_look(about, snapshot) -> None:
    (run,) = about
    _remember(run, inside=snapshot)
    surgery = _looked(run).surgery
    if surgery and surgery.is_done:  # the changed network is asked about that picture too
        _remember(run, operated=None)
        _try(run, surgery, snapshot.watched)


_ANSWERS = {"wrong": _take_wrong, "filter": _take_filter, "look": _take_look}
