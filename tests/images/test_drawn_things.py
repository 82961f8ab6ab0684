"""The drawn bags and shoes."""

import io

import numpy as np
import pytest
from PIL import Image

from core.images.drawn_things import CLASSES, SIDE, draw_thing, thing_file


def test_a_seed_gives_the_same_drawing_and_another_gives_another():
    """They repeat, and no two of a class are alike."""
    np.testing.assert_array_equal(draw_thing("bags", 3), draw_thing("bags", 3))
    drawings = {draw_thing(name, seed).tobytes() for name in CLASSES for seed in range(30)}
    assert len(drawings) == 60


def test_a_drawing_is_a_colour_picture_with_something_on_it():
    """It fits its square, and the thing stands out from its ground."""
    for name in CLASSES:
        for seed in range(30):
            picture = draw_thing(name, seed)
            assert picture.shape == (SIDE, SIDE, 3) and picture.dtype == np.uint8
            middle = picture[60:100, 40:120].reshape(-1, 3).mean(axis=0)
            corner = picture[:20, :20].reshape(-1, 3).mean(axis=0)
            assert np.abs(middle - corner).max() > 15, (name, seed)


def test_the_file_is_a_jpeg_of_the_drawing():
    """It can be taken in like any upload."""
    with Image.open(io.BytesIO(thing_file("shoes", 1))) as image:
        assert (image.format, image.size) == ("JPEG", (SIDE, SIDE))
        assert np.abs(np.asarray(image).astype(int) - draw_thing("shoes", 1)).mean() < 6


def test_another_thing_is_refused():
    """There are two."""
    with pytest.raises(ValueError, match="one of bags, shoes"):
        draw_thing("hats", 0)
