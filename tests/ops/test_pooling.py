"""Pooling against Keras and plain loops, over random shapes, sizes, strides and paddings."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops.pooling import Pooling, average_pool, max_pool, trace_pool, windows_over

NUMBERS = np.array([[2.0, 7, 0, 1], [4, 3, 0, 0], [0, 1, 6, 6], [-2, 1, 8, 4]])


@st.composite
def cases(draw, channels=(None, 1, 3)):
    """(maps, Pooling) that fit together; negative numbers and repeated ones among them."""
    size = draw(st.integers(1, 4) | st.integers(1, 11))
    stride = draw(st.integers(1, 4) | st.just(size))
    padding = draw(st.sampled_from(["valid", "same"]))
    least = max(stride, size if padding == "valid" else 1)
    shape = [least + draw(st.integers(0, 7)), least + draw(st.integers(0, 7))]
    deep = draw(st.sampled_from(channels))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    maps = random.normal(size=shape + ([deep] if deep else []))
    return (maps.round() if draw(st.booleans()) else maps), Pooling(size, stride, padding)


def by_keras(layer, maps, chosen):
    """The reference: Keras's own layer, whose answer has the shape of maps' kind."""
    batch = maps.reshape(1, *maps.shape[:2], -1)
    pooled = layer(chosen.size, strides=chosen.stride, padding=chosen.padding, dtype="float64")(batch)
    pooled = keras.ops.convert_to_numpy(pooled)[0]  # (H', W', C)
    return pooled if maps.ndim == 3 else pooled[:, :, 0]


@settings(max_examples=100, deadline=None)
@given(cases())
def test_max_pooling_is_that_of_keras(case):
    """Each number of the max-pooled map is Keras's, whatever the size, stride and padding."""
    maps, chosen = case
    np.testing.assert_array_equal(max_pool(maps, chosen), by_keras(keras.layers.MaxPooling2D, maps, chosen))


@settings(max_examples=100, deadline=None)
@given(cases())
def test_average_pooling_is_that_of_keras(case):
    """Each mean is Keras's, also at a "same" border, where only the cells inside count."""
    maps, chosen = case
    expected = by_keras(keras.layers.AveragePooling2D, maps, chosen)
    np.testing.assert_allclose(average_pool(maps, chosen), expected, rtol=1e-12, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(cases(channels=(None,)), st.data())
def test_a_trace_ends_in_the_numbers_of_keras(case, data):
    """Largest number and mean of any trace are those of Keras's maps."""
    maps, chosen = case
    largest = by_keras(keras.layers.MaxPooling2D, maps, chosen)
    mean = by_keras(keras.layers.AveragePooling2D, maps, chosen)
    row, column = (data.draw(st.integers(0, n - 1)) for n in largest.shape)
    trace = trace_pool(maps, chosen, row, column)
    assert trace.max == largest[row, column]
    np.testing.assert_allclose(trace.average, mean[row, column], rtol=1e-12, atol=1e-12)
    assert [maps[cell] for cell in trace.cells] == list(trace.numbers)
    assert [cell for cell in trace.cells if maps[cell] == trace.max] == list(trace.winners)


@settings(max_examples=100, deadline=None)
@given(cases(channels=(None,)), st.data())
def test_backwards_is_the_reverse_of_forwards(case, data):
    """An input cell feeds exactly the output cells whose trace names it."""
    maps, chosen = case
    cell = tuple(data.draw(st.integers(0, n - 1)) for n in maps.shape)
    rows, columns = max_pool(maps, chosen).shape
    places = [(r, c) for r in range(rows) for c in range(columns)]
    assert windows_over(maps.shape, chosen, *cell) == [p for p in places if cell in trace_pool(maps, chosen, *p).cells]


def test_the_stack_is_pooled_slice_by_slice():
    """The lecture's 224×224×64 becomes 112×112×64, and no slice looks at another."""
    assert max_pool(np.zeros((224, 224, 64))).shape == (112, 112, 64)
    stack = np.random.default_rng(0).normal(size=(6, 6, 5))
    for pool in (max_pool, average_pool):
        for slice_ in range(5):
            np.testing.assert_allclose(pool(stack)[:, :, slice_], pool(stack[:, :, slice_]), rtol=1e-12)


def test_numbers_to_check_by_hand():
    """A 4×4 matrix becomes the four largest numbers, and the four means."""
    assert max_pool(NUMBERS).tolist() == [[7, 1], [1, 8]]
    assert average_pool(NUMBERS).tolist() == [[4, 0.25], [0, 6]]
    assert trace_pool(NUMBERS, Pooling(), 1, 1).winners == ((3, 2),)


def test_all_that_share_the_first_place_win():
    """Where the largest number occurs again, each of its cells is a winner."""
    assert trace_pool([[3.0, 1], [3, 3]], Pooling(), 0, 0).winners == ((0, 0), (1, 0), (1, 1))


def test_a_same_border_is_no_zero():
    """Numbers below zero stay below zero at a "same" border: there is no zero there to win or to count."""
    below = np.full((3, 3), -4.0)
    assert (max_pool(below, Pooling(2, 2, "same")) == -4).all()
    assert (average_pool(below, Pooling(2, 2, "same")) == -4).all()


def test_a_stride_may_skip_cells():
    """A cell that the stride jumps over stands in no window."""
    assert windows_over((5, 5), Pooling(1, 2), 1, 0) == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"size": 0}, "size must be a whole number"),
        ({"size": 2.0}, "size must be a whole number"),
        ({"size": 12}, "at most 11 cells"),
        ({"stride": 0}, "stride must be a whole number"),
        ({"stride": True}, "stride must be a whole number"),
        ({"padding": 1}, "padding must be"),
        ({"padding": "SAME"}, "padding must be"),
    ],
)
def test_refuses_settings_that_cannot_be(wrong, rule):
    """A refused setting is named with the rule that it breaks."""
    with pytest.raises(ValueError, match=rule):
        Pooling(**wrong)


def test_refuses_a_pool_larger_than_the_map():
    """A window that does not fit is refused, not answered with an empty map."""
    for pool in (max_pool, average_pool):
        with pytest.raises(ValueError, match="must fit"):
            pool(np.ones((3, 5)), Pooling(4, 1))


def test_refuses_numbers_that_are_none():
    """NaN and infinity are refused before they can win."""
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="finite"):
            max_pool([[1.0, bad], [0, 0]])


def test_refuses_cells_that_are_not_there():
    """A trace asks for a cell of the map, of one map."""
    with pytest.raises(ValueError, match="row from 0 to 1"):
        trace_pool(NUMBERS, Pooling(), 2, 0)
    with pytest.raises(ValueError, match="column from 0 to 3"):
        windows_over(NUMBERS.shape, Pooling(), 0, 4)
    with pytest.raises(ValueError, match="one map"):
        trace_pool(np.ones((4, 4, 2)), Pooling(), 0, 0)
