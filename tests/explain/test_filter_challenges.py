"""Which filters pass the challenges, and what the verdicts say, on the hidden digits and on others."""

import numpy as np
import pytest

from core.explain.filter_challenges import (
    CHALLENGES,
    SAME_NUMBER,
    check_every_edge,
    check_one_step_left,
    check_vertical_strokes,
    light_on,
    light_on_both_papers,
)
from core.explain.hidden_digits import HIDDEN_SEED, hidden_digits, stroke_directions
from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK, IDENTITY, LAPLACIAN, OUTLINE, resize_kernel

VERTICAL = FILTER_BANK["vertical"].kernel
PASS = {
    "vertical-strokes": {"vertical", "sobel-vertical", "scharr-vertical", "prewitt-vertical"},
    "one-step-left": set(),
    "every-edge": {"laplacian", "outline", "circle"},
}
NEAR_THE_LINE = {"circle", "corner-top-left", "corner-bottom-right"}  # neither edge filters nor far from them
OTHER_SEEDS = [1, 20, 333]
SAME = Convolution(padding="same")
RELU, ABSOLUTE = Convolution(), Convolution(activation="abs")


def copier(row, column, size=(3, 3)):
    """A kernel of zeros with a single 1."""
    kernel = np.zeros(size)
    kernel[row, column] = 1
    return kernel


LEFT = copier(1, 2)  # looks at the right neighbour


def test_the_challenges_introduce_themselves():
    """Name, title, a task of one sentence and a hint of one sentence are there."""
    assert list(CHALLENGES) == list(PASS)
    for name, challenge in CHALLENGES.items():
        assert challenge.name == name
        assert challenge.title
        for sentence in (challenge.task, challenge.hint):
            assert sentence[0].isupper()
            assert sentence[-1] in ".?"


@pytest.mark.parametrize("settings", [RELU, ABSOLUTE], ids=["relu", "abs"])
@pytest.mark.parametrize("filter_name", FILTER_BANK)
@pytest.mark.parametrize("name", CHALLENGES)
def test_who_of_the_bank_passes(name, filter_name, settings):
    """The four vertical filters pass the first challenge, filters alike in all directions the third, none the second;
    the score is 1 exactly for who passes.
    """
    verdict = CHALLENGES[name].check(FILTER_BANK[filter_name].kernel, settings)
    assert verdict.passed == (filter_name in PASS[name]), verdict
    assert (verdict.score == 1) == verdict.passed
    assert 0 <= verdict.score <= 1
    assert verdict.words.endswith(": done.") == verdict.passed


@pytest.mark.parametrize("seed", OTHER_SEEDS)
@pytest.mark.parametrize("filter_name", sorted(FILTER_BANK.keys() - NEAR_THE_LINE))
def test_other_digits_give_the_same_verdicts(filter_name, seed):
    """A verdict is about the filter, not about the digits that happen to be drawn."""
    kernel = FILTER_BANK[filter_name].kernel
    for name, challenge in CHALLENGES.items():
        for settings in (RELU, ABSOLUTE):
            assert challenge.check(kernel, settings, seed=seed).passed == (filter_name in PASS[name])


@pytest.mark.parametrize("filter_name", FILTER_BANK)
@pytest.mark.parametrize("name", ["vertical-strokes", "every-edge"])
def test_three_times_the_kernel_has_the_same_verdict(name, filter_name):
    """Where light falls does not depend on how strong all of it is."""
    kernel = FILTER_BANK[filter_name].kernel
    once, thrice = (CHALLENGES[name].check(factor * kernel, RELU) for factor in (1, 3))
    assert once.passed == thrice.passed
    assert once.score == pytest.approx(thrice.score, abs=0.01)  # rounding may move a cell over the edge of being lit


@pytest.mark.parametrize("name", CHALLENGES)
def test_stride_and_padding_of_the_page_play_no_part(name):
    """Cells and pixels correspond in every check."""
    page = Convolution(stride=3, padding=5)
    for kernel in (VERTICAL, LEFT, OUTLINE):
        assert CHALLENGES[name].check(kernel, page) == CHALLENGES[name].check(kernel, SAME)


