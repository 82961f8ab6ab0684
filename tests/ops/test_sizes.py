"""Output sizes and borders, against Keras and against walking along the row one window at a time."""

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.ops.sizes import border, output_size, unvisited

SIZES = st.integers(1, 40)
KERNELS = st.integers(1, 11)
SMALL = st.integers(1, 4)
PADDINGS = st.one_of(st.sampled_from(["valid", "same"]), st.integers(0, 6))


def walk(padded, kernel, stride, dilation):
    """First pixels of all windows that fit, found by trying every pixel of the padded row."""
    return [
        first for first in range(0, padded, stride) if all(first + cell * dilation < padded for cell in range(kernel))
    ]


def zeros_on_both_sides(size, kernel, padding, dilation):
    """Whether a padding by a number leaves a place for the kernel."""
    return len(walk(size + 2 * padding, kernel, 1, dilation)) > 0


@pytest.mark.parametrize(
    ("size", "kernel", "options", "cells"),
    [
        (28, 3, {}, 26),
        (7, 3, {}, 5),
        (6, 3, {}, 4),
        (28, 3, {"padding": "same"}, 28),
        (28, 3, {"padding": 1, "stride": 2}, 14),
        (28, 2, {}, 27),
        (224, 7, {"padding": 3, "stride": 2}, 112),
        (28, 3, {"dilation": 2}, 24),
        (1, 11, {"padding": "same"}, 1),
    ],
)
def test_figures(size, kernel, options, cells):
    """The lecture's figures and other well-known ones come out."""
    assert output_size(size, kernel, **options) == cells


@settings(max_examples=200, deadline=None)
@given(SIZES, KERNELS, SMALL, st.integers(0, 6), SMALL)
def test_numbered_padding_counts_the_windows_that_fit(size, kernel, stride, padding, dilation):
    """As many cells come out as windows fit on the padded row, and what lies behind the last one is unvisited."""
    padded = size + 2 * padding
    assume(zeros_on_both_sides(size, kernel, padding, dilation) and stride <= padded)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    firsts = walk(padded, kernel, stride, dilation)
    assert output_size(size, kernel, **options) == len(firsts)
    assert border(size, kernel, **options) == (padding, padding)
    last_pixel = firsts[-1] + (kernel - 1) * dilation
    assert unvisited(size, kernel, **options) == padded - 1 - last_pixel


@settings(max_examples=100, deadline=None)
@given(SIZES, KERNELS, SMALL, st.sampled_from(["valid", "same"]), SMALL)
def test_named_padding_gives_as_many_cells_as_keras(size, kernel, stride, padding, dilation):
    """Keras's Conv2D announces the same output size for "valid" and "same"."""
    assume(stride == 1 or dilation == 1)  # Keras refuses both at once
    assume(padding == "same" or zeros_on_both_sides(size, kernel, 0, dilation))
    assume(stride <= size)
    layer = keras.layers.Conv2D(1, kernel, strides=stride, padding=padding, dilation_rate=dilation)
    expected = layer.compute_output_shape((1, size, size, 1))[1]
    assert output_size(size, kernel, stride=stride, padding=padding, dilation=dilation) == expected


@settings(max_examples=60, deadline=None)
@given(SIZES, KERNELS, SMALL)
def test_same_puts_its_zeros_where_keras_does(size, kernel, stride):
    """The places of Keras's windows, read off a ramp picture with a one-cell kernel weight, give the same border."""
    assume(stride <= size)
    ramp = np.arange(1.0, size + 1).reshape(1, size, 1, 1)
    first_cell = np.zeros((kernel, 1, 1, 1))
    first_cell[0] = 1
    last_cell = first_cell[::-1]
    seen_first = keras.ops.conv(ramp, first_cell, strides=(stride, 1), padding="same")
    seen_last = keras.ops.conv(ramp, last_cell.copy(), strides=(stride, 1), padding="same")
    cells = output_size(size, kernel, stride=stride, padding="same")
    before, after = border(size, kernel, stride=stride, padding="same")
    row = np.pad(ramp[0, :, 0, 0], (before, after))
    starts = np.arange(cells) * stride
    np.testing.assert_array_equal(np.ravel(seen_first), row[starts])
    np.testing.assert_array_equal(np.ravel(seen_last), row[starts + kernel - 1])


