"""The drawings in colour, their names, and own pictures read in colour."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from core.images.colour_names import colour_picture_of, drawn_name, own_colour_name, split_drawn_name
from core.images.colour_pictures import COLOUR_PICTURES, SIDES, draw_colour, with_brightness
from core.images.own_picture import read_colour_picture, read_picture


@pytest.mark.parametrize("name", COLOUR_PICTURES)
@pytest.mark.parametrize("side", [*SIDES, 7])
def test_every_drawing_is_drawn_at_every_size(name, side):
    """A drawing has that many cells a side, three channels or one, and is no flat field."""
    picture = draw_colour(name, side)
    assert picture.shape == (side, side, 1 if COLOUR_PICTURES[name].grey else 3)
    assert picture.dtype == np.uint8 and np.ptp(picture) > 100


def test_a_large_drawing_shrinks_to_the_small_one():
    """Averaging the cells of a drawing twice as fine gives the drawing, to within rounding."""
    fine, coarse = draw_colour("apple", 24).astype(float), draw_colour("apple", 12)
    averaged = fine.reshape(12, 2, 12, 2, 3).mean(axis=(1, 3))
    assert np.abs(averaged - coarse).max() < 25


def test_the_red_apple_is_red():
    """In the middle of the apple there is red light and hardly any other."""
    red, green, blue = draw_colour("apple", 28)[18, 14]
    assert red > 200 > 60 > max(green, blue)


def test_the_lecture_s_even_colours_are_even():
    """The bars and halves hold pure light only, so that sums come out even."""
    assert set(np.unique(draw_colour("bars", 12))) == {0, 255}
    assert set(np.unique(draw_colour("halves", 12))) == {0, 204}


def test_brightness_is_the_mean():
    """The fourth channel is the mean of the three, which stay."""
    picture = draw_colour("flag", 6)
    four = with_brightness(picture)
    np.testing.assert_array_equal(four[:, :, :3], picture)
    np.testing.assert_array_equal(four[:, :, 3], np.rint(picture.mean(axis=2)))


@pytest.mark.parametrize(
    ("name", "side", "rule"), [("pear", 12, "is one of"), ("apple", 3, "4 to 64"), ("apple", True, "4")]
)
def test_other_names_and_sizes_are_refused(name, side, rule):
    """An unknown drawing or size is named in the message."""
    with pytest.raises(ValueError, match=rule):
        draw_colour(name, side)


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 3]))))
def test_an_own_picture_comes_back_from_its_name(picture):
    """Name and back give every picture unchanged."""
    name = own_colour_name(picture)
    np.testing.assert_array_equal(colour_picture_of(name), picture)
    assert split_drawn_name(name) is None


def test_a_drawing_comes_back_from_its_name():
    """A drawing's name is short and stands for the drawing."""
    assert drawn_name("flower", 12) == "flower.12"
    np.testing.assert_array_equal(colour_picture_of("flower.12"), draw_colour("flower", 12))


@pytest.mark.parametrize(
    "name", ["", "apple", "apple.999", "apple.-3", "pear.12", "own", "own.xyz", "own.AQF4nGMAAAABAAE.x"]
)
def test_other_names_cannot_be_read(name):
    """A name that stands for no picture is refused."""
    with pytest.raises(ValueError):
        colour_picture_of(name)


def test_channels_of_different_sizes_are_refused():
    """The three channels of an own picture have one size."""
    small, large = own_colour_name(np.zeros((2, 2, 1), np.uint8)), own_colour_name(np.zeros((3, 3, 1), np.uint8))
    name = ".".join([small, large.removeprefix("own."), large.removeprefix("own.")])
    with pytest.raises(ValueError, match="of one size"):
        colour_picture_of(name)


def file_of(image, kind="PNG"):
    with io.BytesIO() as file:
        image.save(file, kind)
        return file.getvalue()


def test_an_own_picture_is_read_in_colour():
    """The middle square of a file arrives with its colours, (rows, columns, channels)."""
    image = Image.new("RGB", (90, 60), (10, 20, 200))
    image.paste((250, 128, 0), (15, 0, 45, 60))
    picture = read_colour_picture(file_of(image), 12)
    assert picture.shape == (12, 12, 3)
    np.testing.assert_array_equal(picture[5, 2], (250, 128, 0))
    np.testing.assert_array_equal(picture[5, 9], (10, 20, 200))


def test_a_transparent_picture_keeps_its_colours_on_white():
    """What is transparent becomes white, what is drawn keeps its colour."""
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), (0, 0, 20, 40))
    picture = read_colour_picture(file_of(image), 8)
    np.testing.assert_array_equal(picture[4, 1], (200, 30, 30))
    np.testing.assert_array_equal(picture[4, 6], (255, 255, 255))


def test_grey_and_colour_are_read_alike():
    """A grey file has the same number in all three channels, which is that of the grey reading."""
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 50), dtype=np.uint8))
    grey, colour = read_picture(file_of(image), 10), read_colour_picture(file_of(image), 10)
    for channel in range(3):
        np.testing.assert_array_equal(colour[:, :, channel], grey)


def test_what_is_no_picture_is_refused_in_colour_too():
    """The same plain words as for a grey picture."""
    with pytest.raises(ValueError, match="not a PNG, JPEG or WebP"):
        read_colour_picture(b"PK\x03\x04 no picture")
