"""Optimisers for one device: they do what Keras's do, and leave nothing behind."""

import gc
import weakref

import keras
import numpy as np
import pytest

from core.compute.one_device import on_one_device

KINDS = [keras.optimizers.Adam, keras.optimizers.SGD]


def trained(optimiser, loss="mse") -> list[np.ndarray]:
    """The weights of a small network after two steps, from the same start."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile(optimiser, loss=loss, jit_compile=False)
    random = np.random.default_rng(0)
    model.fit(random.normal(size=(8, 4)), random.normal(size=(8, 1)), batch_size=4, verbose=0, shuffle=False)
    return model.get_weights()


def graphs_left(optimiser) -> int:
    """How many of the graphs of a training step are still in memory after the training.

    Only its own are asked for: other tests' graphs may go at any moment, with the threads that hold them.
    """
    import tensorflow

    seen = weakref.WeakSet()

    def loss(truth, said):
        seen.add(tensorflow.compat.v1.get_default_graph())
        return keras.ops.mean(keras.ops.square(truth - said))

    trained(optimiser, loss)
    del loss
    gc.collect()
    return len(seen)


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_what_keras_learns(kind):
    """The same weights, to the last bit."""
    for ours, theirs in zip(trained(on_one_device(kind)(0.1)), trained(kind(0.1))):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's own register")
def test_a_trained_network_takes_its_graphs_with_it():
    """With Keras's own optimiser each leaves one behind; should that end, ours is not needed any more."""
    assert graphs_left(on_one_device(keras.optimizers.Adam)(0.1)) == 0
    assert graphs_left(keras.optimizers.Adam(0.1)) > 0