@pytest.mark.parametrize("name", CHALLENGES)
@pytest.mark.parametrize("size", [(1, 1), (1, 11), (11, 1), (2, 4), (11, 11)])
@pytest.mark.parametrize("dilation", [1, 5])
def test_kernels_of_every_size_are_judged(name, size, dilation):
    """From one cell to 11×11, even sides and cells far apart: a finite score and one sentence."""
    kernel = np.random.default_rng(0).normal(size=size)
    verdict = CHALLENGES[name].check(kernel, Convolution(dilation=dilation, activation="abs"))
    assert 0 <= verdict.score <= 1
    assert verdict.words.endswith(".")
    assert "nan" not in verdict.words


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_kernel_of_zeros_lights_nothing(name):
    """The first thing that a person meets after clearing the filter."""
    verdict = CHALLENGES[name].check(np.zeros((3, 3)), RELU)
    assert not verdict.passed
    assert verdict.score == 0
    assert verdict.words == "Nothing lights up yet: every number of the filter is 0."


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_bias_alone_shows_no_picture(name):
    """With a kernel of zeros and a bias all cells are lit, so "nothing lights up" would be wrong."""
    verdict = CHALLENGES[name].check(np.zeros((3, 3)), Convolution(bias=0.5))
    assert not verdict.passed
    assert verdict.words == "Every number of the filter is 0, so all cells show the bias and no picture."


@pytest.mark.parametrize("name", CHALLENGES)
def test_relu_can_put_out_all_light(name):
    """Where all sums are 0 or below, the sentence says so and not that the filter is empty."""
    verdict = CHALLENGES[name].check(-IDENTITY, RELU)
    assert verdict.words == "Nothing lights up yet: no cell of the result is above 0."


@pytest.mark.parametrize("name", CHALLENGES)
@pytest.mark.parametrize("kernel", [np.full((3, 3), np.nan), np.ones((12, 3)), np.ones(3)], ids=["nan", "large", "row"])
def test_a_kernel_that_is_none_is_refused(name, kernel):
    """The error of the arithmetic comes through, for the page to show."""
    with pytest.raises(ValueError, match="Received"):
        CHALLENGES[name].check(kernel, RELU)


# Only the vertical strokes


@pytest.mark.parametrize(
    "kernel",
    [
        -VERTICAL,
        [[1, -1]],
        [[-1, 1]] * 2,
        [[-1, 2, -1]] * 3,
        [[1, 1, 0, -1, -1]] * 5,
        resize_kernel(VERTICAL, 5, 5),
        VERTICAL[:, ::-1],
    ],
    ids=["left rims", "two cells", "two by two", "thin bars", "5×5", "with a border of zeros", "mirrored"],
)
@pytest.mark.parametrize("flip", [False, True])
def test_any_vertical_filter_passes(kernel, flip):
    """Left rims or right ones, narrow or wide, flipped or not: all of them see vertical strokes."""
    verdict = check_vertical_strokes(np.array(kernel, dtype=float), Convolution(flip=flip))
    assert verdict.passed, verdict


@pytest.mark.parametrize("trial", range(10))
def test_a_vertical_filter_by_a_shaky_hand_passes(trial):
    """Numbers that are off by about a tenth do no harm."""
    wobble = np.random.default_rng(trial).normal(0, 0.1, (3, 3))
    assert check_vertical_strokes(VERTICAL + wobble, RELU).passed
    assert not check_vertical_strokes(VERTICAL.T + wobble, RELU).passed


def test_the_share_in_the_sentence_is_the_measured_one():
    """Counted again with a plain loop over the lit cells."""
    digits, vertical = hidden_digits(HIDDEN_SEED), stroke_directions(HIDDEN_SEED).vertical
    light = light_on(digits, VERTICAL, SAME)
    lit = [cell for cell in zip(*np.nonzero(light)) if light[cell] > 0.25 * light.max()]
    share = sum(light[cell] for cell in lit if vertical[cell]) / sum(light[cell] for cell in lit)
    words = check_vertical_strokes(VERTICAL, RELU).words
    assert words == f"{share:.0%} of the light falls on vertical strokes, 65% was asked: done."


def test_a_bias_that_leaves_few_strokes_does_not_pass():
    """Putting out all light but the brightest is no way round: most of the strokes have to light up."""
    verdict = check_vertical_strokes(VERTICAL, Convolution(bias=-2.9))
    assert not verdict.passed
    assert "as asked, and it reaches" in verdict.words


