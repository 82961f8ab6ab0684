"""The headless network and the four ways' curves as figures."""

import pytest

from core.figures.headless import headless
from core.figures.template import look
from core.figures.way_curves import WayCurve, way_curves

RESNET50 = ((224, 224, 3), (112, 112, 64), (56, 56, 256), (28, 28, 512), (14, 14, 1024), (7, 7, 2048))
WAYS = ("From scratch", "Augmented", "Head", "Fine-tuned")


def texts(figure) -> str:
    return " ".join(note.text for note in figure.layout.annotations)


def test_the_lectures_shapes_and_numbers_stand_on_the_drawing():
    """224×224×3 to 7×7×2048, 23,587,712 frozen, and what the head learns."""
    words = texts(headless(RESNET50, 23_587_712, 25_690_625, dark=False))
    for part in ("224×224×3", "7×7×2048", "frozen: 23,587,712 parameters", "learns<br>25,690,625", "cut here"):
        assert part in words


def test_blocks_shrink_and_thicken():
    """Each is lower and wider than the one before."""
    figure = headless(RESNET50, 1, 1, dark=True, large=True)
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"][: len(RESNET50)]
    heights, widths = [box.y1 - box.y0 for box in boxes], [box.x1 - box.x0 for box in boxes]
    assert heights == sorted(heights, reverse=True)
    assert widths == sorted(widths)


def test_a_run_is_a_line_over_the_seconds_it_took():
    """Its numbers are those of the run, in per cent, and its way is named once."""
    curve = WayCurve("Head", (0.2, 0.4), (0.5, 0.95))
    figure = way_curves([curve, curve], WAYS, dark=False)
    assert list(figure.data[0].x) == [0.2, 0.4]
    assert list(figure.data[0].y) == pytest.approx([50, 95])
    assert texts(figure).count("Head") == 1


def test_names_do_not_lie_on_each_other():
    """Four ways that end alike are named one below the other, and no farther from their lines than they must be."""
    for worst in (0.1, 0.85):
        layout = way_curves([WayCurve(way, (1.0, 2.0), (worst, 0.9)) for way in WAYS], WAYS, dark=False).layout
        low, high = layout.yaxis.range
        pixels = (layout.height - 62) / (high - low)
        heights = sorted(note.y for note in layout.annotations)
        size = layout.annotations[0].font.size
        assert all(1.2 * size < pixels * (upper - lower) < 1.6 * size for lower, upper in zip(heights, heights[1:]))


def test_the_time_axis_has_its_numbers():
    """From a blink to minutes, the ticks are 1, 2 and 5 of each power of ten."""
    curves = [WayCurve("Head", (0.1, 0.9), (0.5, 0.6)), WayCurve("From scratch", (3.0, 120.0), (0.5, 0.6))]
    ticks = way_curves(curves, WAYS, dark=False).layout.xaxis.tickvals
    assert list(ticks) == pytest.approx([0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100])


@pytest.mark.parametrize("dark", [False, True])
def test_the_names_of_the_ways_can_be_read(dark):
    """Each has a contrast of three to one at least with the page: they are bold."""
    curves = [WayCurve(way, (1.0,), (0.9,)) for way in WAYS]
    paper = luminance(look(dark).paper)
    for note in way_curves(curves, WAYS, dark=dark).layout.annotations:
        light, deep = sorted((paper, luminance(note.font.color)), reverse=True)
        assert (light + 0.05) / (deep + 0.05) > 3


def luminance(colour: str) -> float:
    """Relative luminance as WCAG has it, of "#RRGGBB"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_yet_is_an_empty_board():
    """Before the first epoch there are axes and no lines."""
    assert len(way_curves([WayCurve("Head", (), ())], WAYS, dark=False).data) == 0
