"""What a person edits on the stages about pooling, on its way to the browser and back."""

import copy

import numpy as np
import pytest

from core.stage import conversation, pooling_stage, stack_stage
from core.stage.parts import Traced

KEY = "stage"
POOLING = pooling_stage.Scene(
    source="map",
    numbers=np.array([[1.0, -2.5], [0, 3]]),
    picture=np.arange(12, dtype=np.uint8).reshape(3, 4) * 20,
    picture_key="stroke.hook",
    kernel=np.eye(3),
    bias=0.25,
    traced=Traced("output", 1, 2, 1),
    another=4,
    shift=(-2, 3),
)
OTHER = pooling_stage.Scene("numbers", np.ones((2, 2)), np.zeros((2, 2), np.uint8), "own", np.ones((1, 1)))
STACK = stack_stage.Scene(
    shown="sizes",
    kind="average",
    picture=np.arange(6, dtype=np.uint8).reshape(2, 3),
    picture_key="drawn.4.1",
    poolings=3,
    traced=Traced("input", 0, 2, 7),
    another=2,
)


@pytest.fixture
def report(monkeypatch):
    """Lets the browser report a content."""
    state = {}
    monkeypatch.setattr(conversation.st, "session_state", state)
    revision = conversation.answer(KEY, {})["revision"]

    def send(content):
        state[KEY] = {"edits": {"revision": revision, "seq": 1, "content": content}}

    return send


def test_a_pooling_scene_comes_back_the_same(report):
    """A scene that the browser reports unchanged is the same scene."""
    report(POOLING.content())
    assert pooling_stage.edited(KEY, OTHER).content() == POOLING.content()


def test_a_stack_comes_back_the_same(report):
    """So is a stack."""
    report(STACK.content())
    other = stack_stage.Scene("maps", "max", np.zeros((1, 1), np.uint8), "own")
    assert stack_stage.edited(KEY, other).content() == STACK.content()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("source", "video"),
        ("numbers", [[1.0], [2.0, 3.0]]),
        ("numbers", [[float("inf")]]),
        ("numbers", [[1.0] * 40] * 40),
        ("numbers", []),
        ("picture", {"key": "own", "rows": 3, "columns": 3, "levels": "AAAA"}),
        ("picture", {**POOLING.content()["picture"], "key": "stroke.elephant"}),
        ("filter", {"kernel": [["x"]], "bias": 0}),
        ("shift", {"down": "far", "right": 0}),
        ("shift", None),
        ("trace", {"on": "output"}),
    ],
)
def test_what_cannot_be_is_left_aside(report, part, value):
    """Nonsense from a browser changes nothing."""
    report({**copy.deepcopy(POOLING.content()), part: value})
    assert pooling_stage.edited(KEY, POOLING) is POOLING


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("shown", "video"),
        ("kind", "median"),
        ("poolings", "many"),
        ("trace", {"on": "output", "row": 0, "column": 0, "filter": 8}),
    ],
)
def test_a_stack_that_cannot_be_is_left_aside(report, part, value):
    """Nor does it change the stack."""
    report({**copy.deepcopy(STACK.content()), part: value})
    assert stack_stage.edited(KEY, STACK) is STACK
