"""Transposed convolution: the sizes of the Dumoulin–Visin guide, the numbers of Keras, and the definition itself."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ops.convolution import Convolution, pre_activation
from core.ops.sizes import output_size, span, unvisited
from core.ops.transposed import transposed_convolve, transposed_size

# V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285, chapter 4 and its
# figures: (input of the convolution, kernel, stride, padding, its output, extra cells of the transposed one).
GUIDE = {
    "4.1 no zero padding, unit strides": (4, 3, 1, 0, 2, 0),
    "4.2 zero padding, unit strides": (5, 4, 1, 2, 6, 0),
    "4.3 half (same) padding": (5, 3, 1, 1, 5, 0),
    "4.4 full padding": (5, 3, 1, 2, 7, 0),
    "4.5 no zero padding, non-unit strides": (5, 3, 2, 0, 2, 0),
    "4.6 zero padding, non-unit strides": (5, 3, 2, 1, 3, 0),
    "4.7 zero padding, non-unit strides, one left over": (6, 3, 2, 1, 3, 1),
}


@pytest.mark.parametrize("name", GUIDE)
def test_the_guide_s_sizes(name):
    """The transposed convolution leads back from the guide's output to its input."""
    size, kernel, stride, padding, out, extra = GUIDE[name]
    assert output_size(size, kernel, stride=stride, padding=padding) == out
    assert transposed_size(out, kernel, stride=stride, padding=padding, extra=extra) == size
    maps = transposed_convolve(
        np.ones((out, out)), np.ones((kernel, kernel)), settings_of(stride, padding), extra=extra
    )
    assert maps.shape == (size, size)


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3), st.integers(0, 3))
def test_every_size_is_led_back(size, kernel, stride, dilation, padding):
    """For any picture that convolves, as many extra cells as the stride left unvisited lead back to its size."""
    travel = {"stride": stride, "padding": padding, "dilation": dilation}
    if size + 2 * padding < max(span(kernel, dilation), stride):
        return
    out = output_size(size, kernel, **travel)
    assert transposed_size(out, kernel, **travel, extra=unvisited(size, kernel, **travel)) == size


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from(["valid", "same"]),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 2**32 - 1),
)
def test_transposed_convolution_is_keras(side, kernel, stride, padding, channels, filters, seed):
    """Any picture, kernel, stride and named padding give the maps of Keras's Conv2DTranspose."""
    random = np.random.default_rng(seed)
    picture, weights = (
        random.random((side, side + 1, channels)),
        random.normal(size=(kernel, kernel, channels, filters)),
    )
    biases = random.normal(size=filters)
    layer = keras.layers.Conv2DTranspose(filters, kernel, stride, padding)
    layer.build((None, side, side + 1, channels))
    layer.set_weights([weights.transpose(0, 1, 3, 2), biases])
    expected = keras.ops.convert_to_numpy(layer(picture[None].astype("float32")))[0]
    chosen = Convolution(stride=stride, padding=padding, bias=tuple(biases), activation="none")
    np.testing.assert_allclose(transposed_convolve(picture, weights, chosen), expected, rtol=1e-4, atol=1e-4)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 9),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["valid", "same", 0, 1, 2]),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_it_is_the_transpose(side, kernel, stride, dilation, padding, flip, seed):
    """⟨convolve(x), y⟩ = ⟨x, transposed(y)⟩ for all x and y: the definition of the transpose of a linear map."""
    numbered = isinstance(padding, int)
    # Keras's "same" border depends on the picture's size: it is led back to where the stride fits.
    size = stride * side if padding == "same" else max(span(kernel, dilation), stride) + side
    chosen = Convolution(stride=stride, dilation=dilation, padding=padding, activation="none", flip=flip)
    random = np.random.default_rng(seed)
    x, weights = random.normal(size=(size, size)), random.normal(size=(kernel, kernel))
    forth = pre_activation(x, weights, chosen)
    y = random.normal(size=forth.shape)
    extra = unvisited(size, kernel, **chosen.geometry) if numbered else 0
    back = transposed_convolve(y, weights, chosen, extra=extra)
    common = [min(one, other) for one, other in zip(x.shape, back.shape)]
    assert (back[common[0] :] == 0).all() and (back[:, common[1] :] == 0).all()
    inner = (x[: common[0], : common[1]] * back[: common[0], : common[1]]).sum()
    np.testing.assert_allclose((forth * y).sum(), inner, rtol=1e-9, atol=1e-9)


def test_a_pixel_stamps_the_kernel():
    """One lit pixel leaves the kernel, times its value, at stride times its place."""
    picture = np.zeros((3, 3))
    picture[1, 2] = 0.5
    kernel = np.arange(1.0, 10).reshape(3, 3)
    stamped = transposed_convolve(picture, kernel, Convolution(stride=2, activation="none"))
    np.testing.assert_array_equal(stamped[2:5, 4:7], 0.5 * kernel)
    assert stamped.sum() == 0.5 * kernel.sum()


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"size": 3, "kernel": 2, "padding": 3}, "cuts away everything"),
        ({"size": 3, "kernel": 3, "stride": 2, "padding": 0, "extra": 2}, "fewer than the stride"),
        ({"size": 3, "kernel": 3, "stride": 2, "padding": "same", "extra": 1}, "only beside a padding by number"),
        ({"size": 0, "kernel": 3}, "size must be a whole number"),
        ({"size": 3, "kernel": 3, "padding": "full"}, "padding must be"),
    ],
)
def test_what_cannot_be_is_refused(arguments, rule):
    """Each rule that is broken is named."""
    with pytest.raises(ValueError, match=rule):
        transposed_size(**arguments)


def settings_of(stride, padding):
    return Convolution(stride=stride, padding=padding, activation="none")
