"""The Python halves of the translation and the adjacency stage: what the browser is given and what is taken back."""

import numpy as np
import pytest
import streamlit as st

from core.explain.translation import clamped
from core.images.picture_names import picture_of
from core.images.shuffling import shuffled
from core.stage import adjacency_stage, translation_stage
from core.stage.adjacency_stage import ShuffledDigit
from core.stage.conversation import answer
from core.stage.parts import Traced
from core.stage.translation_stage import MovedDigit

KEY = "a stage"
EIGHT = picture_of("drawn.8.0")
MOVED = MovedDigit(picture_of("drawn.3.0"), "drawn.3.0", (3, -6), 2)
PINNED = ShuffledDigit(picture_of("drawn.3.0"), "drawn.3.0", Traced("output", 4, 5), 2)
KINDS = [(translation_stage, MOVED), (adjacency_stage, PINNED)]


@pytest.fixture
def report(monkeypatch):
    """Lets the browser report content: report(module, digit, content) -> the digit that Python makes of it."""
    state = {}
    monkeypatch.setattr(st, "session_state", state)

    def send(module, digit, content):
        said = answer(KEY, digit.content())
        state[KEY] = {"edits": {"revision": said["revision"], "seq": said["seen"] + 1, "content": content}}
        return module.edited(KEY, digit)

    return send


@pytest.mark.parametrize(("module", "digit"), KINDS)
def test_what_is_sent_comes_back_the_same(report, module, digit):
    """A stage that reports what it was given changes nothing."""
    assert report(module, digit, digit.content()).content() == digit.content()


def test_a_reported_move_is_kept_inside_the_field(report):
    """However far the browser says that the digit was dragged, its ink stays on the field."""
    content = {**MOVED.content(), "move": [500, -500]}
    assert report(translation_stage, MOVED, content).move == clamped(MOVED.picture, (500, -500))


def test_a_reported_picture_and_pin_are_taken(report):
    """Another picture and another pinned pixel arrive as they were reported."""
    other = ShuffledDigit(EIGHT, "drawn.8.0", Traced("input", 1, 2), 3)
    heard = report(adjacency_stage, PINNED, other.content())
    np.testing.assert_array_equal(heard.picture, EIGHT)
    assert (heard.picture_key, heard.traced, heard.another) == ("drawn.8.0", Traced("input", 1, 2), 3)


@pytest.mark.parametrize(("module", "digit"), KINDS)
@pytest.mark.parametrize("broken", [{}, {"picture": None}, {"another": "x"}, {"move": [1], "trace": {"on": "output"}}])
def test_what_cannot_be_leaves_all_as_it_was(report, module, digit, broken):
    """A broken report is no change."""
    content = {**digit.content(), **broken} if broken else {}
    assert report(module, digit, content) is digit


def test_the_browser_gets_the_order_of_every_picture_it_can_show(monkeypatch):
    """The stage shuffles with the numbers of core/images/shuffling, in whatever size the picture has."""
    sent = {}
    monkeypatch.setattr(adjacency_stage, "_mount", lambda **given: sent.update(given["data"]))
    monkeypatch.setattr(st, "session_state", {})
    own = ShuffledDigit(np.arange(40 * 40, dtype=np.uint32).astype(np.uint8).reshape(40, 40), "own")
    choice = adjacency_stage.PictureChoice("drawn.8.0", "8", EIGHT)
    adjacency_stage.adjacency_stage(KEY, own, palette="red-blue", pictures=[choice])
    assert set(sent["orders"]) == {"40×40", "28×28"}
    order = sent["orders"]["28×28"]
    np.testing.assert_array_equal(EIGHT.ravel()[order].reshape(28, 28), shuffled(EIGHT))
