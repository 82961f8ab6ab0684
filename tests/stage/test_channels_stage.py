"""The Python half of the channels stage: what the browser is given and what is taken back from it."""

from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from core.images.colour_pictures import draw_colour
from core.ops.colour_filters import COLOUR_FILTERS
from core.ops.layers import GROUPED, SUMMED
from core.stage.channels_stage import ChannelsScene, edited, slices_for
from core.stage.conversation import answer
from core.stage.parts import Traced

KEY = "a stage"
SCENE = ChannelsScene(
    picture=draw_colour("apple", 6),
    picture_key="apple.6",
    cubes=(COLOUR_FILTERS["red"].cube, COLOUR_FILTERS["outline"].cube),
    biases=(0.0, -1.5),
    chosen=1,
    traced=Traced("output", 2, 3),
)


@pytest.fixture
def report(monkeypatch):
    """Lets the browser report what a person edited: report(content) -> the scene that Python makes of it."""
    state = {}
    monkeypatch.setattr(st, "session_state", state)

    def send(content):
        said = answer(KEY, SCENE.content())
        state[KEY] = {"edits": {"revision": said["revision"], "seq": said["seen"] + 1, "content": content}}
        return edited(KEY, SCENE)

    return send


def assert_same(one, other):
    np.testing.assert_array_equal(one.picture, other.picture)
    for cube, expected in zip(one.cubes, other.cubes, strict=True):
        np.testing.assert_array_equal(cube, expected)
    names = ("picture_key", "biases", "chosen", "activation", "traced", "zoom")
    assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]


def test_what_the_browser_gives_back_unchanged_is_the_scene(report):
    """Picture, cubes, biases, choice and pin survive the way to the browser and back."""
    assert_same(report(SCENE.content()), SCENE)


def test_an_edited_slice_arrives(report):
    """A number changed in one slice is changed there and nowhere else."""
    content = SCENE.content()
    content["filters"][0]["cube"][2][1][0] = 7.5
    cube = SCENE.cubes[0].copy()
    cube[1, 0, 2] = 7.5
    assert_same(report(content), replace(SCENE, cubes=(cube, SCENE.cubes[1])))


def broken(**parts):
    return SCENE.content() | parts


@pytest.mark.parametrize(
    "content",
    [
        {},
        broken(filters=[]),
        broken(filters=[{"cube": [[[float("nan")]]], "bias": 0}]),
        broken(filters=[{"cube": [[[1.0]]], "bias": 0}, {"cube": [[[1.0, 2.0]]], "bias": 0}]),
        broken(filters=[{"cube": 3, "bias": 0}]),
        broken(picture={**SCENE.content()["picture"], "rows": 99}),
        broken(picture={**SCENE.content()["picture"], "levels": "no levels"}),
        broken(activation="tanh"),
        broken(trace={"on": "output"}),
        broken(zoom=None),
    ],
)
def test_what_cannot_be_leaves_the_scene_as_it_was(report, content):
    """Broken content from a browser changes nothing and raises nothing."""
    assert report(content) is SCENE


def test_the_choice_and_the_zoom_stay_in_their_bounds(report):
    """A filter that there is not and a zoom too close are cut to what there is."""
    scene = report(broken(chosen=9, zoom=50))
    assert (scene.chosen, scene.zoom) == (1, 4)


def test_groups_take_a_fourth_slice_and_give_it_back():
    """In groups a colour picture has brightness as a fourth channel; a grey one stays as it is."""
    assert [slices_for(3, GROUPED), slices_for(3, SUMMED), slices_for(1, SUMMED)] == [4, 3, 1]
    four = SCENE.with_slices(GROUPED)
    assert {cube.shape for cube in four.cubes} == {(3, 3, 4)}
    assert_same(four.with_slices(SUMMED), SCENE)
