"""Flat maps and neighbours, against SciPy."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.linalg import eigh
from scipy.spatial.distance import cdist

from core.transfer import feature_map
from core.transfer.feature_map import as_pixels, explained, flat_map, nearest, neighbours_agree


def cloud(seed: int, count: int, depth: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, depth)) * np.geomspace(3, 0.1, depth)


@given(seed=st.integers(0, 1000), count=st.integers(4, 30), depth=st.integers(3, 40))
def test_the_map_keeps_the_two_widest_directions(seed, count, depth):
    """The places vary along their axes in the ratio of the two largest eigenvalues of the covariance."""
    points = cloud(seed, count, depth)
    strengths = eigh(np.cov(points.T), eigvals_only=True)[::-1]
    spread = np.var(flat_map(points), axis=0, ddof=1)
    assert spread[1] / spread[0] == pytest.approx(strengths[1] / strengths[0], rel=1e-6)
    assert explained(points) == pytest.approx(strengths[:2].sum() / strengths.sum(), rel=1e-6)


@given(seed=st.integers(0, 1000), count=st.integers(2, 25))
def test_neighbours_are_the_closest_by_angle(seed, count):
    """They are those with the smallest cosine distance, in that order."""
    points = cloud(seed, count, 8)
    distances = cdist(points, points, "cosine")
    np.fill_diagonal(distances, np.inf)
    found = nearest(points, 3)
    np.testing.assert_allclose(
        np.take_along_axis(distances, found, 1), np.sort(distances, axis=1)[:, : min(3, count - 1)], atol=1e-12
    )


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-9, 9)))
def test_few_and_equal_points_have_a_map_too(points):
    """One picture, or all the same: places within −1 to 1."""
    places = flat_map(points)
    assert places.shape == (len(points), 2)
    assert np.abs(places).max() <= 1 + 1e-9


def test_the_share_of_pictures_beside_their_own_kind():
    """Two tight heaps: every picture's neighbour is of its class; with labels mixed, none is."""
    points = np.array([[1, 0.0], [1, 0.1], [0.0, 1], [0.1, 1]])
    assert neighbours_agree(nearest(points, 1), [0, 0, 1, 1]) == 1
    assert neighbours_agree(nearest(points, 1), [0, 1, 0, 1]) == 0


def test_pixels_are_light_from_0_to_1():
    """A white picture is a point of ones."""
    assert as_pixels([np.full((2, 2, 3), 255, np.uint8)]).tolist() == [[1.0] * 12]


def test_a_method_whose_library_is_not_here_is_refused_by_name(monkeypatch):
    """PCA needs none, the others say what there is."""
    monkeypatch.setattr(feature_map.importlib.util, "find_spec", lambda name: sys if name == "numpy" else None)
    assert feature_map.available_methods() == ("pca",)
    with pytest.raises(ValueError, match="one of pca here. Received: method='tsne'"):
        flat_map(np.eye(3), "tsne")


def test_what_is_no_number_is_refused():
    """A NaN has no place on a map."""
    with pytest.raises(ValueError, match="finite"):
        flat_map(np.array([[1.0, np.nan]]))
