"""Runs on a person's own pictures at the desk: trained again on the same ones, and forgotten when they should be."""

import numpy as np
import pytest

from core.nets.layers import Dense, Flatten, Rescaling
from core.nets.network import Network
from core.training.desk import MOST_OWN
from core.training.pictures import OwnPictures
from core.training.spec import OWN, RunSpec
from tests.compute.waiting import wait_until


def own_pictures(count=20):
    """Black and white squares, in two classes."""
    y = np.arange(count) % 2
    x = np.repeat(255 * y, 28 * 28).reshape(count, 28, 28, 1).astype(np.uint8)
    return OwnPictures(x, y, x[:4], y[:4], ("black", "white"))


def own_run(desk, visitor="ann", own=None):
    network = Network((28, 28, 1), (Rescaling(), Flatten(), Dense(2, "softmax")))
    return desk.start(RunSpec(network, data=OWN, epochs=1), visitor, "mine", own or own_pictures())


def test_a_run_on_own_pictures_is_trained_again_on_the_same_ones(desk, work):
    """Whatever its visitor has at hand now."""
    pictures = own_pictures()
    name = own_run(desk, own=pictures)
    again = desk.again(name, "ann")
    assert desk._runs[again].own is pictures
    assert desk.view(again).fingerprint == desk.view(name).fingerprint == pictures.fingerprint
    assert own_pictures(22).fingerprint != pictures.fingerprint


def test_own_pictures_are_forgotten_when_their_visitor_asks(desk, work):
    """Those of others stay; the run and its curves stay too, but it cannot be trained again."""
    mine, other = own_run(desk), own_run(desk, "bob")
    desk.forget_pictures("ann")
    assert desk._runs[mine].own is None and desk._runs[other].own is not None
    wait_until(lambda: desk.view(mine).state == "stopped")
    with pytest.raises(ValueError, match="no longer kept"):
        desk.again(mine, "ann")


def test_of_ended_runs_only_the_newest_keep_their_pictures(desk, work):
    """Or the web process would grow with every run on own pictures."""
    names = []
    for _ in range(MOST_OWN + 2):
        names.append(own_run(desk))
        wait_until(lambda: len(work.runs) == len(names) and work.runs[-1].started)
        work.runs[-1].end()
        wait_until(lambda: desk.view(names[-1]).state == "finished")
    own_run(desk)
    assert [desk._runs[name].own is not None for name in names] == [False, False] + [True] * MOST_OWN
