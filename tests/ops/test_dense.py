"""A convolution as one big matrix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz

from core.ops.convolution import Convolution, pre_activation
from core.ops.dense import NO_WEIGHT, dense_matrix, weight_places


@st.composite
def cases(draw):
    """(picture, kernel, Convolution) that fit together."""
    kernel_shape = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    stride, dilation = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    shape = tuple((k - 1) * dilation + stride + draw(st.integers(0, 4)) for k in kernel_shape)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    padding = draw(st.sampled_from(["valid", "same"]) | st.integers(0, 3))
    chosen = Convolution(stride=stride, padding=padding, dilation=dilation, flip=draw(st.booleans()))
    return random.normal(size=shape), random.normal(size=kernel_shape), chosen


@settings(max_examples=120, deadline=None)
@given(cases())
def test_the_matrix_computes_the_convolution(case):
    """Times the picture written as one column it gives every sum of the convolution, for all strides and paddings."""
    picture, kernel, chosen = case
    sums = dense_matrix(kernel, picture.shape, chosen) @ picture.ravel()
    np.testing.assert_allclose(sums, pre_activation(picture, kernel, chosen).ravel(), atol=1e-10)


def test_in_one_dimension_it_is_a_toeplitz_matrix():
    """For a row of pixels it is the band matrix that SciPy builds."""
    kernel = np.array([[2.0, -1, 3]])
    expected = toeplitz([2.0, 0, 0, 0], [2.0, -1, 3, 0, 0, 0])
    np.testing.assert_array_equal(dense_matrix(kernel, (1, 6)), expected)


def test_the_lessons_matrix_is_16_by_36_with_nine_numbers():
    """For a 6×6 picture and a 3×3 filter: 576 entries, 144 of them weights, each of the nine 16 times."""
    places = weight_places((3, 3), (6, 6))
    assert places.shape == (16, 36)
    assert np.count_nonzero(places != NO_WEIGHT) == 144
    assert [np.count_nonzero(places == weight) for weight in range(9)] == [16] * 9


def test_a_kernel_that_does_not_fit_is_refused():
    """A filter larger than its picture has no matrix."""
    with pytest.raises(ValueError, match="must fit inside"):
        dense_matrix(np.ones((3, 3)), (2, 6))
