"""Counts in words."""

import pytest

from core.explain.magnitude import in_bytes, in_words, time_at_one_a_second


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
    ("megabytes", "words"),
    [(10_973.4916, "11 GB"), (1000, "1 GB"), (999.4, "999 MB"), (154.14, "154 MB"), (99.7, "100 MB"), (1.28, "1.3 MB"),
     (0.1, "0.1 MB"), (0.0998, "100 kB"), (0.003584, "3.6 kB"), (0.00026, "0.26 kB")],
)  # fmt: skip
def test_memory_is_written_in_the_unit_that_fits(megabytes, words):
    """GB from a thousand MB on, kB below a tenth; whole numbers from ten on, two figures below."""
    assert in_bytes(megabytes) == words
