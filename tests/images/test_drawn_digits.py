import os
from pathlib import Path

import numpy as np
import pytest

from core.images.digits import DEFAULT_SEED, WAYS_OF_WRITING, draw_digit, draw_digits, drawn_dataset
from core.images.digits.hand import choose_ways
from core.images.digits.skeletons import WAYS

EVERY_WAY = [(digit, way) for digit, ways in WAYS_OF_WRITING.items() for way in ways]
MNIST = Path(os.environ.get("CONVLAB_DATA", "nowhere")) / "mnist.npz"


@pytest.fixture(scope="module")
def many():
    return drawn_dataset(3000, seed=7)


def blurred(pictures):
    """Each picture averaged over 3x3 windows, which forgives small shifts: (N, 28, 28) -> unit vectors (N, 784)."""
    padded = np.pad(pictures.astype(np.float32), ((0, 0), (1, 1), (1, 1)))
    sums = sum(padded[:, y : y + 28, x : x + 28] for y in range(3) for x in range(3)).reshape(len(pictures), -1)
    return sums / np.linalg.norm(sums, axis=1, keepdims=True)


def read_by_nearest(known, labels, pictures):
    """The label of the known picture that is most alike, for each of the pictures."""
    return labels[(blurred(pictures) @ blurred(known).T).argmax(axis=1)]


def test_same_seed_same_pictures():
    """The same labels and seed give the same pictures."""
    assert np.array_equal(draw_digits(range(10), 5), draw_digits(range(10), 5))


def test_other_seed_other_pictures():
    """Another seed draws every digit differently."""
    one, other = draw_digits(range(10), 5), draw_digits(range(10), 6)
    assert all((a != b).any() for a, b in zip(one, other, strict=True))


def test_no_two_alike():
    """Within one call, no two pictures of the same digit are the same."""
    threes = draw_digits([3] * 200, 1)
    assert len({picture.tobytes() for picture in threes}) == 200


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 130])
def test_picture_depends_on_its_place_not_on_the_batch(n):
    """The first n pictures are the same however many follow them."""
    labels = np.arange(200) * 7 % 10
    assert np.array_equal(draw_digits(labels[:n], 3), draw_digits(labels, 3)[:n])


def test_picture_does_not_depend_on_the_other_labels():
    """Changing the label of one place leaves all other pictures as they were."""
    labels = np.arange(100) % 10
    changed = labels.copy()
    changed[40] = 7
    same = (draw_digits(labels, 3) == draw_digits(changed, 3)).all(axis=(1, 2))
    assert np.flatnonzero(~same).tolist() == [40]


def test_one_digit_is_the_first_of_a_list():
    """draw_digit draws what draw_digits draws first."""
    assert np.array_equal(draw_digit(4, 9), draw_digits([4, 1, 2], 9)[0])


def test_pictures_are_grey_bytes(many):
    """Pictures are (N, 28, 28) uint8, with paper of 0 and ink that reaches full black in almost all."""
    pictures, _ = many
    assert pictures.shape == (3000, 28, 28) and pictures.dtype == np.uint8
    assert (pictures.min(axis=(1, 2)) == 0).all()
    assert (pictures.max(axis=(1, 2)) == 255).mean() > 0.9


def test_no_labels_no_pictures():
    """An empty list of labels gives an empty array of pictures."""
    assert draw_digits([], 0).shape == (0, 28, 28)


def test_centre_of_mass_is_in_the_middle(many):
    """The ink's centre of mass is within a pixel of the middle of the picture."""
    pictures = many[0].astype(float)
    mass = pictures.sum(axis=(1, 2))
    places = np.arange(28) + 0.5
    for axis in (1, 2):
        assert np.abs(pictures.sum(axis=3 - axis) @ places / mass - 14).max() < 1


def test_ink_fits_the_box(many):
    """The ink is at most 20 pixels wide and high, and at least 18 in the longer direction."""
    pictures = many[0] > 0
    sides = []
    for axis in (1, 2):
        lines = pictures.any(axis=axis)
        sides.append(28 - lines.argmax(axis=1) - lines[:, ::-1].argmax(axis=1))
    longer = np.maximum(*sides)
    assert longer.max() <= 20 and longer.min() >= 18


