"""The trace of one cell, forwards and backwards, against Keras, SciPy and plain loops."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from core.ops.convolution import Convolution
from core.ops.sizes import border, output_size
from core.ops.trace import outputs_fed_by, trace_output

FLAT = np.arange(25.0).reshape(5, 5)
EDGE = np.array([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]])


@st.composite
def cases(draw):
    """(image, kernel, Convolution) for one filter, with or without channels, that fit together."""
    kernel_shape = (draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    stride, dilation = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    padding = draw(st.sampled_from(["valid", "same"]) | st.integers(0, 3))
    shape = tuple((k - 1) * dilation + stride + draw(st.integers(0, 4)) for k in kernel_shape)
    channels = draw(st.sampled_from([(), (1,), (3,)]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    chosen = Convolution(
        stride=stride,
        padding=padding,
        dilation=dilation,
        bias=random.normal(),
        activation=draw(st.sampled_from(["none", "relu", "abs"])),
        flip=draw(st.booleans()),
    )
    return random.random(shape + channels), random.normal(size=kernel_shape + channels), chosen


def spread(kernel, dilation):
    """The kernel with its cells `dilation` apart and zeros written between them."""
    wide = np.zeros([(n - 1) * dilation + 1 for n in kernel.shape[:2]] + list(kernel.shape[2:]))
    wide[::dilation, ::dilation] = kernel
    return wide


def sums_by_keras(image, kernel, chosen):
    """Keras's sums (H', W') without bias and activation."""
    batch = image.reshape(1, *image.shape[:2], -1)
    filters = spread(np.rot90(kernel, 2) if chosen.flip else kernel, chosen.dilation)
    filters = filters.reshape(*filters.shape[:2], -1, 1)
    padding = chosen.padding
    if isinstance(padding, int):
        batch = np.pad(batch, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
        padding = "valid"
    return keras.ops.convert_to_numpy(keras.ops.conv(batch, filters, strides=chosen.stride, padding=padding))[
        0, :, :, 0
    ]


@settings(max_examples=120, deadline=None)
@given(cases(), st.data())
def test_a_trace_ends_in_the_number_of_keras(case, data):
    """Sum, sum with bias and activated value of any cell are those of Keras's map."""
    image, kernel, chosen = case
    sums = sums_by_keras(image, kernel, chosen)
    row, column = (data.draw(st.integers(0, n - 1)) for n in sums.shape)
    trace = trace_output(image, kernel, chosen, row, column)
    before = sums[row, column] + chosen.bias
    after = {"none": before, "relu": max(before, 0), "abs": abs(before)}[chosen.activation]
    np.testing.assert_allclose(
        [trace.sum, trace.before, trace.after], [sums[row, column], before, after], rtol=1e-9, atol=1e-11
    )


@settings(max_examples=120, deadline=None)
@given(cases(), st.data())
def test_a_trace_shows_the_pixels_it_names(case, data):
    """Each pixel is the picture's at the named row and column, or 0 outside; each product is pixel times weight."""
    image, kernel, chosen = case
    sums = sums_by_keras(image, kernel, chosen)
    row, column = (data.draw(st.integers(0, n - 1)) for n in sums.shape)
    trace = trace_output(image, kernel, chosen, row, column)
    assert trace.pixels.shape == trace.weights.shape == trace.products.shape == kernel.shape
    assert (len(trace.rows), len(trace.columns)) == kernel.shape[:2]
    weights = np.rot90(kernel, 2) if chosen.flip else kernel
    for i, r in enumerate(trace.rows):
        for j, c in enumerate(trace.columns):
            inside = 0 <= r < image.shape[0] and 0 <= c < image.shape[1]
            pixel = image[r, c] if inside else np.zeros(image.shape[2:])
            np.testing.assert_array_equal(trace.pixels[i, j], pixel)
            np.testing.assert_array_equal(trace.weights[i, j], weights[i, j])
            np.testing.assert_allclose(trace.products[i, j], pixel * weights[i, j])
    np.testing.assert_allclose(trace.sum, trace.products.sum())


@settings(max_examples=120, deadline=None)
@given(cases(), st.data())
def test_a_pixel_feeds_the_cells_that_a_lone_bright_pixel_lights(case, data):
    """With that pixel alone bright and a kernel of ones, SciPy's map is lit exactly at the cells that are named."""
    image, kernel, chosen = case
    row, column = (data.draw(st.integers(0, n - 1)) for n in image.shape[:2])
    dot = np.zeros(image.shape[:2])
    dot[row, column] = 1
    borders = [
        border(n, k, stride=chosen.stride, padding=chosen.padding, dilation=chosen.dilation)
        for n, k in zip(image.shape, kernel.shape[:2])
    ]
    ones = spread(np.ones(kernel.shape[:2]), chosen.dilation)
    lit = signal.correlate2d(np.pad(dot, borders), ones, mode="valid")[:: chosen.stride, :: chosen.stride]
    expected = [tuple(cell) for cell in np.argwhere(lit > 0.5).tolist()]
    assert outputs_fed_by(image.shape, kernel.shape, chosen, row, column) == expected


@settings(max_examples=60, deadline=None)
@given(cases(), st.data())
def test_forwards_and_backwards_agree(case, data):
    """A pixel feeds a cell exactly if the cell's trace names the pixel."""
    image, kernel, chosen = case
    row, column = (data.draw(st.integers(0, n - 1)) for n in image.shape[:2])
    geometry = {"stride": chosen.stride, "padding": chosen.padding, "dilation": chosen.dilation}
    height, width = (output_size(n, k, **geometry) for n, k in zip(image.shape, kernel.shape[:2]))
    fed = outputs_fed_by(image.shape, kernel.shape, chosen, row, column)
    for r in range(height):
        for c in range(width):
            trace = trace_output(image, kernel, chosen, r, c)
            assert ((r, c) in fed) == (row in trace.rows and column in trace.columns)


def test_the_first_window_of_the_lecture():
    """Bright row above, dark row below: three ones are added and nothing is taken away."""
    picture = np.zeros((5, 5))
    picture[0] = 1
    trace = trace_output(picture, EDGE, Convolution(bias=-0.5), 0, 0)
    assert (trace.rows, trace.columns) == ((0, 1, 2), (0, 1, 2))
    np.testing.assert_array_equal(trace.products, [[1, 1, 1], [0, 0, 0], [0, 0, 0]])
    assert (trace.sum, trace.before, trace.after) == (3, 2.5, 2.5)


def test_a_window_hangs_over_the_border():
    """With one zero on each side the first window begins at row -1 and the last one ends at row 5 of 0 to 4."""
    chosen = Convolution(padding=1)
    assert trace_output(FLAT, EDGE, chosen, 0, 0).rows == (-1, 0, 1)
    last = trace_output(FLAT, EDGE, chosen, 4, 4)
    assert (last.rows, last.columns) == ((3, 4, 5), (3, 4, 5))
    np.testing.assert_array_equal(last.pixels, [[18, 19, 0], [23, 24, 0], [0, 0, 0]])


def test_a_dilated_kernel_passes_over_the_pixels_between_its_cells():
    """Dilated by two, the middle pixel of five feeds the one output, and its direct neighbours feed none."""
    chosen = Convolution(dilation=2)
    assert outputs_fed_by((5, 5), (3, 3), chosen, 2, 2) == [(0, 0)]
    assert outputs_fed_by((5, 5), (3, 3), chosen, 2, 3) == []


def test_a_pixel_that_the_stride_skips_feeds_nothing():
    """One-cell kernels that walk in twos never see the odd columns."""
    assert outputs_fed_by((4, 4), (1, 1), Convolution(stride=2), 0, 1) == []
    assert outputs_fed_by((4, 4), (1, 1), Convolution(stride=2), 2, 2) == [(1, 1)]


def test_the_middle_pixel_feeds_as_many_cells_as_the_kernel_has():
    """A pixel far from the border lies under each of the nine cells once."""
    expected = [(r, c) for r in (11, 12, 13) for c in (11, 12, 13)]
    assert outputs_fed_by((28, 28), (3, 3), Convolution(), 13, 13) == expected


@pytest.mark.parametrize(("row", "column"), [(3, 0), (0, 3), (-1, 0), (0, -1), (0.0, 0), (True, 0)])
def test_refuses_to_trace_a_cell_outside_the_output(row, column):
    """A 5×5 picture and a 3×3 kernel give cells 0 to 2; negative numbers do not count from the end."""
    with pytest.raises(ValueError, match="Received: (row|column)="):
        trace_output(FLAT, EDGE, Convolution(), row, column)


@pytest.mark.parametrize(("row", "column"), [(5, 0), (0, 5), (-1, 0), (0, 1.0)])
def test_refuses_to_follow_a_pixel_outside_the_picture(row, column):
    """A 5×5 picture has pixels 0 to 4."""
    with pytest.raises(ValueError, match="Received: (row|column)="):
        outputs_fed_by((5, 5), (3, 3), Convolution(), row, column)


def test_refuses_to_trace_several_filters():
    """A trace follows one filter."""
    with pytest.raises(ValueError, match="A trace follows one filter"):
        trace_output(FLAT, np.ones((3, 3, 1, 2)), Convolution(), 0, 0)


def test_refuses_what_does_not_fit():
    """The refusals of the convolution hold for traces too."""
    with pytest.raises(ValueError, match="A kernel must fit"):
        trace_output(FLAT, np.ones((6, 6)), Convolution(), 0, 0)
    with pytest.raises(ValueError, match="A kernel must fit"):
        outputs_fed_by((5, 5), (6, 6), Convolution(), 0, 0)
    with pytest.raises(ValueError, match="image must hold finite numbers"):
        trace_output(FLAT * np.nan, EDGE, Convolution(), 0, 0)
    with pytest.raises(ValueError, match="one slice for each channel"):
        trace_output(FLAT, np.ones((3, 3, 2)), Convolution(), 0, 0)
