"""A network whose batch norms became part of its convolutions says what it said before."""

import keras
import numpy as np
import pytest
from keras import layers

from core.transfer.folded import folded

RANDOM = np.random.default_rng(5)
PICTURES = RANDOM.uniform(0, 255, (3, 12, 12, 3)).astype(np.float32)


def any_norm(**options) -> layers.BatchNormalization:
    """One that has seen something: its four numbers a channel are drawn."""
    return layers.BatchNormalization(
        gamma_initializer="random_normal",
        beta_initializer="random_normal",
        moving_mean_initializer="random_normal",
        moving_variance_initializer=keras.initializers.RandomUniform(0.5, 2.0),
        **options,
    )


def network(*steps) -> keras.Model:
    """The steps in turn; a number leads back to what that step gave, and is added."""
    maps = [layers.Rescaling(1 / 255)(given := keras.Input((12, 12, 3)))]
    for step in steps:
        maps.append(layers.Add()([maps[-1], maps[step]]) if isinstance(step, int) else step(maps[-1]))
    return keras.Model(given, maps[-1])


def norms(model: keras.Model) -> int:
    return sum(isinstance(layer, layers.BatchNormalization) for layer in model.layers)


shared = layers.Conv2D(3, 3, padding="same", use_bias=False)
NETWORKS = {
    "behind a convolution": (network(layers.Conv2D(4, 3, use_bias=False), any_norm()), 0),
    "behind one with biases": (network(layers.Conv2D(4, 3, bias_initializer="ones"), any_norm()), 0),
    "without slope and lift": (network(layers.Conv2D(4, 3), any_norm(scale=False, center=False)), 0),
    "strides and groups": (network(layers.Conv2D(6, 3, strides=2, groups=3, padding="same"), any_norm()), 0),
    "a block with a way round": (network(shared, any_norm(), layers.ReLU(), shared, any_norm(), 2), 0),
    "the convolution is used twice": (network(layers.Conv2D(3, 1), any_norm(), 1), 0),
    "behind a ReLU": (network(layers.Conv2D(4, 3, activation="relu"), any_norm()), 1),
    "before a convolution": (network(any_norm(), layers.Conv2D(4, 3)), 1),
    "behind another kind of convolution": (network(layers.DepthwiseConv2D(3), any_norm()), 1),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_it_says_the_same(name):
    """And the norms that could be folded are gone, while the network that was given is as it was."""
    model, left = NETWORKS[name]
    before, had = model.predict_on_batch(PICTURES), norms(model)
    light = folded(model)
    np.testing.assert_allclose(light.predict_on_batch(PICTURES), before, rtol=1e-4, atol=1e-5)
    assert norms(light) == left
    assert norms(model) == had
    np.testing.assert_array_equal(model.predict_on_batch(PICTURES), before)


def test_all_outputs_are_there():
    """Maps and answer, in their order, as a recogniser asks for them."""
    given = keras.Input((12, 12, 3))
    maps = any_norm()(layers.Conv2D(4, 3)(given))
    answer = layers.Dense(2)(layers.GlobalAveragePooling2D()(maps))
    model = keras.Model(given, [maps, answer])
    light = folded(model)
    assert norms(light) == 0
    for ours, theirs in zip(light.predict_on_batch(PICTURES), model.predict_on_batch(PICTURES)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)
