"""The slope of the error against TensorFlow's, and the optimisers against Keras's."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops.activation import ACTIVATIONS, SLOPES
from core.ops.gradient import curvature, loss, loss_and_gradient
from core.ops.optimisers import OPTIMISERS

KERAS_OPTIMISERS = {
    "plain": lambda rate: keras.optimizers.SGD(rate),
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "adam": lambda rate: keras.optimizers.Adam(rate),
}


@st.composite
def cases(draw):
    """Pictures (N, H, W), a kernel (kh, kw) and targets (N, H', W')."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kernel = random.normal(size=(draw(st.integers(1, 5)), draw(st.integers(1, 5))))
    cells = [draw(st.integers(1, 6)) for _ in range(2)]
    pictures = random.random((draw(st.integers(1, 3)), *(n + k - 1 for n, k in zip(cells, kernel.shape))))
    return pictures, kernel, random.normal(size=(len(pictures), *cells))


def seen_by(pictures, kernel):
    """What the kernel sees at each place: (N, H', W', kh, kw)."""
    return np.lib.stride_tricks.sliding_window_view(pictures, kernel.shape, axis=(1, 2))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@settings(max_examples=40, deadline=None)
@given(cases())
def test_loss_and_gradient_are_tensorflows(activation, case):
    """Through each activation, the mean squared error and its gradient are what TensorFlow's tape finds."""
    pictures, kernel, targets = case
    weights = tf.Variable(kernel)
    function = {"none": tf.identity, "relu": tf.nn.relu, "abs": tf.abs}[activation]
    with tf.GradientTape() as tape:
        sums = tf.nn.conv2d(pictures[..., np.newaxis], weights[:, :, tf.newaxis, tf.newaxis], 1, "VALID")[..., 0]
        error = tf.reduce_mean((function(sums) - targets) ** 2)
    expected = tape.gradient(error, weights).numpy()
    seen = seen_by(pictures, kernel)
    found, gradient = loss_and_gradient(seen, targets, kernel, activation)
    assert gradient.shape == kernel.shape
    np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9)
    assert found == pytest.approx(float(error), rel=1e-9)
    assert loss(seen, targets, kernel, activation) == pytest.approx(found, rel=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_at_zero_the_slope_is_tensorflows(activation):
    """Where an activation has a corner, at 0, the slope is the one that TensorFlow takes."""
    zero = tf.Variable([0.0, -0.0])
    with tf.GradientTape() as tape:
        value = {"none": tf.identity, "relu": tf.nn.relu, "abs": tf.abs}[activation](zero)
    np.testing.assert_array_equal(SLOPES[activation](np.zeros(2)), tape.gradient(value, zero).numpy())


@pytest.mark.parametrize("name", OPTIMISERS)
def test_an_optimiser_moves_as_keras_does_step_by_step(name):
    """Over forty random gradients, weights follow Keras's optimiser of the same name at every step."""
    random = np.random.default_rng(3)
    start = random.normal(size=(3, 3))
    weights, variable = start.copy(), keras.Variable(start, dtype="float64")
    rule, optimiser = OPTIMISERS[name](0.3), KERAS_OPTIMISERS[name](0.3)
    for _ in range(40):
        gradient = random.normal(size=(3, 3))
        weights = weights + rule.move(gradient)
        optimiser.apply([tf.constant(gradient)], [variable])
        np.testing.assert_allclose(weights, variable.numpy(), atol=1e-4)  # Keras keeps its rate in float32


def test_the_curvature_is_the_largest_second_derivative():
    """It is the steepest bend of the loss, as finite differences along all directions show it."""
    random = np.random.default_rng(5)
    seen, targets = random.random((40, 2, 3)), random.normal(size=40)
    kernel, tiny = random.normal(size=(2, 3)), 1e-3

    def slope(at):
        return loss_and_gradient(seen, targets, at, "none")[1].ravel()

    bends = [
        (slope(kernel + tiny * way) - slope(kernel - tiny * way)) / (2 * tiny) for way in np.eye(6).reshape(6, 2, 3)
    ]
    assert curvature(seen) == pytest.approx(np.linalg.eigvalsh(np.array(bends))[-1], rel=1e-6)
