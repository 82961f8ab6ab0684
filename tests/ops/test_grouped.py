"""Grouped and depthwise convolution against Keras, over random shapes and settings."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops.convolution import Convolution, convolve
from core.ops.grouped import depthwise_convolve, grouped_convolve

RELU = {"relu": lambda x: np.maximum(x, 0), "none": lambda x: x}


@st.composite
def travels(draw):
    """(picture side, kernel side, Convolution without a bias) that fit together and that Keras accepts."""
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    dilation = draw(st.integers(1, 3)) if stride == 1 else 1
    side = max((kernel - 1) * dilation + 1, stride) + draw(st.integers(0, 6))
    padding, activation = draw(st.sampled_from(["valid", "same"])), draw(st.sampled_from(["relu", "none"]))
    return side, kernel, Convolution(stride=stride, dilation=dilation, padding=padding, activation=activation)


@settings(max_examples=60, deadline=None)
@given(travels(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_grouped_convolution_is_keras(travel, groups, each_in, each_out, seed):
    """Any picture split into any groups gives the maps of Keras's Conv2D with groups."""
    side, kernel, chosen = travel
    random = np.random.default_rng(seed)
    picture = random.random((side, side + 1, groups * each_in))
    filters = random.normal(size=(kernel, kernel, each_in, groups * each_out))
    biases = random.normal(size=groups * each_out)
    layer = keras.layers.Conv2D(
        groups * each_out, kernel, chosen.stride, chosen.padding, dilation_rate=chosen.dilation, groups=groups
    )
    layer.build((None, None, None, groups * each_in))
    layer.set_weights([filters, biases])
    expected = RELU[chosen.activation](keras.ops.convert_to_numpy(layer(picture[None].astype("float32")))[0])
    chosen = Convolution(**chosen.geometry, activation=chosen.activation, bias=tuple(biases))
    np.testing.assert_allclose(grouped_convolve(picture, filters, groups, chosen), expected, rtol=1e-4, atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(travels(), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_depthwise_convolution_is_keras(travel, channels, multiplier, seed):
    """Any picture and any number of slices a channel give Keras's depthwise maps, in Keras's order."""
    side, kernel, chosen = travel
    random = np.random.default_rng(seed)
    picture = random.random((side, side + 2, channels))
    slices = random.normal(size=(kernel, kernel, channels, multiplier))
    sums = keras.ops.depthwise_conv(picture[None], slices, chosen.stride, chosen.padding, dilation_rate=chosen.dilation)
    expected = RELU[chosen.activation](keras.ops.convert_to_numpy(sums)[0])
    np.testing.assert_allclose(depthwise_convolve(picture, slices, chosen), expected, rtol=1e-9, atol=1e-9)


def test_one_group_is_a_usual_convolution():
    """With one group every filter sees every channel."""
    random = np.random.default_rng(1)
    picture, filters = random.random((6, 7, 4)), random.normal(size=(3, 2, 4, 5))
    np.testing.assert_allclose(grouped_convolve(picture, filters, 1), convolve(picture, filters))


def test_as_many_groups_as_channels_is_depthwise():
    """A group for each channel keeps the channels apart."""
    random = np.random.default_rng(2)
    picture, slices = random.random((6, 6, 3)), random.normal(size=(3, 3, 3))
    grouped = grouped_convolve(picture, slices[:, :, np.newaxis, :], 3)
    np.testing.assert_allclose(grouped, depthwise_convolve(picture, slices))


def test_what_does_not_split_evenly_is_refused():
    """Neither channels nor filters may be left over."""
    with pytest.raises(ValueError, match="evenly into 2 groups. Received: 3 channels, 4 filters"):
        grouped_convolve(np.ones((5, 5, 3)), np.ones((3, 3, 1, 4)), 2)
    with pytest.raises(ValueError, match="evenly into 2 groups. Received: 4 channels, 3 filters"):
        grouped_convolve(np.ones((5, 5, 4)), np.ones((3, 3, 2, 3)), 2)
    with pytest.raises(ValueError, match="groups must be a whole number"):
        grouped_convolve(np.ones((5, 5, 4)), np.ones((3, 3, 2, 4)), 0)


def test_slices_that_do_not_match_the_channels_are_refused():
    """A depthwise kernel has a slice for each channel, and a bias for each map or one for all."""
    with pytest.raises(ValueError, match="Received: 3 channels in the picture, 2 in the kernel"):
        depthwise_convolve(np.ones((5, 5, 3)), np.ones((3, 3, 2)))
    with pytest.raises(ValueError, match="Received: 2 biases, 3 maps"):
        depthwise_convolve(np.ones((5, 5, 3)), np.ones((3, 3, 3)), Convolution(bias=(1.0, 2.0)))
