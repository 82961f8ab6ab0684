"""Optimisers for one device: they do what Keras's do, and leave nothing behind."""

import gc

import keras
import numpy as np
import pytest

from core.compute.one_device import on_one_device

KINDS = [keras.optimizers.Adam, keras.optimizers.SGD]


def trained(optimiser) -> list[np.ndarray]:
    """The weights of a small network after two steps, from the same start."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile(optimiser, loss="mse", jit_compile=False)
    random = np.random.default_rng(0)
    model.fit(random.normal(size=(8, 4)), random.normal(size=(8, 1)), batch_size=4, verbose=0, shuffle=False)
    return model.get_weights()


def graphs() -> int:
    """TensorFlow's graphs in memory."""
    gc.collect()
    return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_what_keras_learns(kind):
    """The same weights, to the last bit."""
    for ours, theirs in zip(trained(on_one_device(kind)(0.1)), trained(kind(0.1))):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's own register")
def test_a_trained_network_takes_its_graphs_with_it():
    """With Keras's own optimiser each leaves one behind; should that end, ours is not needed any more."""
    before = graphs()
    trained(on_one_device(keras.optimizers.Adam)(0.1))
    assert graphs() == before
    trained(keras.optimizers.Adam(0.1))
    assert graphs() > before
