"""The four ways as they are described and counted."""

import numpy as np
import pytest

from core.images.augmentation import LECTURE, Augmentation
from core.nets.layers import Dense, RandomFlip, RandomRotation, RandomZoom
from core.nets.network import total_parameters
from core.transfer.ways import (
    WAYS,
    WayResult,
    WayRun,
    as_probabilities,
    augmentation_layers,
    head_parameters,
    run_title,
    scratch_network,
    standing,
)


def result(way: str, seed: int, said) -> WayResult:
    return WayResult(WayRun(way, seed, 2), (), 0, 2.0 + seed, 0.1, 5, 0, np.array(said, float), np.zeros((0, 2)))


def test_the_lectures_numbers_come_out():
    """101,345 parameters from scratch; 25,690,625 in the head on ResNet50's 7×7×2048."""
    assert total_parameters(scratch_network(2)) == 101_345
    assert head_parameters((7, 7, 2048), 2) == 25_690_625


@pytest.mark.parametrize(
    "ways, seeds, number, title",
    [
        (list(WAYS), 1, 0, "Way 1 of 4: From scratch"),
        (list(WAYS), 3, 4, "Way 2 of 4: From scratch, augmented, run 2 of 3"),
        (["head"], 2, 1, "Frozen backbone + head, run 2 of 2"),
        (["head"], 1, 0, "Frozen backbone + head"),
    ],
)
def test_a_run_is_counted_among_the_ways_and_among_its_own(ways, seeds, number, title):
    """Four ways with one run each are four ways, not four runs of the first."""
    assert run_title([WayRun(way, seed, 2) for way in ways for seed in range(seeds)], number) == title


def test_more_than_two_classes_get_a_softmax():
    """One answer for each class; two classes share one sigmoid."""
    assert scratch_network(2).layers[-1] == Dense(1, "sigmoid")
    assert scratch_network(5).layers[-1] == Dense(5, "softmax")


def test_an_augmentation_becomes_the_layers_that_make_it():
    """Only what is switched on is a layer; they stand behind the rescaling and learn nothing."""
    assert augmentation_layers(LECTURE) == (RandomFlip("horizontal"), RandomRotation(0.1), RandomZoom(0.2))
    assert augmentation_layers(Augmentation()) == ()
    changed = scratch_network(2, LECTURE)
    assert changed.layers[1:4] == augmentation_layers(LECTURE)
    assert total_parameters(changed) == 101_345


def test_a_run_survives_json():
    """What goes to the worker is what was asked for."""
    run = WayRun("augmented", 3, 4, "", 7, Augmentation("vertical", rotation=0.2))
    assert WayRun.from_json(run.to_json()) == run
    assert WayRun("head", 0, 2).epochs == WAYS["head"].epochs


def test_mean_spread_and_error_left():
    """Two runs with 3 and 4 of 4 right: 87.5 %, 12.5 % left, a spread of 17.7 points."""
    right = [[1, 0], [1, 0], [0, 1], [0, 1]]
    runs = [result("head", 0, [[1, 0], [1, 0], [0, 1], [1, 0]]), result("head", 1, right)]
    line = standing("head", runs, [run.accuracy("validation", [0, 0, 1, 1]) for run in runs])
    assert (line.runs, line.accuracy, line.error_left) == (2, 0.875, 0.125)
    assert line.spread == pytest.approx(np.std([0.75, 1], ddof=1))
    assert line.seconds == 2.5


def test_a_way_nobody_went_has_no_numbers():
    """An empty line, and one run has no spread."""
    assert standing("scratch", [], []).error_left is None
    assert standing("head", [result("head", 0, [[1, 0]])], [1.0]).spread is None


def test_a_sigmoid_speaks_of_the_second_class():
    """0.9 means: 10 % the first, 90 % the second."""
    np.testing.assert_allclose(as_probabilities([[0.9]]), [[0.1, 0.9]])
    np.testing.assert_allclose(as_probabilities([[0.2, 0.3, 0.5]]), [[0.2, 0.3, 0.5]])


@pytest.mark.parametrize("bad", [{"way": "by foot"}, {"classes": 1}])
def test_what_is_no_run_is_refused(bad):
    """A way that is none, or one class only."""
    with pytest.raises(ValueError, match="Received"):
        WayRun(**{"way": "head", "seed": 0, "classes": 2, **bad})
