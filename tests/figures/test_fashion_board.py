"""The board of Fashion-MNIST as a figure."""

import pytest

from core.figures.fashion_board import LEAST, fashion_board


def test_runs_stand_at_their_accuracy_the_best_on_top():
    """Places go down with the accuracy, and each is named with it."""
    figure = fashion_board([("best", 0.941), ("lecture", 0.905)], dark=False)
    [dots] = figure.data
    assert list(dots.x) == pytest.approx([94.1, 90.5])
    assert dots.y[0] > dots.y[1]
    words = " ".join(note.text for note in figure.layout.annotations)
    assert "<b>94.1 %</b> best" in words and "<b>90.5 %</b> lecture" in words


def test_the_goal_and_the_lecture_are_marked():
    """The lines of the lecture: 88 and 90.5 per cent, the mid-90s, about 97."""
    figure = fashion_board([], dark=True)
    assert {shape.x0 for shape in figure.layout.shapes} == {88.0, 90.5, 95.0, 97.0}


def test_a_run_below_the_axis_is_still_on_the_board():
    """It stands at the left end with its own number."""
    [dots] = fashion_board([("first try", 0.42)], dark=False).data
    assert dots.x[0] == LEAST
    assert dots.customdata[0][1] == pytest.approx(42)
