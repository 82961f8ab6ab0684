import pickle

import numpy as np
import pytest
from PIL import Image, ImageFile

from core.images.kept_picture import LONGEST, Picture, packed, packed_array
from tests.images.making import photo, png_claiming, saved

ORIENTATION = 0x0112


def shown(data: bytes) -> np.ndarray:
    """The picture as it is kept and decoded again, (rows, columns, 3)."""
    jpeg, rows, columns = packed(data)
    picture = Picture(0, "x.jpg", "x", None, jpeg, rows, columns).array()
    assert picture.shape == (rows, columns, 3) and picture.dtype == np.uint8
    return picture


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    array = np.zeros((height, width, 3), np.uint8)
    array[:, : width // 2, 0] = array[:, width // 2 :, 2] = 255
    return Image.fromarray(array).convert(mode)


def assert_halves(picture: np.ndarray) -> None:
    rows, columns = picture.shape[:2]
    left, right = picture[rows // 2, columns // 4].astype(int), picture[rows // 2, -columns // 4].astype(int)
    assert left[0] > 180 and left[2] < 80 and right[2] > 180 and right[0] < 80


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    "size, kept",
    [((1600, 900), (180, 320)), ((900, 1600), (320, 180)), ((320, 200), (200, 320)), ((60, 40), (40, 60))],
)
def test_the_longer_side_has_320_pixels_at_most(kind, size, kept):
    """Large pictures are made small in their own proportions; small ones keep their size."""
    picture = shown(saved(halves(*size), kind, quality=95))
    assert picture.shape[:2] == kept
    assert_halves(picture)


def test_a_small_jpeg_stays_as_it_is():
    """It is not packed a second time, which would make it worse; with EXIF, which may say where it was taken, it is."""
    data = photo(1)
    assert packed(data) == (data, 30, 40)
    exif = Image.Exif()
    exif[0x010E] = "at home"
    with_exif = photo(1, exif=exif.tobytes())
    assert b"at home" in with_exif and b"at home" not in packed(with_exif)[0]
    assert b"at home" not in packed(photo(1, kind="WEBP", exif=exif.tobytes()))[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_phones_picture_stands_upright(kind):
    """Held upright (orientation 6), a wide stored picture becomes a tall one, turned clockwise."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture = shown(saved(halves(640, 320), kind, exif=exif.tobytes(), quality=95))
    assert picture.shape == (320, 160, 3)
    assert_halves(np.rot90(picture))


@pytest.mark.parametrize("mode", ["CMYK", "P", "RGBA"])
def test_other_ways_to_store_colour(mode):
    """Print colours, a palette and transparency show the same picture."""
    assert_halves(shown(saved(halves(400, 300, mode), "JPEG" if mode == "CMYK" else "PNG")))


@pytest.mark.parametrize("value", [0, 0x80FF, 0xFFFF])
def test_sixteen_bits_become_eight(value):
    """A 16-bit PNG is scaled, not cut off."""
    picture = shown(saved(Image.fromarray(np.full((40, 50), value, np.uint16))))
    assert np.all(np.abs(picture.astype(int) - (value >> 8)) <= 1)


def test_a_moving_picture_is_its_first_frame_or_refused_by_kind():
    """An animated WebP is its first frame; an animated GIF is called one."""
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("black", "white")]
    moving = {"save_all": True, "append_images": frames[1:], "duration": 100}
    assert shown(saved(frames[0], "WEBP", **moving)).max() < 10
    with pytest.raises(ValueError, match="not a PNG, JPEG or WebP picture. Received: a GIF of"):
        packed(saved(frames[0], "GIF", **moving))


@pytest.mark.parametrize("size", [(1, 1), (15, 200), (200, 15), (6000, 250)])
def test_a_picture_that_is_too_small_is_refused(size):
    """1×1, or a strip of which nothing is left at 320 pixels."""
    with pytest.raises(ValueError, match=f"too small below 16 pixels .*Received: {size[0]} × {size[1]} pixels"):
        packed(saved(Image.new("RGB", size)))


def test_twenty_thousand_pixels_a_side_are_refused_undecoded(monkeypatch):
    """The size in the header decides; not one pixel is unpacked."""
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("the pixels were decoded"))
    with pytest.raises(ValueError, match="megapixels. Received: "):
        packed(png_claiming(20_000, 20_000))


@pytest.mark.parametrize(
    "data, words",
    [
        (b"hello", "not a PNG, JPEG or WebP picture. Received: a file of 5 bytes"),
        (b"", "Received: an empty file"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "HEIC photo"),
        (b"PK\x03\x04" + bytes(9), "a ZIP file"),
        (photo(2, 300, 300)[:900], "broken"),
        (png_claiming(60, 60), "broken or cut short"),
        (bytes(20 * 1024 * 1024 + 1), "at most 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused(data, words):
    """Each in words that say what arrived."""
    with pytest.raises(ValueError, match=words):
        packed(data)


def test_a_cameras_frame_is_kept_like_a_file():
    """(H, W, 3) uint8 becomes a small JPEG; other arrays are refused."""
    frame = np.asarray(halves(640, 480))
    jpeg, rows, columns = packed_array(frame)
    assert (rows, columns) == (240, 320) and max(rows, columns) == LONGEST
    assert_halves(Picture(0, "", "x", None, jpeg, rows, columns).array())
    for wrong in (frame[..., 0], frame.astype(float), np.zeros((0, 4, 3), np.uint8), np.zeros((9, 9, 3), np.uint8)):
        with pytest.raises(ValueError, match="Received: "):
            packed_array(wrong)


def test_a_picture_travels_to_a_worker():
    """It survives pickling, and its key depends on the JPEG alone."""
    picture = Picture(3, "a.jpg", "shoes", "test", *packed(photo(4)))
    again = pickle.loads(pickle.dumps(picture))
    assert again == picture and again.key == picture.key
    assert (
        picture.key
        == Picture(4, "b.jpg", "bags", None, *packed(photo(4))).key
        != Picture(3, "a.jpg", "shoes", "test", *packed(photo(5))).key
    )
