"""The run of gradient descent against the same training in Keras; how runs end and what is said of it."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.explain.filter_learning import Learning, learn
from core.explain.learning_source import learning_source
from core.explain.learning_verdict import largest_rate, verdict
from core.images.digits import draw_digits
from core.ops.filter_bank import FILTER_BANK

LEVELS = draw_digits(range(10), 0)
PICTURES = LEVELS / 255
VERTICAL = FILTER_BANK["vertical"].kernel
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def by_keras(run, settings):
    """The kernels of the same run, each step taken by Keras's optimiser along TensorFlow's gradient."""
    optimiser = {
        "plain": keras.optimizers.SGD(settings.rate),
        "momentum": keras.optimizers.SGD(settings.rate, momentum=0.9),
        "adam": keras.optimizers.Adam(settings.rate),
    }[settings.optimiser]
    weights = keras.Variable(run.kernels[0], dtype="float64")
    kernels = [run.kernels[0]]
    for batch in run.batches:
        with tf.GradientTape() as tape:
            sums = tf.nn.conv2d(PICTURES[batch][..., None], weights.value[:, :, None, None], 1, "VALID")[..., 0]
            outputs = tf.nn.relu(sums) if settings.activation == "relu" else sums
            error = tf.reduce_mean((outputs - run.targets[batch]) ** 2)
        optimiser.apply([tape.gradient(error, weights.value)], [weights])
        kernels.append(weights.numpy())
    return np.array(kernels)


@pytest.mark.parametrize("activation", ["none", "relu"])
@pytest.mark.parametrize("optimiser, rate", [("plain", 0.5), ("momentum", 0.2), ("adam", 0.1)])
def test_every_step_is_the_one_that_keras_takes(optimiser, rate, activation):
    """From the same start, with small noisy batches, all filters of the run are Keras's."""
    settings = Learning(optimiser, rate, batch=5, noise=0.1, seed=4, activation=activation, steps=40)
    run = learn(PICTURES, VERTICAL, settings)
    np.testing.assert_allclose(run.kernels, by_keras(run, settings), atol=2e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_usual_settings_find_the_filter(seed):
    """From any random numbers, the settings that the page opens with end within a hundredth of the hidden filter."""
    run = learn(PICTURES, VERTICAL, Learning(seed=seed))
    np.testing.assert_allclose(run.kernels[-1], VERTICAL, atol=0.01)
    assert np.abs(run.kernels[0] - VERTICAL).max() > 0.5


def test_the_seed_is_the_run():
    """The same seed gives the same run, another one other random numbers; noise changes neither start nor order."""
    settings = Learning(batch=2, noise=0.2, seed=7)
    one, same = (learn(PICTURES, VERTICAL, settings) for _ in range(2))
    np.testing.assert_array_equal(one.kernels, same.kernels)
    quiet = learn(PICTURES, VERTICAL, replace(settings, noise=0.0))
    np.testing.assert_array_equal(one.kernels[0], quiet.kernels[0])
    np.testing.assert_array_equal(one.batches, quiet.batches)
    assert (learn(PICTURES, VERTICAL, replace(settings, seed=8)).kernels[0] != one.kernels[0]).any()


def test_each_round_takes_every_picture_once():
    """With two pictures a step, five steps are one pass over the ten, and the next pass is in another order."""
    batches = learn(PICTURES, VERTICAL, Learning(batch=2, steps=10)).batches
    assert sorted(batches[:5].ravel()) == sorted(batches[5:].ravel()) == list(range(10))
    assert (batches[:5] != batches[5:]).any()


def test_noise_is_added_to_the_targets_with_the_spread_that_was_asked_for():
    """The targets differ from the filter's outputs by noise of that standard deviation."""
    off = learn(PICTURES, VERTICAL, Learning(noise=0.2)).targets - learn(PICTURES, VERTICAL, Learning()).targets
    assert off.std() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("name", ["vertical", "circle", "scharr-vertical"])
@pytest.mark.parametrize("activation", ["none", "relu"])
@pytest.mark.parametrize("optimiser", ["plain", "momentum", "adam"])
@pytest.mark.parametrize("batch", [1, 10])
def test_no_learning_rate_overflows(name, activation, optimiser, batch):
    """However large the rate, the run ends with finite numbers and without a warning."""
    run = learn(PICTURES, FILTER_BANK[name].kernel, Learning(optimiser, 10.0, batch, activation=activation))
    for numbers in (run.kernels, run.losses, run.gradients):
        assert np.isfinite(numbers.astype(np.float32)).all()


@pytest.mark.parametrize("optimiser", ["plain", "momentum"])
def test_the_largest_rate_is_where_runs_begin_to_diverge(optimiser):
    """A little below the rate that is named the loss falls, a little above it the run diverges."""
    most = largest_rate(learn(PICTURES, VERTICAL, Learning(optimiser)), Learning(optimiser))
    below = learn(PICTURES, VERTICAL, Learning(optimiser, 0.97 * most, steps=2000))
    above = learn(PICTURES, VERTICAL, Learning(optimiser, 1.03 * most, steps=2000))
    assert below.losses[-1] < 0.01 * below.losses[0]
    assert above.diverged


@pytest.mark.parametrize(
    "settings, words",
    [
        (Learning(), "Found: from step "),
        (Learning("plain"), "Try momentum."),
        (Learning("plain", rate=0.01), "Not there after 200 steps"),
        (Learning("plain", rate=2.0), "Here the learning rate must stay below "),
        (Learning("plain", rate=10.0, activation="relu"), "Dead: all its sums are below 0"),
        (Learning(batch=1, rate=0.1, noise=0.5), "As good as the noise allows (0.5² = 0.25)"),
    ],
)
def test_how_a_run_ended_is_said(settings, words):
    """Each way to end has its line, with the reason or what to try."""
    line, meaning = verdict(learn(PICTURES, VERTICAL, settings), VERTICAL, settings)
    assert words in line
    assert len(meaning) > 100


def test_a_run_that_jumps_about_is_called_restless():
    """Too large a rate for single pictures does not come down, and a smaller one is advised."""
    settings = Learning(batch=1, rate=0.5, seed=1)
    run = learn(PICTURES, FILTER_BANK["circle"].kernel, settings)
    line, _ = verdict(run, FILTER_BANK["circle"].kernel, settings)
    assert ("Restless" in line or "Diverged" in line) and "Take a smaller learning rate." in line


def test_found_is_said_from_the_step_on_where_it_stays_found():
    """At the step that is named, and at all later ones, every number is within 0.05; one step earlier it is not."""
    run = learn(PICTURES, VERTICAL, Learning())
    line, _ = verdict(run, VERTICAL, Learning())
    step = int(line.split("from step ")[1].split()[0])
    off = np.abs(run.kernels - VERTICAL).max(axis=(1, 2))
    assert (off[step:] <= 0.05).all() and off[step - 1] > 0.05


@pytest.mark.parametrize(
    "settings",
    [Learning(steps=30), Learning("adam", 0.1, 5, 0.1, 3, "relu", 30), Learning("plain", 0.5, 2, 0.0, 2, "none", 30)],
)
def test_the_keras_code_trains_the_same_filter(settings, capsys):
    """The code that is shown runs as it is and ends with the numbers of the run."""
    names = {}
    exec(learning_source(LEVELS, VERTICAL, settings, 30), names)
    np.testing.assert_allclose(names["kernel"], learn(PICTURES, VERTICAL, settings).kernels[-1], atol=2e-3)
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong, rule",
    [
        ({"optimiser": "newton"}, "optimiser must be one of plain, momentum, adam"),
        ({"activation": "tanh"}, "activation must be one of"),
        ({"rate": 0.0}, "above 0"),
        ({"rate": float("nan")}, "above 0"),
        ({"noise": -0.1}, "at least 0"),
        ({"batch": 0}, "at least 1"),
        ({"steps": 0}, "at least 1"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong, rule):
    """The message holds the rule and what arrived."""
    with pytest.raises(ValueError, match=rule) as refusal:
        Learning(**wrong)
    assert "Received" in str(refusal.value)


def test_a_batch_larger_than_the_pictures_is_refused():
    """Eleven of ten pictures cannot be looked at."""
    with pytest.raises(ValueError, match="at most all 10 pictures"):
        learn(PICTURES, VERTICAL, Learning(batch=11))


def test_code_for_pictures_that_do_not_fill_their_batches_is_refused():
    """The code shuffles whole batches only."""
    with pytest.raises(ValueError, match="whole batches"):
        learning_source(LEVELS, VERTICAL, Learning(batch=3), 30)
