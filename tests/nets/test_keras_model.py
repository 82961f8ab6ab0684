"""Every preset and networks made at random against Keras: shapes, parameters, names, weights."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from core.nets.keras_model import feature_model, keras_model
from core.nets.layers import BatchNorm, Conv2D, Dense, GlobalAveragePool, Rescaling
from core.nets.network import Network, layer_names, output_shape, rows, total_parameters, trainable_parameters
from core.nets.presets import PRESETS
from tests.nets.making import networks

RESNET50_STAGES = {6: "conv2_block3_out", 10: "conv3_block4_out", 16: "conv4_block6_out", 19: "conv5_block3_out"}


def agree(network, model):
    """The rows say what Keras says, layer by layer and in all."""
    for row in rows(network):
        assert model.get_layer(row.name).output.shape[1:] == row.output_shape, row.name
        parts = [layer for layer in model.layers if layer.name == row.name or layer.name.startswith(row.name + "__")]
        weights = [weight for layer in parts for weight in layer.weights if "seed_generator" not in weight.path]
        learnt = [weight for weight in weights if weight.trainable]
        assert sum(np.prod(weight.shape, dtype=int) for weight in weights) == row.parameters, row.name
        assert sum(np.prod(weight.shape, dtype=int) for weight in learnt) == row.trainable, row.name
    assert model.output.shape[1:] == output_shape(network)
    assert model.count_params() == total_parameters(network)
    assert sum(np.prod(weight.shape, dtype=int) for weight in model.trainable_weights) == trainable_parameters(network)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_agree_with_keras(name):
    """Shapes and parameters of every layer, learnt and frozen."""
    network = PRESETS[name].network
    agree(network, keras_model(network))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_made_up_networks_agree_with_keras(network):
    """Shapes and parameters of every layer, learnt and frozen."""
    keras.backend.clear_session()
    agree(network, keras_model(network))


def test_resnet50_is_the_one_of_keras():
    """23,587,712 parameters, 7×7×2048, and the same shape after every stage."""
    ours = PRESETS["resnet50"].network
    theirs = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(224, 224, 3))
    assert total_parameters(ours) == theirs.count_params() == 23_587_712
    assert output_shape(ours) == theirs.output.shape[1:] == (7, 7, 2048)
    table = rows(ours)
    assert table[2].output_shape == theirs.get_layer("conv1_relu").output.shape[1:]
    assert table[3].output_shape == theirs.get_layer("pool1_pool").output.shape[1:]
    for place, name in RESNET50_STAGES.items():
        assert table[place].output_shape == theirs.get_layer(name).output.shape[1:]


def test_the_same_seed_gives_the_same_weights():
    """And another seed gives others; two layers of one shape never share theirs."""
    network = PRESETS["small_vgg"].network
    first, again, other = (keras_model(network, seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again))
    assert not np.array_equal(first[0], other[0])
    kernels = [weights for weights in first if weights.shape == (3, 3, 16, 16)]
    twins = Network((9, 9, 1), (Conv2D(4), Conv2D(4), Conv2D(4)))
    second, third = keras_model(twins).get_weights()[2::2]
    assert len(kernels) == 1 and not np.array_equal(second, third)


def test_weights_spread_as_glorot_says():
    """A dense layer of 400 to 200: uniform within ± sqrt(6 / 600); biases are 0."""
    weights, biases = keras_model(
        Network((20, 20, 1), PRESETS["dense"].network.layers[1:2] + (Dense(200),))
    ).get_weights()
    assert np.abs(weights).max() == pytest.approx(0.1, rel=1e-3)
    assert weights.std() == pytest.approx(0.1 / np.sqrt(3), rel=0.02)
    assert not biases.any()


def test_feature_model_gives_the_maps_by_name():
    """All maps and nothing flat, with the shapes of the rows."""
    network = PRESETS["small_resnet"].network
    maps = feature_model(keras_model(network))(np.zeros((2, *network.input_shape)))
    expected = {row.name: (2, *row.output_shape) for row in rows(network) if len(row.output_shape) == 3}
    assert {name: tuple(value.shape) for name, value in maps.items()} == expected


def test_the_input_range_says_what_white_is():
    """A network that rescales takes 0 to 255, another takes 0 to 1."""
    assert PRESETS["lecture"].network.input_range == 255
    assert Network((8, 8, 1), (GlobalAveragePool(),)).input_range == 1
    assert Network((8, 8, 1), (BatchNorm(), Rescaling())).input_range == 255


def test_names_are_stable():
    """A layer's name says its kind and which of its kind it is."""
    assert layer_names(PRESETS["lecture"].network) == (
        "rescaling_1",
        "conv2d_1",
        "max_pool2d_1",
        "conv2d_2",
        "max_pool2d_2",
        "flatten_1",
        "dense_1",
        "dense_2",
    )
