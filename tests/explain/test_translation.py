"""A moved digit, its dense unit and its filter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from core.explain.translation import (
    PIECE,
    clamped,
    convolution_answer,
    dense_answer,
    field_of,
    piece_filter,
    piece_place,
    template,
)
from core.explain.translation_source import translation_source
from core.images.picture_names import picture_of

DIGITS = [picture_of(f"drawn.{label}.0") for label in range(10)]
moves = st.tuples(st.integers(-99, 99), st.integers(-99, 99))


@given(st.sampled_from(DIGITS), moves)
def test_the_field_holds_the_digit_where_it_was_moved(digit, move):
    """Ink is never lost, and stands exactly `move` cells from where it was."""
    move = clamped(digit, move)
    at_start, now = (np.argwhere(field_of(digit, place) > 0) for place in ((0, 0), move))
    np.testing.assert_array_equal(now, at_start + move)
    assert field_of(digit, move).sum() == digit.sum()


@given(st.sampled_from(DIGITS), moves)
def test_the_best_match_moves_along_and_keeps_its_value(digit, move):
    """The maximum of the map is 1 at every place of the digit, exactly as far from its first place as the digit."""
    move = clamped(digit, move)
    first, now = convolution_answer(digit, (0, 0)), convolution_answer(digit, move)
    assert now.max() == pytest.approx(1)
    place = np.unravel_index(first.argmax(), first.shape)
    assert now[place[0] + move[0], place[1] + move[1]] == pytest.approx(now.max())


@given(st.sampled_from(DIGITS), moves)
def test_the_dense_answer_is_a_cosine(digit, move):
    """1 at the start, never more elsewhere, and equal to the cosine between the two fields."""
    move = clamped(digit, move)
    start, now = field_of(digit) / 255, field_of(digit, move) / 255
    cosine = (start * now).sum() / np.sqrt((start**2).sum() * (now**2).sum())
    assert dense_answer(digit, move) == pytest.approx(cosine)
    assert dense_answer(digit, (0, 0)) == pytest.approx(1)


def test_the_dense_answer_collapses():
    """Six cells aside, no digit keeps half of its template's answer."""
    assert max(dense_answer(digit, clamped(digit, (5, 6))) for digit in DIGITS) < 0.5


@pytest.mark.parametrize("digit", DIGITS[:4])
def test_the_map_is_scipys(digit):
    """The feature map is SciPy's correlation of field and filter, with the negative sums set to 0."""
    field, kernel = field_of(digit, (2, -3)) / 255, piece_filter(field_of(digit))
    expected = np.maximum(correlate2d(field, kernel, mode="same"), 0)
    np.testing.assert_allclose(convolution_answer(digit, (2, -3)), expected, atol=1e-12)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30))
def test_no_window_has_more_contrast_than_the_piece(seed, rows, columns):
    """Against a slow search over all windows of a random picture."""
    picture = np.random.default_rng(seed).integers(0, 256, (rows, columns), dtype=np.uint8)
    field = field_of(picture)
    spread = {
        (row, column): field[row : row + PIECE, column : column + PIECE].astype(float).std()
        for row in range(field.shape[0] - PIECE + 1)
        for column in range(field.shape[1] - PIECE + 1)
    }
    assert spread[piece_place(field)] == pytest.approx(max(spread.values()))
    assert template(field).shape == field.shape


def test_an_empty_picture_is_answered_by_zeros():
    """A black picture has nothing to find: both answer 0, and nothing is divided by 0."""
    nothing = np.zeros((28, 28), np.uint8)
    with np.errstate(all="raise"):
        assert dense_answer(nothing, (0, 0)) == 0
        assert convolution_answer(nothing, (0, 0)).max() == 0


def test_refuses_to_move_ink_out_of_the_field():
    """A move that would wrap ink round is an error, not another picture."""
    with pytest.raises(ValueError, match="must stay inside the field. Received: move="):
        field_of(DIGITS[3], (40, 0))


def test_the_keras_code_prints_both_answers():
    """Run as it is, the code gives the stage's two numbers to the digits of float32."""
    move, lines = (3, 6), []
    exec(translation_source(DIGITS[3], move), {"print": lambda *parts: lines.append(parts)})
    (_, best), (_, dense) = lines
    assert best == pytest.approx(convolution_answer(DIGITS[3], move).max(), rel=1e-5)
    assert dense == pytest.approx(dense_answer(DIGITS[3], move), rel=1e-5)
