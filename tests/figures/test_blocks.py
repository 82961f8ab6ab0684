"""A layer as blocks in space."""

import numpy as np
import pytest

from core.figures.blocks import LIGHTS, Blocks, layer_blocks
from core.figures.template import look

LECTURE = Blocks((6, 6, 3), (3, 3, 3), 10, (4, 4, 10))


def sheets(figure):
    return [trace for trace in figure.data if trace.type == "mesh3d"]


def words(figure):
    return [trace for trace in figure.data if trace.type == "scatter3d" and trace.mode == "text"]


def test_there_is_a_sheet_for_every_channel_slice_and_map():
    """The picture has a sheet a channel, each filter a sheet a slice, the output a sheet a map."""
    assert len(sheets(layer_blocks(LECTURE, dark=False))) == 3 + 10 * 3 + 10


def test_the_sizes_are_written_on_the_blocks():
    """All three sizes stand in the figure, and how many filters there are."""
    texts = " ".join(trace.text[0] for trace in words(layer_blocks(LECTURE, dark=False)))
    for expected in ("6×6×3", "3×3×3", "10 filters", "4×4×10", "feature maps"):
        assert expected in texts


def test_one_of_a_thing_is_written_in_the_singular():
    """One filter makes one feature map."""
    one = layer_blocks(Blocks((6, 6, 3), (3, 3, 3), 1, (4, 4, 1)), dark=False)
    texts = " ".join(trace.text[0] for trace in words(one))
    assert "1 filter" in texts and "filters" not in texts and "maps" not in texts


def test_lengths_are_true():
    """A cell is as long in every block: the picture is six wide and high, a filter three, a map four."""
    extents = [(np.ptp(sheet.x), np.ptp(sheet.z)) for sheet in sheets(layer_blocks(LECTURE, dark=False))]
    np.testing.assert_allclose(extents, [(6, 6)] * 3 + [(3, 3)] * 30 + [(4, 4)] * 10)


@pytest.mark.parametrize("filters", [1, 4, 10])
def test_no_two_blocks_overlap(filters):
    """Every sheet has its own place, however many filters there are."""
    figure = layer_blocks(Blocks((28, 28, 3), (3, 3, 3), filters, (26, 26, filters)), dark=False)
    boxes = [[(min(a), max(a)) for a in (sheet.x, sheet.y, sheet.z)] for sheet in sheets(figure)]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            assert any(a[1] <= b[0] + 1e-9 or b[1] <= a[0] + 1e-9 for a, b in zip(one, other))


def test_channels_have_their_light():
    """Picture and filters are drawn in the colours of their channels; in grey there is no colour."""
    assert [sheet.color for sheet in sheets(layer_blocks(LECTURE, dark=False))[:6]] == [*LIGHTS[:3], *LIGHTS[:3]]
    grey = layer_blocks(Blocks((7, 7, 1), (3, 3, 1), 2, (5, 5, 2)), dark=False)
    assert sheets(grey)[0].color not in LIGHTS[:3]


def test_it_turns_once_around():
    """The frames lead the camera round the blocks, always equally far, back to where it started."""
    figure = layer_blocks(LECTURE, dark=True)
    eyes = [frame.layout.scene.camera.eye for frame in figure.frames]
    start = figure.layout.scene.camera.eye
    far = [np.hypot(eye.x, eye.y) for eye in eyes]
    np.testing.assert_allclose(far, far[0])
    np.testing.assert_allclose((eyes[-1].x, eyes[-1].y), (start.x, start.y), atol=1e-9)


@pytest.mark.parametrize("dark", [False, True])
def test_words_have_the_theme_s_ink(dark):
    """The sizes are readable in the dark and in the light theme."""
    inks = {trace.textfont.color for trace in words(layer_blocks(LECTURE, dark))}
    assert inks == {look(dark).ink}
