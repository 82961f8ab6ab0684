"""The race of the weights as a figure."""

import math

import pytest

from core.figures.parameter_race import SMALLEST_SQUARE, race_bars, race_squares

IMAGENET = (38_535_168, 864)


def test_each_layer_has_one_bar_as_long_as_its_weights():
    """Lengths are the counts on a log axis, labels stand at the ends of their bars."""
    figure = race_bars(*IMAGENET, labels=("39 million", "864"), dark=False)
    bars = dict(zip(figure.data[0].y, figure.data[0].x))
    assert bars == {"Dense": 38_535_168, "Convolution": 864}
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.title.text.endswith("each line is 1,000 times the one before")
    labels = {note.y: (note.text, note.x) for note in figure.layout.annotations if note.y in bars}
    assert labels["Dense"] == ("<b>39 million</b>", math.log10(38_535_168))
    assert labels["Convolution"] == ("<b>864</b>", math.log10(864))


@pytest.mark.parametrize("dense", [64, 4096**2 * 256 * 4096])
def test_the_axis_stands_still_and_holds_every_bar(dense):
    """Nothing jumps when a slider moves: the range is the same for the smallest and the largest layer."""
    figure = race_bars(dense, 1, labels=("", ""), dark=True)
    assert figure.layout.xaxis.range == race_bars(*IMAGENET, labels=("", ""), dark=True).layout.xaxis.range
    assert math.log10(dense) < figure.layout.xaxis.range[1]


def squares(figure):
    return [shape for shape in figure.layout.shapes if shape.type == "rect"]


@pytest.mark.parametrize("counts", [IMAGENET, (100_352, 288), (64, 6400)])
def test_the_squares_are_to_scale(counts):
    """The areas have the ratio of the counts."""
    figure = race_squares(*counts, dark=False)
    assert figure.layout.annotations[0].text.endswith("to scale, as areas")
    dense, convolutional = squares(figure)
    ratio = ((dense.x1 - dense.x0) / (convolutional.x1 - convolutional.x0)) ** 2
    assert ratio == pytest.approx(counts[0] / counts[1], rel=1e-6)


def test_a_square_too_small_to_be_seen_says_that_it_is_enlarged():
    """Three million to one cannot be drawn; the figure does not pretend."""
    figure = race_squares(2_743_372_800, 864, dark=False)
    assert figure.layout.annotations[0].text == "3,175,200 : 1 (speck enlarged)"
    _, speck = squares(figure)
    assert speck.x1 - speck.x0 == pytest.approx(SMALLEST_SQUARE)
