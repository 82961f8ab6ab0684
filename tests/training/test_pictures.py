"""Which pictures train, which validate, and whether they go into the network."""

from dataclasses import replace

import numpy as np
import pytest

from core.images.augmentation import Augmentation
from core.nets.layers import Conv2D, Dense, Flatten
from core.nets.network import Network, output_shape
from core.training.pictures import OwnPictures, check_fit, pictures_of, prepared, validation_count, with_augmentation
from core.training.spec import OWN, RunSpec
from tests.training.making import SMALL, small

COLOUR = Network((8, 8, 3), (Conv2D(2, 3), Flatten(), Dense(2, "softmax")))


def own_pictures(count=20):
    """Picture i is all i, so that it can be told from every other."""
    x = np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((8, 8, 3), np.uint8)
    return OwnPictures(x, np.arange(count) % 2, x[:2], np.arange(2), ("even", "odd"))


def test_every_picture_is_in_one_part_with_its_own_label():
    """Training and validation share none and lose none; the test pictures are left as they are."""
    own = own_pictures()
    parts = pictures_of(RunSpec(COLOUR, data=OWN, validation_split=0.25), own)
    trained, validated = parts.x_train[:, 0, 0, 0], parts.x_validation[:, 0, 0, 0]
    assert (len(trained), len(validated)) == (15, 5)
    assert sorted([*trained, *validated]) == list(range(20))
    np.testing.assert_array_equal(parts.y_train, trained % 2)
    np.testing.assert_array_equal(parts.y_validation, validated % 2)
    assert parts.x_test is own.x_test and parts.classes == ("even", "odd")


def test_the_seed_decides_the_split():
    """The same again for the same seed, another for another."""
    first, again, other = (pictures_of(small(seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.x_validation, again.x_validation)
    np.testing.assert_array_equal(first.y_train, again.y_train)
    assert not np.array_equal(first.x_validation, other.x_validation)
    assert first.x_train.shape == (320, 28, 28, 1) and first.x_validation.shape == (80, 28, 28, 1)


def test_a_part_without_pictures_is_refused():
    """A split that leaves nothing to train on, or nothing to validate with."""
    assert validation_count(60_000, 0.2) == 12_000
    for count, split in ((2, 0.1), (1, 0.5), (3, 0.9)):
        with pytest.raises(ValueError, match="at least one picture each"):
            validation_count(count, split)


def test_a_run_on_own_pictures_needs_them():
    with pytest.raises(ValueError, match="needs them"):
        pictures_of(RunSpec(COLOUR, data=OWN))


def test_network_and_pictures_must_go_together():
    """Another shape, and an end that tells another number of classes; two classes may end in one sigmoid unit."""
    check_fit(SMALL, (28, 28, 1), 10)
    check_fit(replace(COLOUR, layers=(Flatten(), Dense(1, "sigmoid"))), (8, 8, 3), 2)
    with pytest.raises(ValueError, match="takes pictures of 28×28×1, these are 32×32×3"):
        check_fit(SMALL, (32, 32, 3), 10)
    with pytest.raises(ValueError, match="must end in 3 units"):
        check_fit(SMALL, (28, 28, 1), 3)
    with pytest.raises(ValueError, match="one sigmoid unit or two"):
        check_fit(SMALL, (28, 28, 1), 2)


def test_a_network_that_does_not_rescale_gets_numbers_from_0_to_1():
    """And one that does gets the bytes as they are."""
    white = np.full((1, 28, 28, 1), 255, np.uint8)
    assert prepared(white, SMALL) is white
    bare = replace(SMALL, layers=SMALL.layers[1:])
    assert prepared(white, bare).dtype == np.float32 and prepared(white, bare).max() == 1.0


def test_augmentation_comes_first_and_changes_no_shape():
    """Only what is asked for, before the first layer; the network itself follows unchanged."""
    spec = small(augmentation=Augmentation("horizontal", rotation=0.1, shift=0.05))
    grown = with_augmentation(SMALL, spec)
    added = grown.layers[: len(grown.layers) - len(SMALL.layers)]
    assert [type(layer).__name__ for layer in added] == ["RandomFlip", "RandomRotation", "RandomTranslation"]
    assert grown.layers[len(added) :] == SMALL.layers
    assert output_shape(grown) == output_shape(SMALL)
    assert with_augmentation(SMALL, small()) == SMALL
