"""One visitor's live view on the page: what looks, what it looks at, and what the board says of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from core.compute.engine import engine
from core.explain.verdict_words import worded
from core.stage.verdict_board import Board, Box, Heat
from core.transfer import imagenet
from core.transfer.live_session import LiveSession, Verdict
from core.transfer.preparation import prepared
from core.ui import kept

LIVE, HELD = "live session", "held picture"
WAITING = {  # where the pictures are to come from -> what stands on the board before there is one
    "live": ("Hold something up", "No {thing} at hand? A picture on a phone does as well."),
    "snapshot": ("Take a snapshot", "No {thing} at hand? A picture on a phone does as well."),
    "file": ("Choose a picture", "A photo of something that the network knows: {thing}, for example."),
}
STALE_SECONDS = 3.0  # without a frame, after which a verdict no longer counts as live


@dataclass(frozen=True)
class Model:
    """What can look."""

    name: str  # as in the link
    title: str
    key: Any  # changes when it is another network
    source: Mapping[str, Any] = field(repr=False)  # as core.transfer.recognisers.load takes it
    thing: str = "shoe"  # one of the things that it knows


def models() -> dict[str, Model]:
    """What this visitor can look with now: the shipped network always, their own once they kept one, ImageNet's."""
    offered = [Model("shipped", "Handbag or shoe", "shipped", {"kind": "shipped"})]
    own = kept.current()
    if own is not None:
        source = {"kind": "kept", "file": own.model_file, "about": own.about()}
        key, thing = (str(own.folder), own.made), own.class_names[-1]
        offered.append(Model("own", f"Yours: {own.title}", key, source, thing))
    if imagenet.found():
        offered.append(Model("imagenet", "1,000 things", "imagenet", {"kind": "imagenet"}))
    return {model.name: model for model in offered}


def live(model: Model) -> LiveSession:
    """The visitor's live session with this network; one with another network ends."""
    held = st.session_state.get(LIVE)
    if held is not None and held[0] == (model.name, model.key):
        return held[1]
    if held is not None:
        held[1].close()
    session = LiveSession(lambda: _hire(model.source), _picture_of, _sent)
    st.session_state[LIVE] = ((model.name, model.key), session)
    return session


def forget() -> None:
    """End the live view, and drop the frozen picture and what was said of it."""
    st.session_state.pop(HELD, None)
    if held := st.session_state.pop(LIVE, None):
        held[1].close()


def hold(session: LiveSession, picture: np.ndarray | None) -> None:
    """Freeze this picture, (H, W, 3) uint8, and have it judged; None goes back to the camera."""
    st.session_state[HELD] = picture
    session.hold(picture is not None)


def held(session: LiveSession) -> np.ndarray | None:
    """The frozen picture; the session looks at nothing else while there is one."""
    picture = st.session_state.get(HELD)
    session.hold(picture is not None)
    return picture


def keep_judging(session: LiveSession, picture: np.ndarray) -> None:
    """Have the frozen picture judged where another network looks now, or where its reason is not known yet."""
    if not is_done(session, picture):
        session.look_at(picture)


def judges(session: LiveSession, picture: np.ndarray) -> bool:
    """Whether the newest verdict is about this very picture."""
    return session.verdict is not None and session.verdict.picture is picture


def is_done(session: LiveSession, picture: np.ndarray) -> bool:
    """Whether this very picture is judged and, where the network can say why, explained."""
    if not judges(session, picture):
        return False
    return not session.verdict.about["heat"] or (session.why is not None and session.why.picture is picture)


def board(
    session: LiveSession,
    on_air: bool,
    picture: np.ndarray | None,
    with_heat: bool,
    source: str = "live",
    thing: str = "shoe",
) -> Board:
    """What stands on the board now.

    on_air: the camera plays or will soon. picture: the frozen one. source: where pictures come from, of WAITING.
    thing: something that the network knows.
    """
    if picture is not None:
        if judges(session, picture):
            why = session.why if is_done(session, picture) else None
            return _of_verdict(session.verdict, why, with_heat, "")
        return Board("…", session.trouble or "Looking at it.", sure=False, heat=Heat(picture, None))
    if not on_air:
        words, below = WAITING[source]
        return Board(words, below.format(thing=thing), sure=False)
    verdict = session.verdict
    if verdict is None or session.seconds_since_frame > STALE_SECONDS:
        return Board("…", session.trouble or "Waiting for the first frames.", sure=False)
    return _of_verdict(verdict, session.why, with_heat, _numbers(session, verdict))


def _of_verdict(verdict: Verdict, why: Verdict | None, with_heat: bool, numbers: str) -> Board:
    names = verdict.about["names"]
    answer = verdict.answer
    found = worded(names, answer["probabilities"], answer["strangeness"])
    winner = next(i for i, (name, _) in enumerate(found.bars) if name == names[verdict.likeliest])
    heat, caption = None, ""
    if with_heat and not verdict.about["heat"]:
        caption = "No heat map can be had with this network."
    elif with_heat and why is not None and _explains(why, verdict):
        heat = Heat(why.picture, why.answer["heat"], middle_square(why.picture))
        caption = f"Why: what speaks for {names[verdict.likeliest]}, in red."
    elif with_heat:
        heat = Heat(verdict.picture, None)
    return Board(found.words, found.below, found.kind == "sure", found.bars, winner, numbers, heat, caption)


def _explains(why: Verdict, verdict: Verdict) -> bool:
    """Whether a heat map is a reason for what is said: of the same class of the same network."""
    return why.about["names"] == verdict.about["names"] and why.likeliest == verdict.likeliest


def _numbers(session: LiveSession, verdict: Verdict) -> str:
    age = 1000 * (time.monotonic() - verdict.arrived)
    speed = f"{session.speed:.0f}" if session.speed >= 10 else f"{session.speed:.1f}"
    network = verdict.answer["milliseconds"]
    return f"{speed} frames a second · verdict {age:.0f} ms old · the network takes {network:.0f} ms"


def middle_square(picture: np.ndarray) -> Box:
    """The part of a picture that every network here looks at."""
    rows, columns = picture.shape[:2]
    edge = min(rows, columns)
    return Box((columns - edge) / 2 / columns, (rows - edge) / 2 / rows, edge / columns, edge / rows)


def _hire(source: Mapping[str, Any]) -> Any:
    if source["kind"] == "kept":
        source = {**source, "file": source["file"].read_bytes()}
    classifier = engine().actor("core.transfer.live_classifier:LiveClassifier", role="serve")
    classifier.call("load", source)
    return classifier


def _picture_of(frame: Any) -> np.ndarray:
    """A camera's av.VideoFrame, or a picture that is one already, as (H, W, 3) uint8."""
    return frame if isinstance(frame, np.ndarray) else frame.to_ndarray(format="rgb24")


def _sent(picture: np.ndarray, about: Mapping[str, Any]) -> np.ndarray:
    return prepared(picture, about["side"])
