"""Convolution against Keras, SciPy and plain loops, over random shapes and settings."""

import dataclasses

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, signal

from core.ops.activation import ACTIVATIONS
from core.ops.convolution import Convolution, convolve, pre_activation

ACTIVATE = {"none": lambda x: x, "relu": lambda x: np.where(x > 0, x, 0), "abs": np.abs}
NAMED = st.sampled_from(["valid", "same"])
NUMBERED = st.integers(0, 3)


@st.composite
def cases(draw, paddings=NAMED | NUMBERED):
    """(image, kernel, Convolution) that fit together: with or without a channel axis, one filter or several."""
    padding, stride, dilation = draw(paddings), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    shape, kernel_shape = [], []
    for _ in range(2):
        cells = draw(st.integers(1, 5) | st.integers(1, 11))
        zeros = 2 * padding if isinstance(padding, int) else 0
        least = stride if padding == "same" else max(stride, (cells - 1) * dilation + 1) - zeros
        shape.append(max(1, least) + draw(st.integers(0, 8)))
        kernel_shape.append(cells)
    channels = draw(st.sampled_from([None, 1, 2, 3]))
    filters = draw(st.sampled_from([None, 1, 2, 4]))
    if channels:
        shape.append(channels)
    if channels or filters:
        kernel_shape.append(channels or 1)
    if filters:
        kernel_shape.append(filters)

    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bias = random.normal(size=filters).tolist() if filters and draw(st.booleans()) else random.normal()
    chosen = Convolution(
        stride=stride,
        padding=padding,
        dilation=dilation,
        bias=draw(st.just(0) | st.just(bias)),
        activation=draw(st.sampled_from(["none", "relu", "abs"])),
        flip=draw(st.booleans()),
    )
    return random.random(shape), random.normal(size=kernel_shape), chosen


def four_axes(image, kernel):
    """image as (1, H, W, C) and kernel as (kh, kw, C, K)."""
    image = image if image.ndim == 3 else image[..., None]
    kernel = kernel.reshape(kernel.shape + (1,) * (4 - kernel.ndim))
    return image[None], kernel


def spread(kernel, dilation):
    """The kernel with its cells `dilation` apart and zeros written between them."""
    height, width = ((n - 1) * dilation + 1 for n in kernel.shape[:2])
    wide = np.zeros((height, width, *kernel.shape[2:]))
    wide[::dilation, ::dilation] = kernel
    return wide


def finish(sums, kernel, chosen):
    """sums (H', W', K) with bias and activation, as (H', W') where the kernel is one filter."""
    maps = ACTIVATE[chosen.activation](sums + np.array(chosen.bias))
    return maps if kernel.ndim == 4 else maps[..., 0]


