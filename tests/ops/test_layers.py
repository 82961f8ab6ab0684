"""A layer in each of its kinds: what its slices, filters and parameters come to."""

import keras
import numpy as np
import pytest

from core.ops.colour_filters import COLOUR_FILTERS, named_cube, with_channels
from core.ops.convolution import Convolution
from core.ops.layers import APART, GROUPED, KINDS, SUMMED, TRANSPOSED, layer_maps, parameter_count, slice_maps

NONE = Convolution(activation="none")
LAYERS = {
    SUMMED: lambda n: keras.layers.Conv2D(n, (3, 2)),
    APART: lambda n: keras.layers.DepthwiseConv2D((3, 2), depth_multiplier=n),
    GROUPED: lambda n: keras.layers.Conv2D(n, (3, 2), groups=2),
    TRANSPOSED: lambda n: keras.layers.Conv2DTranspose(n, (3, 2)),
}


def a_layer(channels=4, filters=6, seed=0):
    """(picture, cubes, biases), random."""
    random = np.random.default_rng(seed)
    cubes = [random.normal(size=(3, 2, channels)) for _ in range(filters)]
    return random.random((7, 8, channels)), cubes, random.normal(size=filters).tolist()


@pytest.mark.parametrize("kind", [SUMMED, TRANSPOSED])
def test_a_filter_s_map_is_the_sum_of_what_its_slices_add(kind):
    """The partial maps and the bias, added up, are the map."""
    picture, cubes, biases = a_layer()
    maps = layer_maps(picture, cubes, biases, kind, NONE)
    for k, (cube, bias) in enumerate(zip(cubes, biases)):
        np.testing.assert_allclose(slice_maps(picture, cube, kind, NONE).sum(axis=2) + bias, maps[:, :, k])


def test_kept_apart_every_slice_has_its_own_map_and_activation():
    """The maps stand filter by filter; each is the activation of one slice's sums and the filter's bias."""
    picture, cubes, biases = a_layer(channels=3, filters=2)
    maps = layer_maps(picture, cubes, biases, APART, Convolution())
    expected = [np.maximum(slice_maps(picture, cube, APART, NONE) + bias, 0) for cube, bias in zip(cubes, biases)]
    np.testing.assert_allclose(maps, np.concatenate(expected, axis=2))


def test_in_groups_a_filter_sees_only_its_own_channels():
    """The first half of the filters adds up the first half of the slices, the second half the others."""
    picture, cubes, biases = a_layer()
    maps = layer_maps(picture, cubes, biases, GROUPED, NONE)
    for k, (cube, bias) in enumerate(zip(cubes, biases)):
        own = slice(0, 2) if k < 3 else slice(2, 4)
        np.testing.assert_allclose(slice_maps(picture, cube, SUMMED, NONE)[:, :, own].sum(axis=2) + bias, maps[:, :, k])


def test_the_lecture_s_shapes():
    """6×6×3 and one 3×3×3 filter give one 4×4 map, ten give 4×4×10; 7×7 and two 3×3 filters give 5×5×2."""
    one = [np.ones((3, 3, 3))]
    assert layer_maps(np.ones((6, 6, 3)), one, [0], SUMMED, NONE).shape == (4, 4, 1)
    assert layer_maps(np.ones((6, 6, 3)), one * 10, [0] * 10, SUMMED, NONE).shape == (4, 4, 10)
    assert layer_maps(np.ones((7, 7, 1)), [np.ones((3, 3, 1))] * 2, [0] * 2, SUMMED, NONE).shape == (5, 5, 2)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_are_counted_as_keras_counts_them(kind):
    """Weights and biases of each kind are those of Keras's layer."""
    layer = LAYERS[kind](6)
    layer.build((None, 8, 8, 4))
    assert parameter_count((3, 2), 4, 6, kind) == layer.count_params()


def test_ten_filters_have_280_parameters():
    """(3·3·3 + 1)·10 = 280, as in the lecture."""
    assert parameter_count((3, 3), 3, 10, SUMMED) == 280


def test_groups_that_do_not_come_out_even_are_refused():
    """Three filters cannot be split into two groups."""
    picture, cubes, biases = a_layer(filters=3)
    with pytest.raises(ValueError, match="Received: 4 channels, 3 filters"):
        layer_maps(picture, cubes, biases, GROUPED, NONE)


def patch(left, right=None):
    """A 3×3 picture of one colour, or with its right column in another."""
    picture = np.tile(np.array(left, dtype=float), (3, 3, 1))
    if right:
        picture[:, 2] = right
    return picture


def answer(name, picture):
    return float(layer_maps(picture, [COLOUR_FILTERS[name].cube], [0.0], SUMMED, NONE)[0, 0, 0])


RED, GREEN, BLUE, YELLOW, GREY = (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0.5, 0.5, 0.5)


@pytest.mark.parametrize(("name", "likes"), [("red", RED), ("green", GREEN), ("blue", BLUE), ("yellow", YELLOW)])
def test_a_colour_s_filter_answers_to_that_colour(name, likes):
    """It answers to its own colour more than to every other one, and to grey not at all."""
    others = [answer(name, patch(colour)) for colour in (RED, GREEN, BLUE, YELLOW) if colour != likes]
    assert answer(name, patch(likes)) > max(others)
    assert answer(name, patch(GREY)) == 0


def test_the_sum_cancels_an_edge_between_colours_equally_bright():
    """Equal slices do not see where red turns to green; the filter with the turned slice sees it twice."""
    edge = patch(RED, GREEN)
    assert answer("edge-right", edge) == 0
    assert answer("red-green", edge) == 6
    assert answer("red-green", patch((1, 1, 1), (0, 0, 0))) == 0


@pytest.mark.parametrize("name", COLOUR_FILTERS)
def test_the_bank_knows_its_filters(name):
    """Each filter is found by its numbers and cannot be changed."""
    entry = COLOUR_FILTERS[name]
    assert named_cube(entry.cube.copy()) is entry
    assert entry.cube.shape == (3, 3, 3) and not entry.cube.flags.writeable
    assert named_cube(entry.cube + 0.5) is None


def test_more_channels_repeat_the_last_slice():
    """Fewer channels take the first slices, more repeat the last one."""
    cube = np.arange(12.0).reshape(2, 2, 3)
    np.testing.assert_array_equal(with_channels(cube, 1), cube[:, :, :1])
    np.testing.assert_array_equal(with_channels(cube, 4)[:, :, 3], cube[:, :, 2])