def test_strokes_are_as_wide_as_a_pen_s(many):
    """The ink covers between a twentieth and a third of the picture, except for a few very thin or bold digits."""
    covered = many[0].mean(axis=(1, 2)) / 255
    assert 0.08 < covered.mean() < 0.2
    assert ((covered > 0.025) & (covered < 0.35)).mean() > 0.99


@pytest.mark.parametrize(("digit", "way"), EVERY_WAY)
def test_every_way_can_be_written(digit, way):
    """Every way of writing gives a centred picture with ink, unlike that of any other way of the same digit."""
    picture = draw_digit(digit, DEFAULT_SEED, way=way)
    assert picture.shape == (28, 28) and picture.max() == 255
    others = [draw_digit(digit, DEFAULT_SEED, way=other) for other in WAYS_OF_WRITING[digit] if other != way]
    assert all((picture != other).any() for other in others)


@pytest.mark.parametrize("digit", range(10))
def test_chance_reaches_every_way(digit):
    """Chances spread evenly over [0, 1) choose each way as often as its share says."""
    chance = (np.arange(10_000) + 0.5) / 10_000
    shares = np.array([way.share for way in WAYS[digit]])
    often = np.bincount(choose_ways(np.full(10_000, digit), chance), minlength=len(shares)) / 10_000
    assert np.allclose(often, shares / shares.sum(), atol=2e-4)


def test_names_of_ways():
    """Every digit has at least two ways of writing, each with a name of its own."""
    assert sorted(WAYS_OF_WRITING) == list(range(10))
    assert all(len(set(names)) == len(names) >= 2 for names in WAYS_OF_WRITING.values())


@pytest.mark.parametrize("count", [0, 1, 9, 10, 123])
def test_dataset_is_balanced(count):
    """A data set has as many of each digit to within one."""
    pictures, labels = drawn_dataset(count, 1)
    assert pictures.shape == (count, 28, 28) and labels.shape == (count,) and labels.dtype == np.uint8
    often = np.bincount(labels, minlength=10)
    assert often.max() - often.min() <= 1


def test_dataset_is_shuffled():
    """The order of the labels is mixed and depends on the seed; the pictures show their labels."""
    pictures, labels = drawn_dataset(100, 1)
    assert not np.array_equal(labels, np.arange(100) % 10)
    assert not np.array_equal(labels, drawn_dataset(100, 2)[1])
    assert np.array_equal(pictures, draw_digits(labels, 1))


def test_a_reader_of_drawn_digits_reads_new_ones(many):
    """A nearest neighbour among 3,000 drawn digits reads more than four in five digits drawn with another seed."""
    pictures, labels = drawn_dataset(1000, seed=8)
    assert (read_by_nearest(*many, pictures) == labels).mean() > 0.8


@pytest.mark.skipif(not MNIST.is_file(), reason="CONVLAB_DATA has no mnist.npz")
def test_a_reader_of_drawn_digits_reads_people_s(many):
    """A nearest neighbour among 3,000 drawn digits reads more than four in five digits that people wrote."""
    with np.load(MNIST) as mnist:
        pictures, labels = mnist["x_train"][:2000], mnist["y_train"][:2000]
    assert (read_by_nearest(*many, pictures) == labels).mean() > 0.8


@pytest.mark.parametrize("labels", [[10], [-1], [0.5], [True], ["3"], 3, [[1, 2]], [1, None]])
def test_refuses_labels_that_are_no_digits(labels):
    """Labels other than a list of whole numbers from 0 to 9 are refused, and the message says what arrived."""
    with pytest.raises(ValueError, match="Received: labels="):
        draw_digits(labels, 0)


@pytest.mark.parametrize("seed", [-1, 1.5, None, True, "1"])
def test_refuses_seeds_that_are_no_whole_numbers(seed):
    """A seed other than a whole number, 0 or more, is refused."""
    with pytest.raises(ValueError, match="Received: seed="):
        draw_digits([1], seed)


@pytest.mark.parametrize("count", [-1, 2.5, None, True, "7"])
def test_refuses_counts_that_are_no_whole_numbers(count):
    """A count other than a whole number, 0 or more, is refused."""
    with pytest.raises(ValueError, match="Received: count="):
        drawn_dataset(count, 0)


def test_refuses_unknown_ways():
    """A way that is not one of the digit's is refused, and the message lists those that are."""
    with pytest.raises(ValueError, match="plain.*Received: way='sideways'"):
        draw_digit(7, 0, way="sideways")
