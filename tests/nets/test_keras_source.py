"""The generated lesson is run as it stands and its feature map compared with SciPy's."""

import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from core.nets.keras_source import convolution_source
from core.ops.convolution import Convolution
from core.ops.sizes import border

EDGE = np.array([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]])
ACTIVATE = {"none": lambda x: x, "relu": lambda x: np.maximum(x, 0), "abs": np.abs}


def grey(shape, seed=0):
    """A picture of multiples of 1/255."""
    return np.random.default_rng(seed).integers(0, 256, shape) / 255


def run(source):
    """The variables that the source leaves behind."""
    variables = {}
    exec(compile(source, "lesson.py", "exec"), variables)
    return variables


def by_scipy(image, kernel, chosen):
    """The reference: SciPy's correlation on the padded picture, with the kernel spread and turned by hand."""
    borders = [
        border(n, k, stride=chosen.stride, padding=chosen.padding, dilation=chosen.dilation)
        for n, k in zip(image.shape, kernel.shape)
    ]
    wide = np.zeros([(n - 1) * chosen.dilation + 1 for n in kernel.shape])
    wide[:: chosen.dilation, :: chosen.dilation] = np.rot90(kernel, 2) if chosen.flip else kernel
    sums = correlate2d(np.pad(image, borders), wide, mode="valid")[:: chosen.stride, :: chosen.stride]
    return ACTIVATE[chosen.activation](sums + chosen.bias)


def assert_lesson_agrees(image, kernel, chosen):
    """The lesson's feature map is SciPy's, to the seven digits of float32."""
    feature_map = run(convolution_source(image, kernel, chosen))["feature_map"]
    expected = by_scipy(image, kernel, chosen)
    assert feature_map.shape == expected.shape
    scale = np.abs(kernel).sum() + abs(chosen.bias)
    np.testing.assert_allclose(feature_map, expected, rtol=1e-5, atol=1e-6 * scale)


@pytest.mark.parametrize(("stride", "dilation", "padding"), list(product([1, 2], [1, 2], ["valid", "same", 0, 1, 3])))
def test_every_kind_of_travel_runs_in_keras(stride, dilation, padding):
    """All combinations of stride, dilation and padding run and agree, also the ones that Conv2D refuses itself."""
    kernel = np.random.default_rng(1).normal(size=(2, 3))
    assert_lesson_agrees(grey((9, 10)), kernel, Convolution(stride=stride, dilation=dilation, padding=padding))


@pytest.mark.parametrize(("activation", "flip", "bias"), list(product(ACTIVATE, [False, True], [0, -0.75])))
def test_every_way_to_finish_a_sum_runs_in_keras(activation, flip, bias):
    """Activation, turned kernel and bias arrive in the lesson."""
    kernel = np.random.default_rng(2).normal(size=(3, 2))
    assert_lesson_agrees(grey((6, 7)), kernel, Convolution(activation=activation, flip=flip, bias=bias))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 11),
    st.integers(1, 11),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(["valid", "same", 1, 2]),
    st.sampled_from([1.0, 1e-3, 1e5]),
    st.booleans(),
)
def test_any_picture_and_kernel_run_in_keras(seed, height, width, stride, dilation, padding, scale, is_grey):
    """Random numbers of any size, grey levels or not, give the screen's numbers."""
    random = np.random.default_rng(seed)
    shape = [(n - 1) * dilation + stride + 1 for n in (height, width)]
    image = grey(shape, seed) if is_grey else random.normal(size=shape)
    kernel = scale * random.normal(size=(height, width))
    chosen = Convolution(stride=stride, padding=padding, dilation=dilation, activation="none", flip=bool(seed % 2))
    feature_map = run(convolution_source(image, kernel, chosen))["feature_map"]
    expected = by_scipy(image, kernel, chosen)
    np.testing.assert_allclose(feature_map, expected, rtol=1e-4, atol=2e-6 * np.abs(image).max() * np.abs(kernel).sum())


