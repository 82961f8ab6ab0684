"""What the sentence about a feature map says, on small maps whose answer can be counted by hand."""

import numpy as np
import pytest

from core.explain.feature_map import LIT, describe


def one_cell(value, row=0, column=0, shape=(9, 9)):
    """A map of zeros with one number."""
    feature_map = np.zeros(shape)
    feature_map[row, column] = value
    return feature_map


def test_a_dark_map_says_why():
    """With ReLU the sums may be below 0; without it every sum is 0."""
    assert describe(np.zeros((4, 4)), "relu") == "Nothing lights up: no sum is above 0, and ReLU turns the rest to 0."
    for activation in ("none", "abs"):
        assert describe(np.zeros((4, 4)), activation) == "Nothing lights up: every sum is 0."


def test_the_whole_sentence():
    """Shares are of all cells; rows and columns are counted from 1."""
    feature_map = np.array([[4.0, 2.0, 0.0, -1.0], [0.0, 0.0, 0.0, 0.0]])
    assert describe(feature_map, "none") == (
        "25% of the cells are lit, 12% are below 0 (blue). "
        "The strongest answer, 4.00, is in row 1, column 1, at the top left."
    )


def test_a_cell_is_lit_above_a_quarter_of_the_strongest_answer():
    """Exactly a quarter is not lit yet."""
    feature_map = np.array([[1.0, LIT, LIT + 0.01, 0.0]])
    assert describe(feature_map, "relu").startswith("50% of the cells are lit. ")


def test_the_strongest_answer_may_be_negative():
    """Blue cells answer too: the strongest is the one farthest from 0, and a dark one is not lit."""
    words = describe(one_cell(-3.0, 4, 4), "none")
    assert words.startswith("0% of the cells are lit, 1% are below 0 (blue). ")
    assert "The strongest answer, −3.00, is in row 5, column 5, in the middle." in words


@pytest.mark.parametrize("scale", [0.01, 3.0, 1000.0])
def test_the_shares_do_not_depend_on_the_scale(scale):
    """A filter times a number lights the same cells."""
    feature_map = np.random.default_rng(0).normal(size=(26, 26))
    first, other = (describe(values, "none").split(".")[0] for values in (feature_map, scale * feature_map))
    assert first == other


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [
        (0, 0, "at the top left"),
        (0, 4, "at the top"),
        (2, 8, "at the top right"),
        (3, 2, "at the left"),
        (5, 5, "in the middle"),
        (4, 6, "at the right"),
        (8, 0, "at the bottom left"),
        (6, 3, "at the bottom"),
        (8, 8, "at the bottom right"),
    ],
)
def test_the_place_is_named_by_thirds(row, column, where):
    """Nine by nine cells: three thirds of three cells each, down and across."""
    assert describe(one_cell(1.0, row, column), "relu").endswith(f", {where}.")


@pytest.mark.parametrize(
    ("shape", "cell", "where"),
    [
        ((1, 1), (0, 0), "in the middle"),
        ((1, 3), (0, 0), "at the left"),
        ((2, 2), (0, 1), "at the top right"),
        ((4, 4), (1, 2), "in the middle"),
    ],
)
def test_the_place_in_a_small_map(shape, cell, where):
    """A cell belongs to the third in which its middle lies."""
    assert describe(one_cell(1.0, *cell, shape=shape), "relu").endswith(f", {where}.")


def test_a_single_cell_is_not_rounded_away():
    """One cell in 784 is lit: that is not 0%."""
    assert describe(one_cell(1.0, shape=(28, 28)), "relu").startswith("Under 1% of the cells are lit. ")
    assert "under 1% are below 0 (blue)" in describe(one_cell(-1.0, shape=(28, 28)), "none")


def test_a_single_dark_cell_is_not_rounded_away():
    """783 cells in 784 are lit: that is not 100%."""
    assert describe(1 - one_cell(1.0, shape=(28, 28)), "relu").startswith("Over 99% of the cells are lit. ")


@pytest.mark.parametrize(("value", "written"), [(2.314, "2.31"), (0.004, "0.004"), (-0.00012, "−0.00012")])
def test_a_faint_strongest_answer_is_not_written_as_zero(value, written):
    """Two decimals, or two digits where these would be zeros."""
    assert f"The strongest answer, {written}, is" in describe(one_cell(value), "none")
