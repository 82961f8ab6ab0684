"""Who is in which part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.transfer.dealing import PARTS, deal, shares, usual_training
from tests.transfer.making import jpeg, striped, stripes


@given(pictures=st.integers(3, 5000), training=st.integers(1, 6000))
def test_the_parts_hold_all_pictures_and_none_is_empty(pictures, training):
    """Whatever is wanted, each part has a picture and all together have all."""
    counts = shares(pictures, training)
    assert sum(counts.values()) == pictures
    assert min(counts.values()) >= 1


def test_the_lectures_98_and_49_of_any_large_set():
    """361 pictures: 98 to learn from, 49 to validate, the rest to test; a small set shares as the lecture did."""
    assert shares(361, usual_training(361)) == {"train": 98, "validation": 49, "test": 214}
    assert usual_training(37) == 20


@settings(max_examples=10)
@given(seeds=st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True))
def test_every_picture_has_one_part_for_each_seed(seeds):
    """Parts are disjoint and complete; labels belong to their pictures."""
    pictures = stripes(8)
    dealt = deal(pictures, 8, seeds)
    for seed in seeds:
        places = [place for part in PARTS for place in dealt.places[seed][part]]
        assert sorted(places) == list(range(16))
        keys = [picture.key for picture in pictures.pictures("level")]
        for part in PARTS:
            told = dealt.part_labels(seed, part)
            np.testing.assert_array_equal(told, [key in keys for key in dealt.part_keys(seed, part)])


def test_what_was_recorded_for_the_test_is_the_test():
    """Pictures set aside are the test for every seed, and nothing else is."""
    pictures = stripes(6)
    for label, name in enumerate(("upright", "level")):
        pictures.add_capture(name, jpeg(striped(label, 99)), part="test")
    dealt = deal(pictures, 6, (0, 1))
    assert set(dealt.places[0]["test"]) == set(dealt.places[1]["test"]) == {12, 13}


def test_too_few_pictures_are_refused_in_words():
    """Two pictures of a class cannot be in three parts."""
    with pytest.raises(ValueError, match="Each class needs 3 pictures"):
        deal(stripes(2), 2, (0,))
