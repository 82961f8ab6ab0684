"""What is said of a network's answer."""

import numpy as np
import pytest

from core.explain.verdict_words import worded

TWO = ("handbag", "shoe")


@pytest.mark.parametrize(
    ("probabilities", "strangeness", "kind", "words"),
    [
        ([0.02, 0.98], 0.4, "sure", "shoe"),
        ([0.98, 0.02], None, "sure", "handbag"),
        ([0.45, 0.55], 0.4, "unsure", "Not sure"),
        ([0.0, 1.0], 1.3, "neither", "Neither"),
        ([0.45, 0.55], 1.3, "neither", "Neither"),
    ],
)
def test_a_verdict_is_a_class_or_a_doubt_or_neither(probabilities, strangeness, kind, words):
    """A clear answer names its class; a face that is called a shoe with 100% is neither when it is too far away."""
    found = worded(TWO, np.array(probabilities), strangeness)
    assert (found.kind, found.words) == (kind, words)


def test_the_bars_of_a_few_classes_keep_their_places():
    """With two classes no bar jumps to the other's place when the verdict turns."""
    assert [name for name, _ in worded(TWO, np.array([0.1, 0.9]), None).bars] == list(TWO)


def test_of_many_classes_the_likeliest_five_are_shown():
    """Of 1,000 classes the bars are the five likeliest, in order."""
    probabilities = np.full(1000, 0.2 / 995)
    probabilities[[7, 3, 500, 20, 999]] = [0.6, 0.1, 0.05, 0.03, 0.02]
    found = worded([f"class {i}" for i in range(1000)], probabilities, None)
    assert [name for name, _ in found.bars] == ["class 7", "class 3", "class 500", "class 20", "class 999"]
    assert found.words == "class 7"


def test_how_strange_a_picture_is_is_said():
    """A little beyond the limit is not "unlike all"."""
    below = [worded(("bag", "shoe"), np.array([0.9, 0.1]), strangeness).below for strangeness in (1.01, 1.6)]
    assert below[0].startswith("Just beyond all that it learnt from (1.01 × the limit)")
    assert below[1].startswith("Unlike all that it learnt from (1.60 × the limit)")


def test_neither_of_three_is_none_of_these():
    """The word fits the number of classes."""
    assert worded(("a", "b", "c"), np.array([1.0, 0, 0]), 2.0).words == "None of these"
