"""The digits that challenges are judged on, and the directions of their strokes."""

import numpy as np
import pytest
from scipy.ndimage import shift

from core.explain.filter_challenges import light_on
from core.explain.hidden_digits import HIDDEN_SEED, hidden_digits, seen_at, stroke_directions
from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK

VERTICAL = FILTER_BANK["vertical"].kernel
SAME = Convolution(padding="same")


def test_hidden_digits_hold_every_digit_and_are_drawn_once():
    """The same pictures come back, from 0 to 1, and no one can write to them."""
    digits = hidden_digits(HIDDEN_SEED)
    assert digits is hidden_digits(HIDDEN_SEED)
    assert digits.shape[1:] == (28, 28)
    assert len(digits) % 10 == 0
    assert (digits.min(), digits.max()) == (0, 1)
    with pytest.raises(ValueError, match="read-only"):
        digits[0, 0, 0] = 1


def test_seen_at_is_the_neighbour_and_zero_beyond_the_frame():
    """As SciPy shifts pictures, the other way round."""
    pictures = np.random.default_rng(0).random((2, 6, 5))
    for row, column in [(0, 0), (0, 1), (-2, 3), (5, -4), (6, 0), (0, 9)]:
        expected = [shift(picture, (-row, -column), order=0, cval=0.0) for picture in pictures]
        np.testing.assert_array_equal(seen_at(pictures, row, column), expected)


def test_upright_and_lying_strokes_are_told_apart():
    """No place is both, and each lecture filter finds most of its light on the strokes that it was made for."""
    digits, strokes = hidden_digits(HIDDEN_SEED), stroke_directions(HIDDEN_SEED)
    assert not (strokes.vertical & strokes.horizontal).any()
    upright, lying = light_on(digits, VERTICAL, SAME), light_on(digits, VERTICAL.T, SAME)
    assert upright[strokes.vertical].sum() > 2 * upright[strokes.horizontal].sum()
    assert lying[strokes.horizontal].sum() > 2 * lying[strokes.vertical].sum()