def test_grey_levels_stand_as_whole_numbers():
    """A picture of multiples of 1/255 is written as levels 0 to 255 and comes back to the last bit."""
    image = grey((4, 5))
    source = convolution_source(image, EDGE, Convolution())
    row = ", ".join(f"{level:3.0f}" for level in image[0] * 255)
    assert f"    [{row}],\n" in source
    assert "]) / 255" in source
    np.testing.assert_array_equal(run(source)["picture"], image)


def test_a_picture_in_float32_counts_as_grey_levels():
    """The rounding of float32 does not turn grey levels into nine-digit decimals."""
    assert "]) / 255" in convolution_source(grey((4, 5)).astype(np.float32), EDGE, Convolution())


@pytest.mark.parametrize("image", [[[0.5, 0.25, 0.1]], [[-1 / 255, 1]], [[2, 0]], [[1e-9, 0]]])
def test_other_pictures_stand_as_decimals(image):
    """What is no grey level from 0 to 255 is written as the number it is."""
    source = convolution_source(image, [[1]], Convolution())
    assert "/ 255" not in source
    np.testing.assert_allclose(run(source)["picture"], image, rtol=1e-8)


@pytest.mark.parametrize(
    ("kernel", "line"),
    [
        (EDGE, "    [-1, -1, -1],\n"),
        (np.ones((3, 3)) / 9, "    [1, 1, 1],\n]) / 9\n"),
        (np.array([[0.25, -1.5]]), "    [0.25, -1.5],\n"),
        (np.array([[1, 2, 1]]) / 16, "    [1, 2, 1],\n]) / 16\n"),
    ],
)
def test_the_kernel_stands_as_a_readable_grid(kernel, line):
    """Whole numbers, short decimals and common fractions are written the way a person writes them."""
    assert line.replace(" ", "") in convolution_source(grey((5, 5)), kernel, Convolution()).replace(" ", "")


def test_a_tiny_kernel_is_not_rounded_away():
    """A kernel of millionths of millionths is still there in the lesson."""
    kernel = run(convolution_source(grey((5, 5)), EDGE * 1e-12, Convolution()))["kernel"]
    np.testing.assert_allclose(kernel, EDGE * 1e-12, rtol=1e-8)


def test_a_lone_bias_in_a_row_counts_as_a_number():
    """One filter may have its bias as a row of one."""
    assert "bias = 0.5\n" in convolution_source(grey((5, 5)), EDGE, Convolution(bias=[0.5]))


def test_the_source_is_made_without_keras():
    """The web process writes the lesson without importing Keras or TensorFlow."""
    program = (
        "import sys; from core.nets.keras_source import convolution_source as source;"
        "from core.ops.convolution import Convolution; source([[1]], [[1]], Convolution());"
        "assert not {'keras', 'tensorflow', 'scipy', 'streamlit'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": "."})


@pytest.mark.parametrize("kernel", [(3, 3, 2), (3, 3, 2, 1)])
def test_refuses_several_channels(kernel):
    """The lesson is about one channel."""
    with pytest.raises(ValueError, match="one channel and one filter"):
        convolution_source(np.ones((5, 5, 2)), np.ones(kernel), Convolution())


def test_refuses_several_filters():
    """The lesson is about one filter."""
    with pytest.raises(ValueError, match="one channel and one filter"):
        convolution_source(np.ones((5, 5)), np.ones((3, 3, 1, 2)), Convolution())


def test_refuses_what_the_screen_refuses():
    """No lesson is written for a convolution that cannot be."""
    with pytest.raises(ValueError, match="A kernel must fit"):
        convolution_source(np.ones((2, 2)), EDGE, Convolution())
    with pytest.raises(ValueError, match="finite"):
        convolution_source(np.ones((5, 5)), EDGE * np.nan, Convolution())
