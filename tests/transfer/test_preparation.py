"""The one preparation: what it does to a picture, and that everybody who needs one goes through it."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.transfer.preparation import about_preparation, prepared, prepared_file


def noise(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3)).astype(np.uint8)


def png(picture: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    return stream.getvalue()


def test_a_square_of_the_right_size_stays_as_it_is():
    """Nothing is resampled that need not be."""
    picture = noise(96, 96)
    np.testing.assert_array_equal(prepared(picture, 96), picture)


def test_the_middle_is_kept():
    """Of a wide picture the left and right go, of a tall one top and bottom; red stays red."""
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[:, 20:80] = (200, 100, 50)
    assert (prepared(picture, 30) == (200, 100, 50)).all()
    assert (prepared(picture.swapaxes(0, 1), 30) == (200, 100, 50)).all()


def test_cells_are_averages():
    """A picture of blocks, shrunk by a whole factor, gives the blocks' means within the resampling's soft edges."""
    blocks = np.kron(noise(8, 8, 3)[:, :, 0], np.ones((12, 12)))[..., None].repeat(3, axis=2).astype(np.uint8)
    noisy = np.clip(blocks.astype(int) + np.random.default_rng(5).integers(-9, 10, blocks.shape), 0, 255)
    shrunk = prepared(noisy.astype(np.uint8), 8).astype(float)
    means = noisy.reshape(8, 12, 8, 12, 3).mean(axis=(1, 3))
    assert np.corrcoef(shrunk.ravel(), means.ravel())[0, 1] > 0.98


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 50))
def test_any_size_becomes_the_size_asked_for(rows, columns, side):
    """Larger, smaller, wide, tall: (side, side, 3) uint8."""
    made = prepared(noise(rows, columns), side)
    assert made.shape == (side, side, 3)
    assert made.dtype == np.uint8


@given(st.integers(8, 70), st.integers(8, 70), st.integers(1, 40))
def test_a_file_and_its_decoded_picture_come_out_alike(rows, columns, side):
    """An upload and a frame of the webcam that show the same are the same to a network."""
    picture = noise(rows, columns)
    np.testing.assert_array_equal(prepared_file(png(picture), side), prepared(picture, side))


def test_a_photo_lying_on_its_side_is_turned_upright():
    """EXIF orientation 6: the stored picture is shown a quarter turn clockwise."""
    picture = noise(20, 20)
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", exif=exif)
    np.testing.assert_array_equal(prepared_file(stream.getvalue(), 20), np.rot90(picture, -1))


def test_what_is_written_beside_a_network_names_its_size():
    assert about_preparation(96)["side"] == 96


def test_training_evaluates_through_the_same_function():
    """The scripts that train and measure the backbone have no preparation of their own."""
    from scripts.backbone import features, handbags

    assert features.prepared is prepared
    assert handbags.prepared_file is prepared_file


@pytest.mark.parametrize("picture", [np.zeros((4, 4)), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_no_picture_is_refused(picture):
    """Grey, floating-point and empty arrays."""
    with pytest.raises(ValueError, match=r"A picture is \(H, W, 3\), uint8. Received: shape="):
        prepared(picture, 8)


@pytest.mark.parametrize("side", [0, -1, 2.5, True, 4096])
def test_a_side_is_a_whole_number(side):
    with pytest.raises(ValueError, match="side is a whole number from 1 to 1024. Received: side="):
        prepared(noise(8, 8), side)


def test_a_file_that_is_no_picture_is_refused_in_plain_words():
    with pytest.raises(ValueError, match="not a PNG, JPEG or WebP picture"):
        prepared_file(b"%PDF-1.7 nothing to see", 224)
