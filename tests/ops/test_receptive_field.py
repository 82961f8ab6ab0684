"""Receptive fields by the recurrence, against figures from papers and against a slow walk back to the pixels."""

from hypothesis import assume, given
from hypothesis import strategies as st

from core.ops.receptive_field import Field, cells_before, field_through, joined, size_through

STEPS = st.tuples(st.integers(1, 5), st.integers(1, 3), st.sampled_from(["valid", "same", 0, 1, 2]))


def test_three_3x3_layers_see_7x7():
    """Simonyan & Zisserman 2014: two 3×3 layers see 5×5, three see 7×7."""
    _, windows = size_through(20, [(3, 1, "valid")] * 3)
    assert [field_through(Field(), [windows[:n]]).size for n in (1, 2, 3)] == [3, 5, 7]


def test_resnet50_s_stem_sees_11_pixels_every_4():
    """7×7 with stride 2, then a 3×3 pool with stride 2: 7 + 2 · 2 = 11 pixels, 4 apart."""
    _, windows = size_through(224, [(7, 2, 3), (3, 2, 1)])
    field = field_through(Field(), [windows])
    assert (field.size, field.step, field.start) == (11, 4, -5)


def test_two_paths_see_the_longer_one():
    """What is added up sees from the first pixel of one to the last of the other."""
    assert joined([Field(3, 2, -1), Field(1, 2, 4)]) == Field(6, 2, -1)


@given(st.integers(6, 30), st.lists(STEPS, min_size=1, max_size=4), st.data())
def test_the_recurrence_bounds_the_walk_back(size, path, data):
    """No pixel of a cell lies outside its field; without gaps and padding it is the whole field."""
    try:
        cells, windows = size_through(size, path)
    except ValueError:
        assume(False)
    cell = data.draw(st.integers(0, cells - 1))
    first, last = field_through(Field(), [windows]).span(cell)
    pixels = cells_before({cell}, [windows])
    assert all(max(first, 0) <= pixel <= min(last, size - 1) for pixel in pixels)
    if all(stride <= kernel and padding in ("valid", 0) for kernel, stride, padding in path):
        assert pixels == frozenset(range(first, last + 1))