def by_keras(image, kernel, chosen):
    """The reference: keras.ops.conv in float64."""
    batch, filters = four_axes(image, kernel)
    if chosen.flip:
        filters = filters[::-1, ::-1].copy()
    padding, dilation = chosen.padding, chosen.dilation
    if isinstance(padding, int):
        batch = keras.ops.pad(batch, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
        padding = "valid"
    if chosen.stride > 1:  # Keras refuses a stride together with a dilation
        filters, dilation = spread(filters, dilation), 1
    sums = keras.ops.conv(batch, filters, strides=chosen.stride, padding=padding, dilation_rate=dilation)
    return finish(keras.ops.convert_to_numpy(sums)[0], kernel, chosen)


def by_scipy(image, kernel, chosen):
    """The reference: scipy.signal, channel by channel and filter by filter; paddings "valid" and numbers."""
    batch, filters = four_axes(image, kernel)
    lay = signal.convolve2d if chosen.flip else signal.correlate2d
    zeros = 0 if chosen.padding == "valid" else chosen.padding
    padded = np.pad(batch[0], [(zeros, zeros), (zeros, zeros), (0, 0)])
    wide = spread(filters, chosen.dilation)
    sums = np.stack(
        [
            # correlate2d exchanges its arguments where the second one is larger; here it always fits.
            sum(lay(padded[:, :, c], wide[:, :, c, k], mode="valid") for c in range(wide.shape[2]))
            for k in range(wide.shape[3])
        ],
        axis=-1,
    )
    return finish(sums[:: chosen.stride, :: chosen.stride], kernel, chosen)


def by_loops(image, kernel, chosen):
    """The reference a person would write on paper, for one channel, one filter, no padding."""
    kernel = np.rot90(kernel, 2) if chosen.flip else kernel
    rows = []
    for top in range(0, image.shape[0], chosen.stride):
        row = []
        for left in range(0, image.shape[1], chosen.stride):
            bottom = top + (kernel.shape[0] - 1) * chosen.dilation
            right = left + (kernel.shape[1] - 1) * chosen.dilation
            if bottom < image.shape[0] and right < image.shape[1]:
                total = chosen.bias
                for i in range(kernel.shape[0]):
                    for j in range(kernel.shape[1]):
                        total += kernel[i, j] * image[top + i * chosen.dilation, left + j * chosen.dilation]
                row.append(float(ACTIVATE[chosen.activation](total)))
        if row:
            rows.append(row)
    return np.array(rows)


@settings(max_examples=250, deadline=None)
@given(cases())
def test_equals_keras(case):
    """Every setting gives the numbers of Keras."""
    image, kernel, chosen = case
    result = convolve(image, kernel, chosen)
    assert result.dtype == np.float64
    np.testing.assert_allclose(result, by_keras(image, kernel, chosen), rtol=1e-9, atol=1e-11, strict=True)


@settings(max_examples=250, deadline=None)
@given(cases(paddings=st.just("valid") | NUMBERED))
def test_equals_scipy(case):
    """Every setting but "same" gives the numbers of SciPy; flipped ones those of its true convolution."""
    image, kernel, chosen = case
    expected = by_scipy(image, kernel, chosen)
    np.testing.assert_allclose(convolve(image, kernel, chosen), expected, rtol=1e-9, atol=1e-11, strict=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 5]), st.sampled_from([1, 3, 5]), st.booleans())
def test_same_equals_scipy_ndimage_for_odd_kernels(seed, height, width, flip):
    """At stride 1 an odd kernel with "same" padding is scipy.ndimage's filter with zeros outside."""
    random = np.random.default_rng(seed)
    image, kernel = random.random((7, 9)), random.normal(size=(height, width))
    lay = ndimage.convolve if flip else ndimage.correlate
    result = convolve(image, kernel, Convolution(padding="same", activation="none", flip=flip))
    np.testing.assert_allclose(result, lay(image, kernel, mode="constant"), rtol=1e-9, atol=1e-11, strict=True)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.integers(1, 3),
    st.integers(1, 2),
    st.booleans(),
)
def test_equals_plain_loops(seed, kernel_shape, stride, dilation, flip):
    """One channel and one filter give what five nested steps on paper give."""
    random = np.random.default_rng(seed)
    image, kernel = random.random((8, 10)), random.normal(size=kernel_shape)
    chosen = Convolution(stride=stride, dilation=dilation, bias=0.1, flip=flip)
    np.testing.assert_allclose(convolve(image, kernel, chosen), by_loops(image, kernel, chosen), rtol=1e-9, atol=1e-11)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_pre_activation_is_keras_without_activation(case):
    """The sums before the activation are Keras's with its activation left out, whatever was chosen."""
    image, kernel, chosen = case
    expected = by_keras(image, kernel, dataclasses.replace(chosen, activation="none"))
    np.testing.assert_allclose(pre_activation(image, kernel, chosen), expected, rtol=1e-9, atol=1e-11, strict=True)


@pytest.mark.parametrize(
    ("image", "kernel", "output"),
    [
        ((28, 28), (3, 3), (26, 26)),
        ((7, 7, 1), (3, 3, 1, 2), (5, 5, 2)),
        ((7, 7, 1), (3, 3, 1, 103), (5, 5, 103)),
        ((6, 6, 3), (3, 3, 3), (4, 4)),
        ((6, 6, 3), (3, 3, 3, 10), (4, 4, 10)),
    ],
)
def test_shapes_of_the_lecture(image, kernel, output):
    """One filter gives one map, whatever the channels; k filters give depth k."""
    assert convolve(np.ones(image), np.ones(kernel)).shape == output


