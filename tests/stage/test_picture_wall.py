"""What a person does on the picture wall, as it arrives from the browser."""

from base64 import b64encode

import pytest

from core.stage.picture_wall import LARGEST_FRAME, MOST_FRAMES, Deed, read_deed

FRAME = b64encode(b"jpeg").decode()


def test_every_deed_is_read():
    """Adding, renaming, dropping, turning, deleting and recording."""
    assert read_deed({"kind": "add", "name": "cups"}) == Deed("add", "cups")
    assert read_deed({"kind": "rename", "old": "cups", "name": "mugs"}) == Deed("rename", "mugs", "cups")
    assert read_deed({"kind": "drop", "name": "cups"}) == Deed("drop", "cups")
    assert read_deed({"kind": "turn", "name": "cups", "first": 90}) == Deed("turn", "cups", first=90)
    assert read_deed({"kind": "delete", "numbers": [3, 4]}) == Deed("delete", numbers=(3, 4))
    assert read_deed({"kind": "frames", "name": "cups", "frames": [FRAME]}).frames == (b"jpeg",)


def test_no_more_frames_than_one_hold_can_give_are_taken():
    """What a browser sends is checked like any input."""
    taken = read_deed({"kind": "frames", "name": "cups", "frames": [FRAME] * (MOST_FRAMES + 9)})
    assert len(taken.frames) == MOST_FRAMES


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"kind": "shout", "name": "x"},
        {"kind": "delete", "numbers": ["x"]},
        {"kind": "delete", "numbers": 3},
        {"kind": "frames", "name": "x", "frames": ["%%%"]},
        {"kind": "frames", "name": "x", "frames": ["A" * (LARGEST_FRAME + 4)]},
        {"kind": "frames", "name": "x", "frames": [7]},
        {"kind": "rename", "name": "x"},
        {"kind": "turn", "name": "x", "first": float("inf")},
        [],
        "add",
    ],
)
def test_what_cannot_be_read_is_nothing(content):
    """Nothing happens, and nothing breaks."""
    assert read_deed(content) is None