def test_light_on_paper_is_named():
    """A bias that lights the paper is told so, a horizontal filter that its light is on horizontal strokes."""
    assert check_vertical_strokes(-IDENTITY, Convolution(bias=1)).words.endswith("is on empty paper.")
    assert check_vertical_strokes(VERTICAL.T, RELU).words.endswith("is on horizontal ones.")


def test_a_filter_without_direction_has_made_no_step():
    """Half of any light lies on vertical strokes, so identity's score is near 0."""
    assert check_vertical_strokes(IDENTITY, RELU).score < 0.2
    assert check_vertical_strokes(VERTICAL.T, RELU).score == 0


# One step to the left


@pytest.mark.parametrize(
    ("kernel", "settings"),
    [
        (LEFT, RELU),
        (LEFT, Convolution(activation="none")),
        (-LEFT, ABSOLUTE),
        (copier(1, 0), Convolution(flip=True)),
        (copier(0, 1, (1, 2)), RELU),
        (copier(5, 6, (11, 11)), RELU),
        (LEFT * (1 - 0.8 * SAME_NUMBER), RELU),
    ],
    ids=["the cell on the right", "without ReLU", "minus 1 and |x|", "flipped", "1×2", "11×11", "almost 1"],
)
def test_who_moves_the_picture_one_step_to_the_left(kernel, settings):
    """A single 1 in the cell that looks at the right neighbour; true convolution has it on the left."""
    verdict = check_one_step_left(kernel, settings)
    assert verdict.passed
    assert verdict.words == "100% of the cells with ink show their right neighbour, 95% was asked: done."


@pytest.mark.parametrize(
    ("cell", "moved", "seen"),
    [
        ((1, 0), "one step to the right", "one step to the left"),
        ((0, 1), "one step down", "one step up"),
        ((2, 1), "one step up", "one step down"),
        ((0, 0), "one step down and one step to the right", "one step up and one step to the left"),
        ((2, 2), "one step up and one step to the left", "one step down and one step to the right"),
    ],
)
def test_other_moves_are_named(cell, moved, seen):
    """The picture moves against the direction in which the cell looks."""
    verdict = check_one_step_left(copier(*cell), RELU)
    assert not verdict.passed
    assert verdict.words == (
        f"The picture moved {moved}: each cell shows what lies {seen}, and its right neighbour is asked."
    )


def test_a_dilated_filter_moves_further():
    """The 1 beside the middle looks two cells away."""
    words = check_one_step_left(LEFT, Convolution(dilation=2)).words
    assert words.startswith("The picture moved 2 steps to the left: each cell shows what lies 2 steps to the right")


def test_the_flip_is_told_where_it_matters():
    """With true convolution the filter of the lesson moves the picture the other way."""
    words = check_one_step_left(LEFT, Convolution(flip=True)).words
    assert words.startswith("The picture moved one step to the right")
    assert words.endswith("; true convolution turns the filter by 180° first.")


def test_identity_stays_in_place():
    """Nothing moved, and the sentence says so."""
    words = check_one_step_left(IDENTITY, RELU).words
    assert words == "The picture stayed in place: each cell shows itself, and its right neighbour is asked."


@pytest.mark.parametrize(
    ("kernel", "settings", "words"),
    [
        (3 * LEFT, RELU, "its numbers came out 3.00 times as large and should stay as they are"),
        (-LEFT, Convolution(activation="none"), "its numbers came out −1.00 times as large"),
        (LEFT, Convolution(bias=0.2), "the bias adds 0.20 to every cell"),
        (LEFT, Convolution(bias=-0.2), "the bias adds −0.20 to every cell"),
    ],
)
def test_right_move_with_other_numbers(kernel, settings, words):
    """The move counts, but each cell has to show its neighbour's number."""
    verdict = check_one_step_left(kernel, settings)
    assert not verdict.passed
    assert verdict.words.startswith("The picture moved one step to the left, as asked, but " + words)


@pytest.mark.parametrize("filter_name", ["vertical", "box-blur", "gaussian-blur", "sharpen"])
def test_a_mixture_of_neighbours_is_no_move(filter_name):
    """Where no single picture can be made out in the result, no direction is claimed."""
    words = check_one_step_left(FILTER_BANK[filter_name].kernel, RELU).words
    assert words.endswith("each cell still mixes several neighbours or changes them.")


