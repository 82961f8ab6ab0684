"""What pooling forgets about a place, against plain loops and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.explain.moving import REACH, Alike, count_alike, moved, room
from core.images.strokes import SIDE, STROKES
from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK
from core.ops.pooling import Pooling


def count_by_loops(picture, size, kind):
    """In how many places the ink, slid over an empty map window by window, gives the same windows as where it is."""
    ink = np.argwhere(picture > 0)
    top, left = ink.min(axis=0)
    tall, wide = ink.max(axis=0) - ink.min(axis=0)

    def windows(down, right):
        sums = {}
        for row, column in ink - (top, left) + (down, right):
            sums.setdefault((row // size, column // size), []).append(1)
        return {place: 1 if kind == "max" else len(ones) for place, ones in sums.items()}

    downs = range(max(top - REACH, 0), min(top + REACH, SIDE - 1 - tall) + 1)
    rights = range(max(left - REACH, 0), min(left + REACH, SIDE - 1 - wide) + 1)
    return sum(windows(down, right) == windows(top, left) for down in downs for right in rights)


@pytest.mark.parametrize("name", STROKES)
@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_places_that_look_alike_are_counted(name, size):
    """For every stroke and pool the counts are those of a stroke slid by hand."""
    picture = STROKES[name] / 255
    alike = count_alike(picture, None, Convolution(), Pooling(size, size))
    assert alike.max == count_by_loops(picture, size, "max")
    assert alike.average == count_by_loops(picture, size, "average")


def test_max_pooling_cannot_tell_where_in_its_windows_the_hook_stands():
    """The hook may stand in four places with the same max map; the means tell them all apart."""
    assert count_alike(STROKES["stroke.hook"] / 255, None, Convolution(), Pooling()) == Alike(100, 4, 1)


def test_the_count_belongs_to_the_place():
    """Whichever of the places that look alike is asked for, the count is the same."""
    picture = STROKES["stroke.hook"] / 255
    counts = {place: count_alike(picture, None, Convolution(), Pooling(), place) for place in [(0, 0), (0, 1), (1, 1)]}
    assert set(counts.values()) == {Alike(100, 4, 1)}


def test_a_filter_in_between_is_counted_with():
    """A feature map is pooled where there is a filter: a lone dot under an edge filter tells the means more."""
    kernel = FILTER_BANK["horizontal"].kernel
    assert count_alike(STROKES["stroke.dot"] / 255, None, Convolution(), Pooling()) == Alike(121, 4, 4)
    assert count_alike(STROKES["stroke.dot"] / 255, kernel, Convolution(), Pooling()).average < 4


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-9, 9), st.integers(-9, 9))
def test_moving_is_scipys_shift(seed, down, right):
    """A moved picture is SciPy's, with zeros where nothing was."""
    picture = np.random.default_rng(seed).integers(0, 256, (7, 9), dtype=np.uint8)
    np.testing.assert_array_equal(moved(picture, down, right), ndimage.shift(picture, (down, right), order=0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_room_is_where_no_ink_is_lost(seed):
    """Up to the room all ink stays on the picture; one step further some is lost, or REACH is reached."""
    dice = np.random.default_rng(seed)
    picture = np.zeros((12, 20))
    picture[dice.integers(0, 12, 5), dice.integers(0, 20, 5)] = 1
    for way, steps in zip(((1, 0), (0, 1)), room(picture)):
        for last, sign in ((steps[0], -1), (steps[-1], 1)):
            assert moved(picture, *(last * np.array(way))).sum() == picture.sum()
            further = (last + sign) * np.array(way)
            assert abs(last) == REACH or moved(picture, *further).sum() < picture.sum()


def test_an_empty_picture_has_one_place():
    """Where there is no ink there is nothing to move."""
    assert count_alike(np.zeros((4, 4)), None, Convolution(), Pooling()) == Alike(1, 1, 1)
