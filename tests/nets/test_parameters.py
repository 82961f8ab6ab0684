"""The arithmetic of parameters, against Keras."""

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from core.nets.parameters import (
    Parameters,
    convolution_parameters,
    convolution_products,
    dense_parameters,
    layers_source,
)


def counted(layer, shape):
    """(weights, biases) as Keras makes them."""
    layer.build((None, *shape))
    kernel, bias = layer.weights
    return Parameters(int(kernel.numpy().size), int(bias.numpy().size))


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 40), st.integers(1, 4), st.integers(1, 40), st.integers(1, 40), st.integers(1, 7))
def test_both_layers_are_counted_as_keras_counts_them(side, channels, units, filters, kernel):
    """Weights and biases of any dense layer and any convolution are those that Keras makes."""
    assert counted(layers.Dense(units), (side * side * channels,)) == dense_parameters(side, channels, units)
    convolution = layers.Conv2D(filters, kernel)
    assert counted(convolution, (side, side, channels)) == convolution_parameters(channels, filters, kernel)


def test_the_lecture_s_figures():
    """3,024×3,024×3 into 100 units, and 224×224×3 into 256 units against 32 filters of 3×3×3."""
    assert dense_parameters(3024, 3, 100) == Parameters(2_743_372_800, 100)
    assert dense_parameters(224, 3, 256).total == 38_535_424
    assert convolution_parameters(3, 32, 3).total == 896


def test_a_parameter_takes_four_bytes():
    """Memory is that of float32, in millions of bytes."""
    assert dense_parameters(224, 3, 256).megabytes == pytest.approx(38_535_424 * 4 / 1_000_000)


def test_a_convolution_multiplies_at_every_place():
    """As many products as a loop over all places and all weights counts."""
    side, channels, filters, kernel = 9, 2, 3, 4
    places = sum(1 for row in range(side) for column in range(side) if max(row, column) + kernel <= side)
    assert convolution_products(side, channels, filters, kernel) == places * kernel * kernel * channels * filters


def printed(source):
    """What the source prints, as {name: number}."""
    lines = []
    exec(source, {"print": lines.append})
    return {name: int(number.replace(",", "")) for name, number in (line.split(": ") for line in lines)}


def test_the_source_lets_keras_count():
    """The Keras code runs and prints the numbers that the page shows."""
    numbers = printed(layers_source(28, 3, 16, 8, 5))
    assert numbers == {
        "dense": dense_parameters(28, 3, 16).total,
        "convolutional": convolution_parameters(3, 8, 5).total,
    }


def test_the_source_never_fills_the_memory():
    """Eleven gigabytes of weights are computed, not made; the sum is the same."""
    source = layers_source(3024, 3, 100, 32, 3)
    assert "Dense(" not in source
    assert printed(source) == {"dense": 2_743_372_900, "convolutional": 896}


@pytest.mark.parametrize("sizes", [(0, 3, 10), (8, 0, 10), (8, 3, -1), (8.0, 3, 10)])
def test_refuses_sizes_that_cannot_be(sizes):
    """A side, a count of channels or of units is a whole number of at least 1."""
    with pytest.raises(ValueError, match="must be a whole number of at least 1. Received"):
        dense_parameters(*sizes)


def test_resnet50_is_as_large_as_the_mark_in_the_figure():
    """The line in the race stands at all parameters of Keras's ResNet50."""
    from core.figures.parameter_race import RESNET50

    assert keras.applications.ResNet50(weights=None).count_params() == RESNET50
