"""The generated lesson is run as it stands and its maps compared with Keras-checked core/ops."""

from itertools import product

import numpy as np
import pytest

from core.nets.layer_source import layer_source
from core.ops.convolution import Convolution
from core.ops.layers import GROUPED, KINDS, SUMMED, layer_maps, parameter_count

TRAVELS = [
    Convolution(),
    Convolution(padding="same", stride=2),
    Convolution(padding=1, stride=2, activation="none"),
    Convolution(padding=2, dilation=2, activation="abs"),
    Convolution(dilation=2, stride=2),
]


def run(source):
    """The variables that the source leaves behind."""
    variables = {}
    exec(compile(source, "lesson.py", "exec"), variables)
    return variables


def a_layer(channels=4, filters=4, kernel=(3, 3)):
    random = np.random.default_rng(channels * 10 + filters)
    cubes = [np.round(random.normal(size=(*kernel, channels)), 2) for _ in range(filters)]
    return random.integers(0, 256, (8, 9, channels), dtype=np.uint8), cubes, np.round(random.normal(size=filters), 2)


@pytest.mark.parametrize(("kind", "travel"), list(product(KINDS, TRAVELS)), ids=str)
def test_the_lesson_gives_the_numbers_on_the_screen(kind, travel, capsys):
    """Every kind of layer, with every kind of travel, runs in Keras and gives the same maps; its shape is printed."""
    levels, cubes, biases = a_layer()
    expected = layer_maps(levels / 255, cubes, biases, kind, travel)
    lesson = run(layer_source(levels, cubes, biases, kind, travel))
    assert lesson["feature_maps"].shape == expected.shape
    np.testing.assert_allclose(lesson["feature_maps"], expected, rtol=1e-4, atol=1e-4)
    printed = capsys.readouterr().out
    assert str(expected.shape) in printed
    assert f"{parameter_count((3, 3), 4, 4, kind):,} parameters" in printed


def test_one_grey_channel_and_a_1x1_filter_run_too():
    """The smallest layer is a layer."""
    levels, cubes, biases = a_layer(channels=1, filters=1, kernel=(1, 1))
    lesson = run(layer_source(levels, cubes, biases, SUMMED, Convolution()))
    np.testing.assert_allclose(
        lesson["feature_maps"], layer_maps(levels / 255, cubes, biases, SUMMED, Convolution()), rtol=1e-5, atol=1e-5
    )


def test_what_the_layer_refuses_the_lesson_refuses():
    """A filter too large and groups that do not split are refused in the words of core/ops."""
    levels, cubes, biases = a_layer(kernel=(9, 9))
    with pytest.raises(ValueError, match="must fit inside"):
        layer_source(levels, cubes, biases, SUMMED, Convolution())
    levels, cubes, biases = a_layer(filters=3)
    with pytest.raises(ValueError, match="evenly into 2 groups"):
        layer_source(levels, cubes, biases, GROUPED, Convolution())