def test_one_sum_by_hand():
    """Products are added, then the bias, then ReLU: 1 + 2·2 + 3·3 + 4·4 = 30, minus 29 leaves 1, minus 31 nothing."""
    numbers = [[1, 2], [3, 4]]
    assert convolve(numbers, numbers) == [[30]]
    assert convolve(numbers, numbers, Convolution(bias=-29)) == [[1]]
    assert convolve(numbers, numbers, Convolution(bias=-31)) == [[0]]
    assert convolve(numbers, numbers, Convolution(bias=-31, activation="abs")) == [[1]]
    assert convolve(numbers, numbers, Convolution(bias=-31, activation="none")) == [[-1]]


def test_flip_turns_the_kernel_by_180_degrees():
    """On a single bright pixel, true convolution prints the kernel itself; cross-correlation prints it turned."""
    dot = np.zeros((3, 3))
    dot[1, 1] = 1
    kernel = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(convolve(dot, kernel, Convolution(padding=1, flip=True)), kernel)
    np.testing.assert_array_equal(convolve(dot, kernel, Convolution(padding=1)), np.rot90(kernel, 2))


def test_the_arguments_stay_as_they_are():
    """Neither picture nor kernel is written to, and the result shares no memory with them."""
    image, kernel = np.ones((3, 3)), np.ones((1, 1))
    result = convolve(image, kernel, Convolution(activation="none"))
    result[:] = 7
    np.testing.assert_array_equal(image, np.ones((3, 3)))
    np.testing.assert_array_equal(kernel, np.ones((1, 1)))


def test_grey_levels_in_bytes_are_not_wrapped_around():
    """uint8 pixels are computed with as numbers, not modulo 256."""
    assert convolve(np.full((2, 2), 255, dtype=np.uint8), np.full((2, 2), 2, dtype=np.uint8)) == [[4 * 510]]


def test_settings_compare_and_hash_by_value():
    """Equal settings are one key of a cache, whether the biases came as a list or as an array."""
    assert hash(Convolution(bias=[1, 2])) == hash(Convolution(bias=np.array([1, 2])))
    assert Convolution(bias=[1, 2]) == Convolution(bias=(1.0, 2.0))
    assert Convolution(bias=1).bias == 1.0


def test_registry_holds_exactly_the_promised_activations():
    """A page finds "none", "relu" and "abs", in this order."""
    assert list(ACTIVATIONS) == ["none", "relu", "abs"]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_refuses_a_picture_that_is_not_finite(bad):
    """One NaN or infinity in the picture would darken whole windows."""
    with pytest.raises(ValueError, match="image must hold finite numbers only"):
        convolve([[1.0, bad], [0, 0]], [[1]])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_refuses_a_kernel_that_is_not_finite(bad):
    """One NaN or infinity in the kernel would spoil the whole map."""
    with pytest.raises(ValueError, match="kernel must hold finite numbers only"):
        convolve(np.ones((3, 3)), [[1.0, bad]])


@pytest.mark.parametrize("bad", [np.nan, np.inf, [0.0, np.nan]])
def test_refuses_a_bias_that_is_not_finite(bad):
    """The bias is a number like the others."""
    with pytest.raises(ValueError, match="bias must hold finite numbers only"):
        Convolution(bias=bad)


@pytest.mark.parametrize("bad", ["1", None, 1j, [[1.0]], []])
def test_refuses_a_bias_that_is_no_number_or_row_of_numbers(bad):
    """Texts, nothing, complex numbers, tables and empty rows are no bias."""
    with pytest.raises(ValueError, match="bias must"):
        Convolution(bias=bad)


@pytest.mark.parametrize("values", [[["a", "b"]], [[None]], [[1j]]])
def test_refuses_what_is_no_number(values):
    """Texts, nothing and complex numbers are neither picture nor kernel."""
    with pytest.raises(ValueError, match="image must hold numbers only"):
        convolve(values, [[1]])
    with pytest.raises(ValueError, match="kernel must hold numbers only"):
        convolve([[1]], values)


def test_refuses_rows_of_different_lengths():
    """A grid has rows of one length."""
    with pytest.raises(ValueError, match="kernel must have rows of equal length"):
        convolve(np.ones((3, 3)), [[1, 2], [3]])


