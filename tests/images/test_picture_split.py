from collections import Counter

import numpy as np
import pytest

from core.images.picture_set import PictureSet
from core.images.picture_split import FEWEST, shortage, split


def filled(**counts) -> PictureSet:
    """So many plain pictures of each class, bags=3; bags_test=2 belong to the test by the person's own layout."""
    made = PictureSet()
    for name, count in counts.items():
        class_name, _, part = name.partition("_")
        made.add_class(class_name) if class_name not in made.classes else None
        for _ in range(count):
            made.add_capture(class_name, np.full((16, 16, 3), len(made) % 251, np.uint8), part=part or None)
    return made


def numbers(part) -> set[int]:
    return {picture.number for picture in part.pictures}


@pytest.mark.parametrize("bags, shoes", [(92, 93), (100, 85)])
def test_the_lectures_pictures_are_divided_as_in_the_lecture(bags, shoes):
    """185 pictures: 98 to learn from, 49 to validate, 38 to test, each class in the same shares."""
    parts = split(filled(bags=bags, shoes=shoes), seed=4)
    assert parts.text == "98 / 49 / 38"
    for part, share in ((parts.train, 98 / 185), (parts.validation, 49 / 185), (parts.test, 38 / 185)):
        assert abs(np.sum(part.labels == 0) - bags * share) < 1
    assert len(numbers(parts.train) | numbers(parts.validation) | numbers(parts.test)) == 185


def test_other_shares_may_be_asked_for():
    """98 and 49 of 361, the rest to test."""
    made = filled(bags=188, shoes=173)
    assert split(made, shares={"train": 98, "validation": 49, "test": 214}).text == "98 / 49 / 214"


def test_labels_say_what_a_picture_is():
    """Label i is classes[i], in mixed order, and cannot be written to."""
    parts = split(filled(bags=20, shoes=20))
    for part in (parts.train, parts.validation, parts.test):
        assert [parts.classes[label] for label in part.labels] == [picture.class_name for picture in part.pictures]
        assert not part.labels.flags.writeable and part.labels.dtype == np.int64
    assert len(set(parts.train.labels[:10])) == 2


def test_the_seed_alone_decides():
    """The same seed gives the same split, another one another, of the same sizes."""
    made = filled(bags=20, shoes=30)
    first, again, other = split(made, 1), split(made, 1), split(made, 2)
    assert first.test.pictures == again.test.pictures
    assert numbers(first.test) != numbers(other.test) and first.text == other.text


@pytest.mark.parametrize("count", range(3, 12))
def test_even_small_classes_have_one_of_each(count):
    """From three pictures on every part has one of every class."""
    parts = split(filled(bags=count, shoes=3))
    for part in (parts.train, parts.validation, parts.test):
        assert set(part.labels) == {0, 1}
    assert len(parts.train) + len(parts.validation) + len(parts.test) == count + 3


def test_a_layout_of_the_persons_own_is_kept():
    """What lies in train, validation and test stays there, and pictures that came later are trained on."""
    made = filled(a=2, a_train=3, a_validation=2, a_test=2, b_train=4, b_validation=1, b_test=1)
    parts = split(made)
    assert Counter(picture.part for picture in parts.train.pictures) == {"train": 7, None: 2}
    assert {picture.part for picture in parts.validation.pictures} == {"validation"}
    assert {picture.part for picture in parts.test.pictures} == {"test"}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_meant_for_training_is_trained_on(seed):
    """Of forty pictures five were taught: these are learnt from, whatever the seed; the shares are as ever."""
    parts = split(filled(a=35, a_train=5, b=40), seed)
    assert sum(picture.part == "train" for picture in parts.train.pictures) == 5
    assert parts.text == split(filled(a=40, b=40), seed).text


def test_a_test_recorded_on_the_spot_is_the_test():
    """Only that part is given: the others share the rest two to one, as 98 and 49."""
    parts = split(filled(a=30, a_test=5, b=30, b_test=4))
    assert parts.text == "40 / 20 / 9"
    assert {picture.part for picture in parts.test.pictures} == {"test"}


def test_a_missing_part_comes_out_of_training():
    """train and validation without test: the test is the lecture's share of what was to be trained on."""
    parts = split(filled(a_train=136, a_validation=10, b_train=136, b_validation=10))
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (196, 20, 76)


@pytest.mark.parametrize(
    "counts, words",
    [
        ({}, "Two classes at least are needed. There are none so far."),
        ({"shoes": 9}, "Two classes at least are needed. There is one so far."),
        ({"shoes": 9, "bags": 1}, "Each class needs 3 pictures: .* bags has 1."),
        ({"shoes": 0, "bags": 9}, "Each class needs 3 pictures: .* shoes has none."),
        ({"a_train": 5, "a_test": 2, "b_train": 5}, "a picture in each part. In test there is none of b."),
        ({"a_train": 1, "a_test": 2, "b_train": 5, "b_test": 2}, "In validation there is none of a."),
    ],
)
def test_too_little_to_learn_from_is_said(counts, words):
    """An empty class, one picture in a class, a part without a class: the reason, before and when it is tried."""
    made = filled(**counts)
    assert FEWEST == 3
    with pytest.raises(ValueError, match=words):
        split(made)
    assert shortage(made) is not None and shortage(filled(a=3, b=3)) is None