@settings(max_examples=100, deadline=None)
@given(SIZES, KERNELS, SMALL, SMALL)
def test_same_adds_as_few_zeros_as_possible(size, kernel, stride, dilation):
    """ "same" gives ceil(n / s) cells, one zero less would give fewer, and the sides differ by at most one."""
    assume(stride <= size)
    options = {"stride": stride, "padding": "same", "dilation": dilation}
    before, after = border(size, kernel, **options)
    cells = int(np.ceil(size / stride))
    assert output_size(size, kernel, **options) == cells
    assert after - before in (0, 1)
    padded = size + before + after
    assert len(walk(padded, kernel, stride, dilation)) == cells
    assert before + after == 0 or len(walk(padded - 1, kernel, stride, dilation)) < cells


def test_unvisited_is_what_the_floor_leaves_over():
    """A 2-cell window that walks a row of 7 in twos never reaches the last pixel; a row of 8 is used up."""
    assert unvisited(7, 2, stride=2) == 1
    assert unvisited(8, 2, stride=2) == 0


def test_numpy_integers_are_whole_numbers():
    """Sizes taken from NumPy arrays are accepted."""
    assert output_size(np.int64(28), np.int32(3), padding=np.int64(1)) == 28


@pytest.mark.parametrize("name", ["size", "kernel", "stride", "dilation"])
@pytest.mark.parametrize("value", [0, -1, 2.0, "3", None, True])
def test_refuses_what_is_no_whole_number_of_at_least_one(name, value):
    """Sizes are whole numbers from 1 on; the message names the culprit and what arrived."""
    arguments = {"size": 9, "kernel": 3, name: value}
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1. Received: {name}={value!r}"):
        output_size(**arguments)


@pytest.mark.parametrize("padding", ["full", "Same", "", None, 1.5, True, (1, 1), [1]])
def test_refuses_an_unknown_padding(padding):
    """Only "valid", "same" and whole numbers are paddings."""
    with pytest.raises(ValueError, match="padding must be .* Received: padding="):
        border(9, 3, padding=padding)


def test_refuses_a_negative_padding():
    """Padding cannot take pixels away."""
    with pytest.raises(ValueError, match="Received: padding=-1"):
        output_size(9, 3, padding=-1)


def test_refuses_a_kernel_larger_than_the_padded_picture():
    """A kernel of 8 does not fit on 5 pixels and one zero on each side, a kernel of 7 just does."""
    assert output_size(5, 7, padding=1) == 1
    with pytest.raises(ValueError, match="A kernel must fit inside the padded picture.*kernel=8"):
        output_size(5, 8, padding=1)


def test_refuses_a_dilated_kernel_larger_than_the_padded_picture():
    """Three cells, four pixels apart, span nine pixels and do not fit on eight."""
    assert output_size(9, 3, dilation=4) == 1
    with pytest.raises(ValueError, match="dilation=4 .it spans 9."):
        output_size(8, 3, dilation=4)


@pytest.mark.parametrize("padding", ["valid", "same", 0])
def test_refuses_a_stride_that_jumps_over_the_whole_picture(padding):
    """A stride as long as the picture is the longest."""
    assert output_size(5, 1, stride=5, padding=padding) == 1
    with pytest.raises(ValueError, match="A stride must fit inside the padded picture.*stride=6"):
        output_size(5, 1, stride=6, padding=padding)


@pytest.mark.parametrize("function", [output_size, border, unvisited])
def test_all_three_refuse_alike(function):
    """No function answers for a place that does not exist."""
    with pytest.raises(ValueError, match="A kernel must fit"):
        function(2, 3)