# Every edge


def test_a_negative_is_the_picture_on_endless_bright_paper():
    """The same light as a convolution over 1 - digit with bright paper all around, here 12 pixels of it."""
    digits = hidden_digits(HIDDEN_SEED)[:3]
    rng = np.random.default_rng(0)
    for settings in (Convolution(padding="same", bias=0.3), Convolution(padding="same", dilation=2, flip=True)):
        kernel = rng.normal(size=(4, 5))
        paper = np.pad(1 - digits, ((0, 0), (12, 12), (12, 12)), constant_values=1.0)
        expected = light_on(paper, kernel, settings)[:, 12:-12, 12:-12]
        dark, bright = light_on_both_papers(digits, kernel, settings)
        np.testing.assert_allclose(bright, expected, atol=1e-12)
        np.testing.assert_allclose(dark, light_on(digits, kernel, settings), atol=1e-12)


@pytest.mark.parametrize(
    ("kernel", "settings"),
    [
        (LAPLACIAN, RELU),
        (-LAPLACIAN, RELU),
        (OUTLINE, RELU),
        (-OUTLINE, ABSOLUTE),
        (OUTLINE, Convolution(bias=-0.5)),
        (LAPLACIAN, Convolution(dilation=2)),
        (25 * resize_kernel(IDENTITY, 5, 5) - 1, RELU),
    ],
    ids=["outer rims", "inner rims", "outline", "both rims", "thresholded", "dilated", "5×5"],
)
def test_filters_alike_in_all_directions_pass(kernel, settings):
    """The middle against its surroundings, in a sum of 0."""
    verdict = check_every_edge(kernel, settings)
    assert verdict.passed, verdict
    assert verdict.words.startswith("Edges light up in 8 of 8 directions and flat places keep 0%")


@pytest.mark.parametrize(
    ("filter_name", "missing"),
    [
        ("sobel-horizontal", "vertical edges"),
        ("sobel-vertical", "horizontal edges"),
        ("diagonal-falling", "rising edges"),
        ("diagonal-rising", "falling edges"),
    ],
)
def test_the_direction_that_stays_dark_is_named(filter_name, missing):
    """A filter of one direction, both its signs lit, misses the edges that run across its own."""
    verdict = check_every_edge(FILTER_BANK[filter_name].kernel, ABSOLUTE)
    assert verdict.score == 6 / 8
    assert verdict.words == (f"Edges light up in 6 of 8 directions and flat places are dark, but {missing} stay dark.")


def test_rims_of_one_side_are_told_by_their_bright_side():
    """With ReLU the vertical filter sees only edges that are bright on the left."""
    words = check_every_edge(VERTICAL, RELU).words
    assert words == (
        "Edges light up in 3 of 8 directions and flat places are dark, "
        "but horizontal edges and edges that are bright on the right, bottom right and top right stay dark."
    )


def test_light_on_flat_places_is_told_with_its_cause():
    """On bright paper it is the sum of the filter, on dark paper the bias."""
    for kernel in (IDENTITY, FILTER_BANK["gaussian-blur"].kernel):
        words = check_every_edge(kernel, RELU).words
        assert words.startswith("Edges light up in 8 of 8 directions, but flat places keep ")
        assert words.endswith("10% is allowed: on bright ones the filter's numbers and the bias add up to 1.00.")
    words = check_every_edge(LAPLACIAN, Convolution(bias=0.5)).words
    assert words.endswith("10% is allowed: on dark ones the bias is all there is, 0.50.")


def test_both_faults_stand_in_one_sentence():
    """Emboss is dark in one direction and bright on flat places."""
    words = check_every_edge(FILTER_BANK["emboss"].kernel, ABSOLUTE).words
    assert words.startswith("Edges light up in 6 of 8 directions (falling edges stay dark), but flat places keep ")


def test_light_on_flat_places_alone():
    """A wide blur with a bias that only wholly bright windows overcome."""
    verdict = check_every_edge(np.ones((11, 11)), Convolution(bias=-120.5))
    assert verdict.score == 0
    assert verdict.words == "The light falls on flat places only: no edge lights up yet."
