"""How far a picture was moved, in a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui import fields

FIELD = fields.move((3, 6), most=99)


@given(st.tuples(st.integers(-99, 99), st.integers(-99, 99)))
def test_a_move_survives_its_link(move):
    """Written and read, a move is the same."""
    assert FIELD.read(FIELD.write(move)) == move


@pytest.mark.parametrize("text", ["", "3", "3_", "3_6_1", "100_0", "0_-100", "3.5_1", "a_b", "3__6", "--3_6"])
def test_what_is_no_move_is_refused(text):
    """A text that is no pair of whole numbers within the field's reach says what one looks like."""
    with pytest.raises(ValueError, match="cells down and right such as 3_-6, at most 99. Received"):
        FIELD.read(text)
