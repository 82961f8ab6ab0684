"""When a network says "neither": distances against a slow reference, the threshold, and the way to JSON and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.transfer.novelty import NEAREST, Novelty, fit


def two_heaps(seed: int, count: int = 40, size: int = 12) -> np.ndarray:
    """Features of two classes, as ReLU and a mean leave them: positive."""
    random = np.random.default_rng(seed)
    middles = np.abs(np.random.default_rng(99).normal(size=(2, size)))
    return np.abs(middles[np.arange(count) % 2] + 0.1 * random.normal(size=(count, size)))


def slow_distance(training: np.ndarray, one: np.ndarray) -> float:
    """1 − cosine, averaged over the nearest training pictures or twice the nearest, one pair at a time."""
    cosines = [
        sum(x * y for x, y in zip(known, one)) / (sum(known * known) ** 0.5 * sum(one * one) ** 0.5)
        for known in training
    ]
    return min(1 - sum(sorted(cosines)[-NEAREST:]) / NEAREST, 2 * (1 - max(cosines)))


def test_distances_are_those_of_the_slow_reference():
    training, asked = two_heaps(1), two_heaps(2, 10)
    memory = fit(training, two_heaps(3))
    expected = [slow_distance(training, one) for one in asked]
    np.testing.assert_allclose(memory.distance(asked), expected, atol=1e-5)


@given(st.integers(0, 1000), st.sampled_from([0.5, 0.9, 1.0]))
def test_the_share_that_shall_pass_passes(seed, passing):
    """Of the validation pictures, at least that share counts as known, and not one more than needed."""
    validation = two_heaps(seed + 1)
    known = ~fit(two_heaps(seed), validation, passing).is_new(validation)
    assert passing - 1 / len(validation) <= known.mean() <= passing + 1 / len(validation)


def test_pictures_of_another_kind_are_new():
    """Features that point elsewhere are far away; new pictures of the two classes are not."""
    memory = fit(two_heaps(1), two_heaps(2))
    strangers = np.abs(np.random.default_rng(5).normal(size=(50, 12)))
    assert memory.is_new(strangers).mean() > 0.8
    assert memory.is_new(two_heaps(6)).mean() < 0.25


def test_what_was_taught_with_a_single_picture_is_known():
    """It and what is like it, though no other training picture is near; something else stays new."""
    one, other = np.eye(12)[[4, 7]]
    alike = np.abs(one + 0.02 * np.random.default_rng(3).normal(size=(20, 12)))
    before, after = fit(two_heaps(1), two_heaps(2)), fit(np.vstack([two_heaps(1), one]), two_heaps(2))
    assert before.is_new(alike).all()
    assert not after.is_new(np.vstack([alike, one])).any()
    assert after.is_new(other).all()


def test_how_strongly_a_picture_speaks_does_not_matter():
    """All maps twice as strong is the same distance."""
    memory = fit(two_heaps(1), two_heaps(2))
    one = two_heaps(3)[:1]
    np.testing.assert_allclose(memory.distance(one), memory.distance(2 * one), atol=1e-5)


def test_one_picture_may_come_without_a_batch():
    memory = fit(two_heaps(1), two_heaps(2))
    assert memory.distance(two_heaps(3)[0]).shape == (1,)


def test_json_and_back():
    """Through text, distances stay within half precision; verdicts of pictures that are not on the edge stay."""
    memory = fit(two_heaps(1), two_heaps(2))
    again = Novelty.from_json(json.loads(json.dumps(memory.to_json())))
    np.testing.assert_allclose(again.distance(two_heaps(3)), memory.distance(two_heaps(3)), atol=5e-3)
    assert again.threshold == memory.threshold


def test_a_single_training_picture_will_do():
    """Fewer pictures than neighbours are averaged over those that there are."""
    assert np.isfinite(fit(two_heaps(1)[:1], two_heaps(2)).distance(two_heaps(3))).all()


def test_many_training_pictures_are_thinned_out():
    assert len(fit(two_heaps(1, 2000), two_heaps(2)).directions) == 512


@pytest.mark.parametrize("bad", [np.zeros(3), np.zeros((0, 3)), np.full((2, 3), np.nan)])
def test_features_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match=r"Features are \(n, d\) finite numbers. Received: training"):
        fit(bad, two_heaps(1))


def test_features_of_another_network_are_refused():
    with pytest.raises(ValueError, match="Features have 12 numbers a picture here. Received: shape"):
        fit(two_heaps(1), two_heaps(2)).distance(np.ones((2, 5)))


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"threshold": "x", "directions": ""},
        {"threshold": 1.0, "directions": "!"},
        {"threshold": 1.0, "features": 0},
        {"threshold": float("nan")},
    ],
)
def test_json_that_is_none_is_refused(broken):
    content = {**fit(two_heaps(1), two_heaps(2)).to_json(), **broken} if "threshold" in broken else broken
    with pytest.raises(ValueError, match="Received: "):
        Novelty.from_json(content)
