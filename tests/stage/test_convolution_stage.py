"""What a person edits on the convolution stage, on its way to the browser and back."""

import copy

import numpy as np
import pytest

from core.stage import conversation
from core.stage.convolution_stage import Scene, edited
from core.stage.parts import Traced

KEY = "stage"
SCENE = Scene(
    picture=np.arange(12, dtype=np.uint8).reshape(3, 4) * 20,
    picture_key="drawn.3.0",
    kernels=(np.array([[1.0, -0.5]]), np.eye(2)),
    biases=(0.25, 0.0),
    activation="none",
    traced=Traced("output", 1, 2, 1),
    zoom=2,
    another=4,
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


def test_what_goes_to_the_browser_comes_back_the_same(report):
    """A scene that the browser reports unchanged is the same scene."""
    report(SCENE.content())
    back = edited(KEY, Scene(np.zeros((2, 2), np.uint8), "own", (np.ones((1, 1)),), (0.0,)))
    assert back.content() == SCENE.content()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("activation", "sigmoid"),
        ("zoom", "far"),
        ("picture", {"key": "own", "rows": 3, "columns": 3, "levels": "AAAA"}),
        ("picture", None),
        ("filters", [{"kernel": [[1.0], [2.0, 3.0]], "bias": 0}]),
        ("filters", [{"kernel": [[float("nan")]], "bias": 0}]),
        ("filters", [{"kernel": [["x"]], "bias": 0}]),
        ("filters", [{"kernel": [[1.0] * 40] * 40, "bias": 0}]),
        ("filters", []),
        ("trace", {"on": "output"}),
    ],
)
def test_what_cannot_be_is_left_aside(report, part, value):
    """Nonsense from a browser changes nothing."""
    content = copy.deepcopy(SCENE.content())
    content[part] = value
    report(content)
    assert edited(KEY, SCENE) is SCENE
