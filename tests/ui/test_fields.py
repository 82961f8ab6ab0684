"""How pictures, filters and pinned cells are written in a link."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ops.filter_bank import FILTER_BANK
from core.stage.parts import Traced
from core.ui import fields

KERNEL = fields.kernel(None)
WEIGHTS = st.floats(-100, 100).map(lambda value: round(value, 4))


@given(st.integers(1, 11), st.integers(1, 11), st.data())
def test_a_filter_survives_its_link(rows, columns, data):
    """Any filter of 1 to 11 rows and columns comes back from its link with the same numbers."""
    kernel = tuple(tuple(data.draw(WEIGHTS) for _ in range(columns)) for _ in range(rows))
    back = KERNEL.read(KERNEL.write(kernel))
    np.testing.assert_allclose(back, kernel, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", FILTER_BANK)
def test_the_filters_of_the_bank_are_still_known_after_a_link(name):
    """A filter of the bank that went through a link is recognised as that filter."""
    from core.ops.filter_bank import named

    rows = KERNEL.read(KERNEL.write(fields.as_rows(FILTER_BANK[name].kernel)))
    assert named(np.array(rows)).name == name


def test_a_written_filter_needs_no_escapes_in_a_link():
    """Only characters that stay as they are in a link stand in a written filter."""
    from urllib.parse import quote

    written = KERNEL.write(((1.0, -0.5), (1e-7, 3.25)))
    assert quote(written) == written


@pytest.mark.parametrize(
    "text", ["", "1_2~3", "1_x", "nan", "inf", "1e999", "101", "_".join("1" * 12), "~".join("1" * 12), "1,2", "١"]
)
def test_what_is_no_filter_is_refused(text):
    """Ragged rows, letters, numbers beyond 100 and more than eleven rows or columns are refused with what arrived."""
    with pytest.raises(ValueError, match="Received"):
        KERNEL.read(text)


@given(st.sampled_from(["input", "output"]), st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 1))
def test_a_pinned_cell_survives_its_link(on, row, column, number):
    """A pinned cell of the picture or of either map comes back as it was."""
    cell = Traced(on, row, column, number if on == "output" else 0)
    field = fields.traced()
    assert field.read(field.write(cell)) == cell


@pytest.mark.parametrize("text", ["", "out", "out_1", "out_-1_2", "up_1_2", "out_1_2_3", "out_99999_1"])
def test_what_is_no_cell_is_refused(text):
    """A cell is out, out2 or in with a row and a column from 0."""
    with pytest.raises(ValueError, match="Received"):
        fields.traced().read(text)


@pytest.mark.parametrize(
    "text", ["", "3", "drawn", "drawn.10.0", "drawn.3.99999", "mnist.3", "own.###", "own.AAAA", "drawn.٣.0"]
)
def test_what_is_no_picture_is_refused(text):
    """A picture is a set with a label and a number, or an own picture that can be unpacked."""
    with pytest.raises(ValueError, match="Received"):
        fields.picture("drawn.3.0").read(text)
