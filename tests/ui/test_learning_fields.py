"""The secret filter and the marked number in a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stage.parts import Traced
from core.ui import learning_fields

SECRET = learning_fields.secret(((1.0,),))
MARKED = learning_fields.marked(("weight", "output"))
weights = st.integers(-10_000, 10_000).map(lambda hundredths: hundredths / 100)
kernels = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(*[st.tuples(*[weights] * shape[1])] * shape[0])
)


@given(kernels)
def test_a_hidden_filter_comes_back_from_its_link(kernel):
    """Whatever was hidden is what the link holds."""
    assert SECRET.read(SECRET.write(kernel)) == kernel


def test_a_link_does_not_show_the_hidden_numbers():
    """Neither the filter's numbers nor its name can be read off, and nothing in it needs escaping."""
    text = SECRET.write(((1.0, 0.0, -1.0),) * 3)
    assert "1_0_-1" not in text
    assert text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("text", ["", "?", "abc", "1_0_-1", "ünicode", SECRET.write(((1.0,) * 6,) * 6)])
def test_what_is_no_hidden_filter_is_refused(text):
    """A link that was cut or made up, and a filter too large for the page, give a rule."""
    with pytest.raises(ValueError, match="must"):
        SECRET.read(text)


def test_a_marked_place_comes_back_from_its_link():
    """Kind, row and column are kept."""
    assert MARKED.read(MARKED.write(Traced("output", 4, 12))) == Traced("output", 4, 12)


@pytest.mark.parametrize("text", ["slope_0_0", "weight_0", "weight_-1_0", "output_1_1_1"])
def test_what_is_no_place_is_refused(text):
    """Only the kinds of the stage count."""
    with pytest.raises(ValueError, match="must be a place"):
        MARKED.read(text)
