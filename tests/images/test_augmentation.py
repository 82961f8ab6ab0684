"""Changes of a picture, against the Keras layers of the same names."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.augmentation import FLIPS, LECTURE, Augmentation, Change, changed, draw


def smooth_picture(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    """(rows, columns, 3) without hard edges, for which rounding at half a cell does not matter."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns] / max(rows, columns)
    waves = [np.sin(6 * x * random.uniform(0.3, 1) + 5 * y * random.uniform(-1, 1) + i) for i in range(3)]
    return np.rint(127 + 110 * np.stack(waves, -1)).astype(np.uint8)


def by_keras(layer: keras.layers.Layer, picture: np.ndarray) -> np.ndarray:
    return np.asarray(layer(picture[np.newaxis].astype("float32"), training=True))[0]


@settings(max_examples=20)
@given(share=st.floats(-0.5, 0.5), rows=st.integers(12, 40), columns=st.integers(12, 40))
def test_a_turn_is_that_of_keras(share, rows, columns):
    """RandomRotation with one angle only gives the same picture: 0.1 is 36 degrees, counter-clockwise."""
    picture = smooth_picture(rows, columns)
    expected = by_keras(keras.layers.RandomRotation((share, share), fill_mode="nearest"), picture)
    np.testing.assert_allclose(changed(picture, Change(turn=share * 360)), expected, atol=2)


@settings(max_examples=20)
@given(share=st.floats(-0.5, 0.5), rows=st.integers(12, 40), columns=st.integers(12, 40))
def test_a_zoom_is_that_of_keras(share, rows, columns):
    """RandomZoom with one factor only: positive is farther away."""
    picture = smooth_picture(rows, columns)
    expected = by_keras(keras.layers.RandomZoom((share, share), fill_mode="nearest"), picture)
    np.testing.assert_allclose(changed(picture, Change(farther=share)), expected, atol=2)


@settings(max_examples=20)
@given(down=st.floats(-0.5, 0.5), right=st.floats(-0.5, 0.5))
def test_a_shift_is_that_of_keras(down, right):
    """RandomTranslation with one move only."""
    picture = smooth_picture(30, 24)
    expected = by_keras(keras.layers.RandomTranslation((down, down), (right, right), fill_mode="nearest"), picture)
    np.testing.assert_allclose(changed(picture, Change(down=down, right=right)), expected, atol=2)


@settings(max_examples=20)
@given(share=st.floats(-0.5, 0.5))
def test_brightness_is_that_of_keras(share):
    """RandomBrightness adds a share of 255 and cuts off."""
    picture = smooth_picture(8, 8)
    expected = by_keras(keras.layers.RandomBrightness((share, share)), picture)
    np.testing.assert_allclose(changed(picture, Change(lighter=share)), expected, atol=0.51)


def test_flips_are_exact():
    """Mirrored and upside down, to the byte."""
    picture = smooth_picture(9, 7)
    np.testing.assert_array_equal(changed(picture, Change(mirrored=True)), picture[:, ::-1])
    np.testing.assert_array_equal(changed(picture, Change(upside_down=True)), picture[::-1])


@given(
    flip=st.sampled_from(FLIPS),
    shares=st.tuples(*[st.floats(0, 0.5)] * 4),
    seed=st.integers(0, 999),
)
def test_a_draw_stays_within_what_is_allowed(flip, shares, seed):
    """No part of a change goes farther than its setting, and no flip comes that was not asked for."""
    augmentation = Augmentation(flip, *shares)
    change = draw(augmentation, np.random.default_rng(seed))
    assert abs(change.turn) <= 360 * augmentation.rotation
    assert abs(change.farther) <= augmentation.zoom
    assert max(abs(change.down), abs(change.right)) <= augmentation.shift
    assert abs(change.lighter) <= augmentation.brightness
    assert not change.mirrored or "horizontal" in flip
    assert not change.upside_down or "vertical" in flip


def test_the_lectures_setting_survives_json():
    """Written and read again it is the same."""
    assert Augmentation.from_json(LECTURE.to_json()) == LECTURE
    assert LECTURE.is_on and not Augmentation().is_on


@pytest.mark.parametrize("bad", [{"rotation": 36}, {"flip": "sideways"}, {"zoom": float("nan")}, {"shear": 0.1}])
def test_what_is_no_setting_is_refused(bad):
    """36 for ±36° is the usual slip: the number is a share of a full turn."""
    with pytest.raises(ValueError, match="Received"):
        Augmentation.from_json(bad)


def test_what_is_no_picture_is_refused():
    """Grey pictures and floats have no place here."""
    with pytest.raises(ValueError, match="uint8"):
        changed(np.zeros((4, 4)), Change())
