"""Counts in words."""

import pytest

from core.explain.magnitude import in_megabytes, in_words, time_at_one_a_second


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1"), (896, "896"), (9_999, "9,999"), (10_000, "10 thousand"), (38_535_168, "39 million"),
     (2_743_372_800, "2.7 billion"), (999_999, "1 million"), (999_000, "999 thousand"), (5_000_000, "5 million")],
)  # fmt: skip
def test_large_counts_have_two_figures(count, words):
    """Small counts stand as they are, large ones as people say them."""
    assert in_words(count) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 second"), (59, "59 seconds"), (864, "14 minutes"), (100_352, "1.2 days"), (2_743_372_800, "87 years")],
)
def test_looking_at_pictures_takes_time(count, words):
    """One picture a second, in the largest unit that fits."""
    assert time_at_one_a_second(count) == words


@pytest.mark.parametrize(
    ("megabytes", "words"), [(10_973.4916, "10,973 MB"), (154.14, "154 MB"), (0.003584, "0.0036 MB"), (1.28, "1.3 MB")]
)
def test_memory_is_written_in_megabytes(megabytes, words):
    """Whole numbers from a hundred on, two figures below."""
    assert in_megabytes(megabytes) == words
