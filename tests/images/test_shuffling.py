"""The fixed rearrangement of pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.shuffling import pixel_order, shuffled, straightened

sides = st.integers(1, 40)


@given(sides, sides)
def test_every_pixel_goes_to_exactly_one_place(rows, columns):
    """The order is a permutation: nothing is lost and nothing is doubled."""
    assert sorted(pixel_order(rows, columns)) == list(range(rows * columns))


@given(sides, sides, st.integers(0, 2**32 - 1))
def test_the_way_back_gives_the_picture_again(rows, columns, seed):
    """Shuffled and straightened, a picture is what it was."""
    picture = np.random.default_rng(seed).integers(0, 256, (rows, columns), dtype=np.uint8)
    np.testing.assert_array_equal(straightened(shuffled(picture)), picture)


def test_all_pictures_are_shuffled_alike():
    """A stack of pictures has the same pixel order in each, pixel by pixel as a slow loop would do it."""
    stack = np.random.default_rng(1).integers(0, 256, (5, 6, 7), dtype=np.uint8)
    order = pixel_order(6, 7)
    for before, after in zip(stack, shuffled(stack)):
        for place in range(42):
            assert after[place // 7, place % 7] == before[order[place] // 7, order[place] % 7]


def test_a_dense_layer_cannot_tell():
    """With its weights in the same new order, a dense unit answers as before on any picture."""
    random = np.random.default_rng(2)
    pictures, weights = random.random((20, 28, 28)), random.normal(size=(28, 28))
    straight = (pictures * weights).sum(axis=(1, 2))
    np.testing.assert_allclose((shuffled(pictures) * shuffled(weights)).sum(axis=(1, 2)), straight)


def test_the_shared_order_is_read_only():
    """The shared order cannot be changed by accident."""
    with pytest.raises(ValueError, match="read-only"):
        pixel_order(4, 4)[0] = 1