@pytest.mark.parametrize("shape", [(), (3,), (1, 3, 3, 1), (0, 3), (3, 3, 0)])
def test_refuses_a_picture_of_another_shape(shape):
    """A picture has rows and columns, perhaps channels, and at least one pixel."""
    with pytest.raises(ValueError, match="A picture has the shape"):
        convolve(np.ones(shape), np.ones((1, 1)))


@pytest.mark.parametrize("shape", [(), (3,), (1, 1, 1, 1, 1)])
def test_refuses_a_kernel_of_another_rank(shape):
    """A kernel has rows and columns, perhaps channels, perhaps filters."""
    with pytest.raises(ValueError, match="A kernel has the shape"):
        convolve(np.ones((3, 3)), np.ones(shape))


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (3, 3, 1, 0)])
def test_refuses_an_empty_kernel(shape):
    """A kernel without cells sees nothing."""
    with pytest.raises(ValueError, match="A kernel has at least one cell"):
        convolve(np.ones((3, 3)), np.ones(shape))


@pytest.mark.parametrize("shape", [(12, 1), (1, 12)])
def test_refuses_a_kernel_over_eleven(shape):
    """Eleven cells on a side are allowed, twelve are not."""
    assert convolve(np.ones((12, 12)), np.ones((11, 11))).shape == (2, 2)
    with pytest.raises(ValueError, match="A kernel has at most 11 cells on a side.*=12"):
        convolve(np.ones((12, 12)), np.ones(shape))


@pytest.mark.parametrize(("image", "kernel"), [((5, 5, 3), (3, 3)), ((5, 5), (3, 3, 2)), ((5, 5, 3), (3, 3, 2, 4))])
def test_refuses_channels_that_do_not_match(image, kernel):
    """A kernel has one slice for each channel."""
    with pytest.raises(ValueError, match="A kernel has one slice for each channel"):
        convolve(np.ones(image), np.ones(kernel))


@pytest.mark.parametrize("kernel", [(3, 3), (3, 3, 1), (3, 3, 1, 3)])
def test_refuses_biases_that_do_not_match_the_filters(kernel):
    """Two biases need two filters."""
    with pytest.raises(ValueError, match="one for each. Received: 2 biases"):
        convolve(np.ones((5, 5)), np.ones(kernel), Convolution(bias=(1, 2)))


def test_refuses_a_kernel_larger_than_the_padded_picture():
    """The refusal of core.ops.sizes reaches the caller, for rows and for columns."""
    for shape in [(6, 1), (1, 6)]:
        with pytest.raises(ValueError, match="A kernel must fit inside the padded picture"):
            convolve(np.ones((5, 5)), np.ones(shape))


def test_refuses_a_stride_that_does_not_fit():
    """A stride longer than the padded picture is refused."""
    with pytest.raises(ValueError, match="A stride must fit inside the padded picture"):
        convolve(np.ones((5, 5)), np.ones((1, 1)), Convolution(stride=6))


@pytest.mark.parametrize("name", ["stride", "dilation"])
@pytest.mark.parametrize("value", [0, -1, 1.0, "2", True])
def test_refuses_settings_that_are_no_whole_numbers(name, value):
    """Stride and dilation are checked when the settings are made."""
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
        Convolution(**{name: value})


@pytest.mark.parametrize("padding", ["full", -1, 0.5, None])
def test_refuses_an_unknown_padding(padding):
    """Padding is checked when the settings are made."""
    with pytest.raises(ValueError, match="padding must be"):
        Convolution(padding=padding)


@pytest.mark.parametrize("activation", ["tanh", "ReLU", None, ["relu"]])
def test_refuses_an_unknown_activation(activation):
    """An activation is a name in the registry."""
    with pytest.raises(ValueError, match="activation must be one of none, relu, abs. Received: activation="):
        Convolution(activation=activation)


@pytest.mark.parametrize("flip", ["yes", None, 2])
def test_refuses_a_flip_that_is_neither_true_nor_false(flip):
    """A text from a link is not taken for True."""
    with pytest.raises(ValueError, match="flip must be True or False"):
        Convolution(flip=flip)
