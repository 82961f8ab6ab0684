import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.images.link_codec import MAX_TEXT, decode_picture, encode_picture

PICTURES = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=64))


def text_of(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


@given(PICTURES)
def test_what_goes_into_a_link_comes_out_of_it(picture):
    """Decoding an encoded picture gives the same rows, columns and values, from text that a link holds unescaped."""
    text = encode_picture(picture)
    again = decode_picture(text)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert again.dtype == np.uint8
    assert again.flags.writeable
    np.testing.assert_array_equal(again, picture)


def test_the_largest_picture_of_pure_noise_fits():
    """Nothing that can be encoded is too long to be decoded."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    assert len(encode_picture(noise)) <= MAX_TEXT
    np.testing.assert_array_equal(decode_picture(encode_picture(noise)), noise)


@given(st.one_of(st.text(max_size=200), st.text("ABCDefgh0123_-", max_size=200)))
def test_any_text_is_a_picture_or_a_plain_refusal(text):
    """No text from a link raises anything but ValueError."""
    try:
        assert decode_picture(text).ndim == 2
    except ValueError as error:
        assert "Received" in str(error)


@given(PICTURES, st.data())
def test_a_cut_link_is_refused(picture, data):
    """A link that lost its end, as mail programs do, is refused and not half shown."""
    text = encode_picture(picture)
    length = data.draw(st.integers(0, len(text) - 2))
    with pytest.raises(ValueError, match="link"):
        decode_picture(text[:length])


def test_a_changed_letter_is_refused():
    """zlib's checksum notices a single wrong letter in the pixels."""
    text = encode_picture(np.arange(28 * 28, dtype=np.uint32).reshape(28, 28).astype(np.uint8))
    middle = len(text) // 2
    changed = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
    with pytest.raises(ValueError, match="cannot be read"):
        decode_picture(changed)


def test_a_bomb_is_not_unpacked(monkeypatch):
    """A text that would unpack to 4 MB is refused after at most one byte more than the picture it claims."""
    given_out = []
    real = zlib.decompressobj

    class Counting:
        def __init__(self):
            self.inner = real()

        def decompress(self, data, max_length=0):
            given_out.append(self.inner.decompress(data, max_length))
            return given_out[-1]

        def __getattr__(self, name):
            return getattr(self.inner, name)

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    bomb = text_of(bytes([28, 28]) + zlib.compress(bytes(4_000_000), 9))
    assert len(bomb) <= MAX_TEXT
    with pytest.raises(ValueError, match="cannot be read"):
        decode_picture(bomb)
    assert sum(map(len, given_out)) == 28 * 28 + 1


@pytest.mark.parametrize("rows, columns", [(0, 5), (5, 0), (65, 1), (255, 255)])
def test_a_size_out_of_range_is_refused(rows, columns):
    """The size in the text counts only from 1 to 64."""
    text = text_of(bytes([rows, columns]) + zlib.compress(bytes(rows * columns)))
    with pytest.raises(ValueError, match=f"at most 64×64. Received: {rows} rows, {columns} columns"):
        decode_picture(text)


def test_too_few_pixels_and_trailing_bytes_are_refused():
    """The pixels fill the picture exactly, and nothing follows them."""
    short = text_of(bytes([4, 4]) + zlib.compress(bytes(15)))
    trailing = text_of(bytes([4, 4]) + zlib.compress(bytes(16)) + b"more")
    for text in (short, trailing):
        with pytest.raises(ValueError, match="cannot be read"):
            decode_picture(text)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((65, 3), np.uint8),
        np.zeros((0, 3), np.uint8),
        np.zeros((3, 3, 3), np.uint8),
        np.zeros((3, 3)),
    ],
)
def test_only_small_grey_uint8_pictures_are_encoded(picture):
    """Anything else is refused with its shape and type."""
    with pytest.raises(ValueError, match="grey .*Received: shape="):
        encode_picture(picture)
