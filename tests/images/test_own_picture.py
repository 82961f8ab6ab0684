import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from core.images.own_picture import looks_like_ink_on_paper, read_picture
from core.images.picture_file import MAX_BYTES
from tests.images.making import png_claiming, saved

ORIENTATION = 0x0112
# What each EXIF orientation does to the stored array so that it stands upright, from the EXIF 2.3 table.
UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.T,
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].T,
    8: lambda a: np.rot90(a, 1),
}


def picture_of(array) -> Image.Image:
    return Image.fromarray(np.asarray(array, np.uint8))


def corner(side: int = 28) -> np.ndarray:
    """A picture without any symmetry: a light top-left quarter, a grey bar on the right."""
    array = np.zeros((side, side), np.uint8)
    array[: side // 2, : side // 2] = 255
    array[side // 4 :, -side // 7 :] = 128
    return array


def test_a_picture_of_the_right_size_is_kept_as_it_is():
    """A 28×28 grey PNG comes back value for value, writable."""
    array = np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)
    picture = read_picture(saved(picture_of(array)))
    assert picture.dtype == np.uint8
    assert picture.flags.writeable
    np.testing.assert_array_equal(picture, array)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("side", [8, 28, 64])
def test_the_three_kinds_of_file_show_the_same(kind, side):
    """PNG, JPEG and WebP of one picture give nearly the same grid, of the side that was asked for."""
    large = np.kron(corner(8), np.ones((64, 64)))
    picture = read_picture(saved(picture_of(large).convert("RGB"), kind, quality=95), side)
    assert picture.shape == (side, side)
    cells = large.reshape(side, 512 // side, side, 512 // side).mean(axis=(1, 3)) if 512 % side == 0 else None
    if cells is not None:
        inner = picture[1 : side // 2 - 1, 1 : side // 2 - 1].astype(int)
        np.testing.assert_allclose(inner, cells[1 : side // 2 - 1, 1 : side // 2 - 1], atol=12)
    assert picture[1, 1] > 240 and picture[-2, 1] < 15 and 110 < picture[-2, -1] < 146


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_way_to_store_grey_gives_grey(mode):
    """Bilevel, grey, palette, colour, print colours and 16 bits of one picture look alike."""
    array = np.where(corner(56) > 200, 255, 0).astype(np.uint8)
    if mode == "I;16":
        data = saved(Image.fromarray(array.astype(np.uint16) * 257))
    elif mode == "CMYK":
        data = saved(picture_of(array).convert("CMYK"), "JPEG", quality=95)
    else:
        data = saved(picture_of(array).convert(mode))
    expected = array.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    picture = read_picture(data).astype(int)
    far_from_the_edge = np.ones((28, 28), bool)
    far_from_the_edge[12:16, :16] = far_from_the_edge[:16, 12:16] = False
    np.testing.assert_allclose(picture[far_from_the_edge], expected[far_from_the_edge], atol=6)


def test_sixteen_bits_are_scaled_and_not_cut_off():
    """Half grey stays half grey in a 16-bit PNG."""
    data = saved(Image.fromarray(np.full((28, 28), 0x8000, np.uint16)))
    assert np.all(read_picture(data) == 128)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_phones_picture_stands_upright(kind, orientation):
    """The eight EXIF orientations are honoured: 6, a phone held upright, is turned by 90° clockwise."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = np.kron(corner(), np.ones((8, 8)))
    picture = read_picture(saved(picture_of(stored), kind, exif=exif.tobytes(), quality=95))
    np.testing.assert_allclose(picture.astype(int), UPRIGHT[orientation](corner()).astype(int), atol=70)
    assert np.mean(np.abs(picture.astype(int) - UPRIGHT[orientation](corner()))) < 6


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"MM\x00*\xff\xff\xff\xff rubbish", b"rubbish from the start"])
def test_a_camera_with_broken_exif_still_gives_its_picture(exif):
    """EXIF that cannot be read is passed over."""
    data = saved(picture_of(corner(56)), "JPEG", exif=b"Exif\x00\x00" + exif, quality=95)
    assert read_picture(data)[3, 3] > 240


def test_the_middle_of_a_wide_picture_is_shown():
    """A picture is cut to its centred square before it is made small, wide or tall."""
    wide = np.full((100, 300), 255, np.uint8)
    wide[:, 100:200] = 0
    assert np.all(read_picture(saved(picture_of(wide))) == 0)
    assert np.all(read_picture(saved(picture_of(wide.T))) == 0)


@pytest.mark.parametrize("size", [112, 280])
def test_each_cell_averages_what_lies_under_it(size):
    """Stripes finer than a cell become even grey; picking single pixels would give black, white or a false pattern."""
    stripes = np.tile(np.array([0, 255], np.uint8), (size, size // 2))
    picture = read_picture(saved(picture_of(stripes)))
    assert picture.min() >= 115 and picture.max() <= 140


def test_ink_has_no_halo():
    """Beside a black bar on grey no cell is lighter than the grey: an overshoot would be seen as numbers."""
    array = np.full((280, 280), 128, np.uint8)
    array[:, 130:150] = 0
    assert read_picture(saved(picture_of(array))).max() == 128


@pytest.mark.parametrize("ink, ground", [(0, 255), (255, 0)])
def test_what_is_drawn_on_nothing_stays_visible(ink, ground):
    """Transparency becomes white under a dark drawing, as viewers show it, and black under a light one."""
    array = np.zeros((56, 56, 4), np.uint8)
    array[..., :3] = 200  # a colour under full transparency is not to be seen
    array[20:36, 20:36] = (ink, ink, ink, 255)
    picture = read_picture(saved(picture_of(array)))
    assert picture[14, 14] == ink
    assert picture[0, 0] == picture[27, 27] == ground


def test_a_moving_picture_shows_its_first_frame():
    """An animated WebP or PNG is its first frame."""
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("black", "white")]
    for kind in ("WEBP", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert read_picture(data).max() < 10


def test_invert_swaps_dark_and_light():
    """An inverted picture is 255 minus the picture."""
    data = saved(picture_of(corner(40)))
    np.testing.assert_array_equal(read_picture(data, invert=True), 255 - read_picture(data))


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(99), b"hello", b"PK\x03\x04" + bytes(9), b"%PDF-1.7"])
def test_a_file_that_is_no_picture_is_refused(data):
    """The message says what is wanted and what arrived."""
    with pytest.raises(ValueError, match="not a PNG, JPEG or WebP picture. Received: an? "):
        read_picture(data)


def test_a_gif_is_refused_by_its_content():
    """Other kinds that Pillow could read are not read."""
    for kind in ("GIF", "BMP", "TIFF", "PPM"):
        with pytest.raises(ValueError, match="not a PNG, JPEG or WebP"):
            read_picture(saved(picture_of(corner()), kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_short_is_refused(kind):
    """Half a file gives a message and no half-grey picture."""
    noise = np.random.default_rng(2).integers(0, 256, (100, 100), dtype=np.uint8)
    data = saved(picture_of(noise), kind)
    for length in (len(data) // 2, 40):
        with pytest.raises(ValueError, match="broken"):
            read_picture(data[:length])


def test_a_file_over_twenty_megabytes_is_refused_unread():
    """The length alone decides, before anything looks inside."""
    with pytest.raises(ValueError, match=r"at most 20 MB. Received: 20\.0 MB"):
        read_picture(bytes(MAX_BYTES + 1))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "width, height",
    [(100_000, 100_000), (12_000, 12_000), (6_144, 4_097), (60_000_000, 1)],
)
def test_a_decompression_bomb_is_refused_before_it_is_decoded(monkeypatch, width, height):
    """The size that the header claims decides; not one pixel is unpacked."""
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("the pixels were decoded"))
    with pytest.raises(ValueError, match=r"at most \d\d megapixels. Received: "):
        read_picture(png_claiming(width, height))


def test_a_large_webp_is_refused_before_it_is_decoded(monkeypatch):
    """WebP, which takes most memory to decode, has the lowest limit."""
    data = saved(Image.new("L", (4097, 4096)), "WEBP")
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("the pixels were decoded"))
    with pytest.raises(ValueError, match="A WEBP picture has at most 16 megapixels. Received: 4097 × 4096 pixels"):
        read_picture(data)


def test_a_photo_with_a_preview_behind_it_is_read():
    """Phones store several pictures in one JPEG (MPO): the first is shown."""
    large, preview = picture_of(np.full((64, 64), 200)), picture_of(np.zeros((16, 16)))
    data = saved(large, "MPO", save_all=True, append_images=[preview])
    assert np.all(read_picture(data) == 200)


def test_a_fifty_megapixel_photo_is_read(monkeypatch):
    """The largest phone photo is welcome, and as a JPEG it is never decoded at full size."""
    data = saved(Image.new("L", (8192, 6144), 90), "JPEG")
    decoded, load = [], ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: decoded.append(self.size) or load(self))
    assert np.all(np.abs(read_picture(data).astype(int) - 90) <= 1)
    assert set(decoded) == {(1024, 768)}


@pytest.mark.parametrize("side", [7, 65, 0, -28, 28.0, True, "28"])
def test_a_side_out_of_range_is_refused(side):
    """A picture is shown with 8 to 64 cells a side."""
    with pytest.raises(ValueError, match="8 to 64 cells a side. Received: side="):
        read_picture(saved(picture_of(corner())), side)


VALID = [
    saved(picture_of(corner()), "PNG"),
    saved(picture_of(corner()).convert("P"), "PNG", transparency=0),
    saved(picture_of(corner()), "JPEG"),
    saved(picture_of(corner()), "WEBP"),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(VALID), st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=4)), max_size=4))
def test_any_damage_gives_a_picture_or_a_plain_refusal(data, damage):
    """Whatever bytes arrive, the answer is a (28, 28) picture or a ValueError in plain words."""
    damaged = bytearray(data)
    for place, new in damage:
        damaged[place : place + len(new)] = new
    try:
        assert read_picture(bytes(damaged)).shape == (28, 28)
    except ValueError as error:
        assert "Received" in str(error)


def stroke() -> np.ndarray:
    """A light digit-like stroke on black."""
    array = np.zeros((28, 28), np.uint8)
    array[4:24, 13:16] = 220
    array[22:24, 8:20] = 220
    return array


def test_ink_on_paper_is_told_from_light_on_dark():
    """A dark stroke on paper, even on paper in shade, is ink; MNIST's light stroke on black is not."""
    shade = np.linspace(0, 50, 28).astype(np.uint8)  # a shadow that falls across the sheet
    assert looks_like_ink_on_paper(255 - stroke())
    assert looks_like_ink_on_paper(230 - stroke() // 2 - shade)
    assert not looks_like_ink_on_paper(stroke())
    assert not looks_like_ink_on_paper(255 - (230 - stroke() // 2 - shade))


def test_a_sheet_without_ink_is_not_inverted():
    """Even grey, a faint smudge, a mostly dark picture with a light frame, a light one with a dark frame: no ink."""
    dark_inside = np.zeros((28, 28), np.uint8)
    dark_inside[[0, -1]] = dark_inside[:, [0, -1]] = 255
    light_inside = np.zeros((28, 28), np.uint8)
    light_inside[3:25, 3:25] = 255
    smudge = np.full((28, 28), 220, np.uint8)
    smudge[10:14, 10:20] = 195
    for picture in (np.full((28, 28), 250), np.zeros((28, 28)), dark_inside, light_inside, smudge):
        assert not looks_like_ink_on_paper(picture.astype(np.uint8))


@pytest.mark.parametrize("picture", [np.zeros((28, 28)), np.zeros((28, 28, 3), np.uint8), np.zeros((2, 2), np.uint8)])
def test_ink_is_sought_in_grey_pictures_only(picture):
    """Another shape or type is refused."""
    with pytest.raises(ValueError, match="grey .*Received: shape="):
        looks_like_ink_on_paper(picture)
