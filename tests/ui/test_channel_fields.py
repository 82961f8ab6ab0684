"""How filters with several slices are written in a link."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui import channel_fields
from core.ui.channel_fields import as_cube, as_slices, named_slices

CUBES = channel_fields.cubes(named_slices("red"))
BIASES = channel_fields.biases((0.0,))
PICTURE = channel_fields.colour_picture("apple.12")


@given(st.integers(1, 10), st.integers(1, 7), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_every_stack_comes_back(filters, side, slices, seed):
    """Whatever stack is written, the same is read."""
    random = np.random.default_rng(seed)
    stack = tuple(as_slices(np.round(random.normal(size=(side, side, slices)), 2)) for _ in range(filters))
    assert CUBES.read(CUBES.write(stack)) == stack


def test_filters_of_the_bank_are_written_by_name():
    """A link stays short where the filters are known."""
    stack = named_slices("red", "outline")
    assert CUBES.write(stack) == "red~outline"
    assert CUBES.read("red~outline") == stack


def test_slices_and_cubes_are_the_same_numbers():
    """A cube is kept slice by slice and comes back as it was."""
    cube = np.arange(12.0).reshape(2, 2, 3)
    assert as_slices(cube)[1] == ((1.0, 4.0), (7.0, 10.0))
    np.testing.assert_array_equal(as_cube(as_slices(cube)), cube)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "purple",
        "3x3x3_1_2",
        "3x2x1_1_2_3_4_5_6",
        "8x8x1_" + "_".join("1" * 64),
        "1x1x5_1_1_1_1_1",
        "1x1x1_nan",
        "1x1x1_1e9",
        "red~1x1x3_1_1_1",
        "~".join(["red"] * 11),
        "1x1x1_1~",
        "²x1x1_1",
    ],
)
def test_other_texts_are_refused(text):
    """What is no stack of equal filters raises, so that the page can say so."""
    with pytest.raises(ValueError):
        CUBES.read(text)


def test_biases_come_back():
    """One number for each filter."""
    assert BIASES.read(BIASES.write((0.0, -1.5, 2.0))) == (0.0, -1.5, 2.0)
    with pytest.raises(ValueError):
        BIASES.read("0_x")


def test_a_picture_that_cannot_be_read_is_refused():
    """Names of drawings and own pictures are read, others are not."""
    assert PICTURE.read("flower.28") == "flower.28"
    for text in ("pear.12", "own.broken", "apple"):
        with pytest.raises(ValueError):
            PICTURE.read(text)
