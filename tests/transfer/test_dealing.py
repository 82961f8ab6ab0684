"""Who is in which part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.picture_set import PictureSet
from core.transfer.dealing import PARTS, bounds, deal, possible_training, shares, usual_training
from tests.transfer.making import jpeg, striped, stripes


def sized(*sizes: int) -> PictureSet:
    """Classes of so many plain pictures."""
    pictures = PictureSet()
    small = jpeg(np.full((16, 16, 3), 90, np.uint8))
    for label, size in enumerate(sizes):
        for _ in range(size):
            pictures.add_capture(f"class {label}", small)
    return pictures


@given(pictures=st.integers(3, 5000), training=st.integers(1, 6000))
def test_the_parts_hold_all_pictures_and_none_is_empty(pictures, training):
    """Whatever is wanted, each part has a picture and all together have all."""
    counts = shares(pictures, training)
    assert sum(counts.values()) == pictures
    assert min(counts.values()) >= 1


def test_the_lectures_98_and_49_of_any_large_set():
    """361 pictures: 98 to learn from, 49 to validate, the rest to test; a small set shares as the lecture did."""
    assert shares(361, usual_training(sized(188, 173))) == {"train": 98, "validation": 49, "test": 214}
    assert usual_training(sized(20, 17)) == 20


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(3, 40), min_size=2, max_size=5), asked=st.integers(1, 500), seed=st.integers(0, 9))
def test_as_many_are_learnt_from_as_were_asked_for(sizes, asked, seed):
    """To the picture, and half as many validate; every part has one of every class."""
    pictures = sized(*sizes)
    training = possible_training(pictures, asked)
    dealt = deal(pictures, training, (seed,))
    counts = {part: dealt.part_labels(seed, part) for part in PARTS}
    assert len(counts["train"]) == training
    assert all(set(labels) == set(range(len(sizes))) for labels in counts.values())
    validation = shares(sum(sizes), training)["validation"]
    if validation >= len(sizes) and len(counts["test"]) > len(sizes):
        assert len(counts["validation"]) == validation


@pytest.mark.parametrize("asked", [25, 46, 98, 117])
def test_the_slider_says_what_is_dealt(asked):
    """188 handbags and 173 shoes: 25 are 25 and not 24."""
    dealt = deal(sized(188, 173), asked, (0, 1))
    for seed in (0, 1):
        assert len(dealt.places[seed]["train"]) == asked
        assert abs(np.sum(dealt.part_labels(seed, "train") == 0) - asked * 188 / 361) < 1
        assert len(dealt.places[seed]["validation"]) == round(asked / 2)


def test_no_more_can_be_asked_for_than_leaves_one_of_each_class():
    """Ten of each of two classes: 2 to 16; with a test of one's own, one more of each."""
    assert bounds(sized(10, 10)) == (2, 16)
    with_test = sized(10, 10)
    for name in with_test.classes:
        with_test.add_capture(name, jpeg(striped(0, 99)), part="test")
    assert bounds(with_test) == (2, 18)
    assert possible_training(with_test, 400) == 18 and possible_training(with_test, 1) == 2
    assert usual_training(with_test) == 13  # two to one, as 98 and 49, of the twenty that are no test


def test_beside_a_test_of_ones_own_the_rest_is_in_no_part():
    """Asked for six of twelve: three validate, and three wait."""
    pictures = stripes(6)
    pictures.add_capture("level", jpeg(striped(1, 99)), part="test")
    pictures.add_capture("upright", jpeg(striped(0, 99)), part="test")
    places = deal(pictures, 6, (0,)).places[0]
    assert [len(places[part]) for part in PARTS] == [6, 3, 2]


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
