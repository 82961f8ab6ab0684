"""Shapes and parameters of a layer in words, with the numbers put in."""

import numpy as np
import pytest

from core.explain.channel_layers import conventions, parameter_line, size_line, sum_against_apart
from core.images.colour_pictures import draw_colour
from core.ops.colour_filters import COLOUR_FILTERS, VERTICAL, cube
from core.ops.convolution import Convolution
from core.ops.layers import APART, GROUPED, SUMMED, TRANSPOSED


def test_the_lecture_s_sum_of_parameters():
    """(3·3·3 + 1)·10 = 280 stands there with its numbers."""
    assert parameter_line((3, 3), 3, 10, SUMMED) == "(3·3·3 + 1)·10 = 280"


@pytest.mark.parametrize(
    ("kind", "line"),
    [(APART, "(3·3 + 1)·12 = 120"), (GROUPED, "(3·3·2 + 1)·3 = 57"), (TRANSPOSED, "(3·3·4 + 1)·3 = 111")],
)
def test_the_sum_of_every_kind(kind, line):
    """Each kind of layer counts what it has: four channels, three filters of 3×3."""
    assert parameter_line((3, 3), 4, 3, kind) == line


def test_both_conventions_are_written():
    """The same shapes, channels last and channels first."""
    assert conventions((6, 6, 3), (4, 4, 10)) == ("6×6×3 → 4×4×10", "3×6×6 → 10×4×4")


@pytest.mark.parametrize(
    ("travel", "line"),
    [
        (Convolution(stride=2), "5×5 → 11×11, because 2 · (5 − 1) + 3 = 11"),
        (Convolution(stride=2, padding=1), "5×5 → 9×9, because 2 · (5 − 1) + 3 − 2 · 1 = 9"),
        (Convolution(stride=2, padding="same"), "5×5 → 10×10, because 2 · 5 = 10"),
        (Convolution(stride=4), "5×5 → 20×20, because 4 · (5 − 1) + 3 + 1 = 20"),
        (Convolution(stride=2, dilation=2), "5×5 → 13×13, because 2 · (5 − 1) + 5 = 13"),
    ],
)
def test_the_size_of_a_transposed_convolution_is_explained(travel, line):
    """The formula of the guide stands there with its numbers, and it is right."""
    assert size_line((5, 5), (3, 3), TRANSPOSED, travel) == line
    left, right = line.split("because ")[1].replace("·", "*").replace("−", "-").split(" = ")
    assert eval(left) == int(right)


def test_other_kinds_have_the_size_of_a_convolution():
    """6×6 and 3×3 give 4×4, with the lecture's formula."""
    assert size_line((6, 6), (3, 3), SUMMED, Convolution()) == "6×6 → 4×4, because ⌊(6 + 0 − 3) / 1⌋ + 1 = 4"


def test_an_edge_that_only_the_sum_sees():
    """At a bias that no single channel passes, the sum lights up at the yellow bar's edge alone."""
    picture = draw_colour("bars", 12) / 255
    both = cube(VERTICAL, VERTICAL, np.zeros((3, 3)))
    words = sum_against_apart(picture, both, -4.0, Convolution())
    assert words == "Kept apart, 0, 0 and 0 cells light up. Added up, 16 of 100."


def test_an_edge_that_the_sum_cancels():
    """Red beside green, equally bright: the red slice sees the edge, the sum of equal slices does not."""
    picture = draw_colour("halves", 12) / 255
    words = sum_against_apart(picture, COLOUR_FILTERS["edge-right"].cube, 0.0, Convolution())
    assert words == "Kept apart, 20, 0 and 0 cells light up. Added up, 0 of 100."
