"""What a person builds on the architecture stage, on its way to the browser and back."""

import copy
import json

import numpy as np
import pytest

from core.nets.layers import LAYERS, Conv2D, Dense
from core.nets.network import Network
from core.nets.presets import PRESETS
from core.stage import architecture_stage, conversation
from core.stage.architecture_stage import Scene, edited, kinds

KEY = "stage"
SCENE = Scene(PRESETS["small_resnet"].network, chosen=4, cell=(3, 9), picture="digit5")
OTHER = Scene(Network((8, 8, 1), (Dense(3),)))


@pytest.fixture
def report(monkeypatch):
    """Lets the browser report a content."""
    state = {}
    monkeypatch.setattr(conversation.st, "session_state", state)
    revision = conversation.answer(KEY, {})["revision"]

    def send(content):
        state[KEY] = {"edits": {"revision": revision, "seq": 1, "content": json.loads(json.dumps(content))}}

    return send


@pytest.mark.parametrize("name", PRESETS)
def test_a_scene_comes_back_the_same(report, name):
    """Every preset survives the way to the browser and back, also where its layers do not go together."""
    scene = Scene(PRESETS[name].network, chosen=2, cell=None)
    report(scene.content())
    assert edited(KEY, OTHER) == scene


def test_a_network_at_fault_comes_back_too(report):
    """Nothing is lost because a block stands in a wrong place."""
    scene = Scene(Network((28, 28, 1), (Conv2D(8), Dense(10))), chosen=1)
    report(scene.content())
    assert edited(KEY, OTHER) == scene


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("network", None),
        ("network", {"input_shape": [28, 28, 5], "layers": []}),
        ("network", {"input_shape": [28, 28, 1], "layers": [{"kind": "Lambda", "code": "1"}]}),
        ("network", {"input_shape": [28, 28, 1], "layers": [{"kind": "Dense", "units": "many"}]}),
        ("network", {"input_shape": [28, 28, 1], "layers": [{"kind": "Flatten"}] * 70}),
        ("chosen", 99),
        ("chosen", "first"),
        ("cell", [1]),
        ("cell", "middle"),
    ],
)
def test_what_cannot_be_is_left_aside(report, part, value):
    """Nonsense from a browser changes nothing."""
    report({**copy.deepcopy(SCENE.content()), part: value})
    assert edited(KEY, SCENE) is SCENE


def test_every_layer_can_be_added_and_all_of_it_set():
    """Each kind of layer has its block, each setting its editor, and a fresh block is one that core accepts."""
    offered = {kind["kind"]: kind for kind in kinds()}
    assert set(offered) == set(LAYERS)
    for kind, block in offered.items():
        values = {name: value for name, value in block["fresh"].items() if name != "kind"}
        assert [editor["name"] for editor in block["editors"]] == list(values)
        LAYERS[kind](**values)


def test_the_limits_of_the_editors_are_core_s():
    """The largest and the smallest number of every field make a layer, and one more does not."""
    for block in kinds():
        for editor in block["editors"]:
            if editor["type"] != "whole":
                continue
            values = {name: value for name, value in block["fresh"].items() if name != "kind"}
            for end, beyond in ((editor["least"], editor["least"] - 1), (editor["most"], editor["most"] + 1)):
                LAYERS[block["kind"]](**{**values, editor["name"]: end})
                with pytest.raises(ValueError, match="Received"):
                    LAYERS[block["kind"]](**{**values, editor["name"]: beyond})


def test_pictures_say_how_many_channels_they_have(monkeypatch):
    """The stage takes grey pictures for grey networks."""
    sent = {}
    monkeypatch.setattr(architecture_stage, "_mount", lambda **options: sent.update(options["data"]))
    monkeypatch.setattr(conversation.st, "session_state", {})
    grey, colour = np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.uint8)
    pictures = [architecture_stage.PictureChoice("a", "A", grey), architecture_stage.PictureChoice("b", "B", colour)]
    architecture_stage.architecture_stage(KEY, SCENE, presets=PRESETS.values(), pictures=pictures)
    assert [picture["channels"] for picture in sent["pictures"]] == [1, 3]
