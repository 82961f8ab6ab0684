"""The Channels page: settings, words and code, under Streamlit's own test of a page."""

import numpy as np
import pytest

from core.images.colour_pictures import draw_colour
from core.ops.colour_filters import COLOUR_FILTERS
from core.ops.convolution import Convolution, convolve
from tests.pages.reading import words


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def control(app, label):
    return next(element for element in app.get("button_group") if element.label == label)


def choose(app, label, value):
    return control(app, label).set_value(value).run()


@pytest.mark.parametrize(
    ("example", "shape", "count"),
    [
        ("6×6×3, one filter: 4×4", "6×6×3 → 4×4×1", "(3·3·3 + 1)·1 = 28"),
        ("Ten filters: 4×4×10", "6×6×3 → 4×4×10", "(3·3·3 + 1)·10 = 280"),
        ("7×7 in grey, two filters: 5×5×2", "7×7×1 → 5×5×2", "(3·3·1 + 1)·2 = 20"),
    ],
)
def test_the_lecture_s_examples_are_a_click_away(open_page, example, shape, count):
    """Each example puts its shapes on the page, in the channels-last order, and its parameters with the numbers in."""
    text = words(press(open_page(), example))
    assert shape in text and count in text


def test_both_conventions_are_named(open_page):
    """The shape with the channels last and first, and who writes it so."""
    text = words(press(open_page(), "Ten filters: 4×4×10"))
    assert "**6×6×3 → 4×4×10** with the channels last (Keras, TensorFlow)" in text
    assert "**3×6×6 → 10×4×4** with the channels first (PyTorch)" in text


@pytest.mark.parametrize(
    ("example", "verdict"),
    [
        ("Only the sum sees it", "Kept apart, 0, 0 and 0 cells light up. Added up, 16 of 100."),
        ("The sum cancels", "Kept apart, 20, 0 and 0 cells light up. Added up, 0 of 100."),
    ],
)
def test_why_not_three_filters_is_counted(open_page, example, verdict):
    """Both experiments say how many cells light up, kept apart and added up."""
    assert verdict in words(press(open_page(), example))


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [
        ("apart", "depthwise convolution", "(3·3 + 1)·9 = 90"),
        ("grouped", "grouped convolution", "(3·3·2 + 1)·4 = 76"),
        ("transposed", "transposed convolution", "(3·3·3 + 1)·3 = 84"),
    ],
)
def test_the_relatives_are_on_the_same_stage(open_page, kind, name, count):
    """Choosing a kind names it and counts its parameters; groups even out the number of filters."""
    app = open_page()
    text = words(choose(app, "Channels are", kind))
    assert name in text and count in text


def test_a_filter_doubled_for_groups_goes_with_them(open_page):
    """Groups double the last of an odd stack; back at the sum it is one filter again."""
    app = press(open_page(), "The sum cancels")
    assert "(3·3·2 + 1)·2 = 38" in words(choose(app, "Channels are", "grouped"))
    assert "(3·3·3 + 1)·1 = 28" in words(choose(app, "Channels are", "summed"))
    assert app.query_params["filters"] == "edge-right"


def test_a_picture_in_another_size_marks_none(open_page):
    """The lecture's 7×7 is none of the sizes on offer: none is marked, and each one that is pressed is taken."""
    app = press(open_page(), "7×7 in grey, two filters: 5×5×2")
    assert control(app, "Picture").value is None
    assert open_page(**app.query_params).query_params == app.query_params
    assert "12×12×1 → 10×10×2" in words(choose(app, "Picture", 12))


def test_what_a_filter_sees_follows_its_name(open_page):
    """After a name a colon, after a question none."""
    assert "**Right edges:** Lights up" in words(open_page(filters="edge-right"))
    assert "**Red?** Lights up" in words(open_page(filters="red"))


def test_a_filter_in_another_size_keeps_its_centre(open_page):
    """With the size chosen 5×5 the link holds filters of 5×5 whose middle is what it was."""
    app = open_page(filters="red")
    size = next(box for box in app.selectbox if box.label == "Filter")
    written = size.set_value(5).run().query_params["filters"]
    numbers = np.array([float(n) for n in written.split("_")[1:]]).reshape(3, 5, 5)
    np.testing.assert_array_equal(numbers[:, 1:4, 1:4], np.moveaxis(COLOUR_FILTERS["red"].cube, 2, 0))
    assert np.abs(numbers).sum() == np.abs(COLOUR_FILTERS["red"].cube).sum()


def test_a_filter_that_does_not_fit_is_said(open_page):
    """Beside the settings stands what does not fit, and what to do."""
    app = open_page(picture="flag.6", side="6", filters="3x3x3_" + "_".join("1" * 27), dilation="3")
    assert "A kernel must fit inside the padded picture" in app.error[0].value
    assert "smaller filter or dilation" in app.error[0].value
    assert not app.exception


def test_the_keras_code_gives_the_numbers_on_the_screen(open_page):
    """The code shown runs as it is and gives the maps of the page's filters."""
    app = open_page(picture="lights.12", filters="red~yellow-blue", biases="0.5_-1", stride="2", padding="same")
    variables = {}
    exec(app.code[0].value, variables)
    kernel = np.stack([COLOUR_FILTERS[name].cube for name in ("red", "yellow-blue")], axis=3)
    chosen = Convolution(stride=2, padding="same", bias=(0.5, -1.0))
    expected = convolve(draw_colour("lights", 12) / 255, kernel, chosen)
    np.testing.assert_allclose(variables["feature_maps"], expected, rtol=1e-4, atol=1e-4)


def test_a_bad_link_gives_the_usual_page_and_one_line(open_page):
    """What cannot be read is named; the rest of the link stands."""
    app = open_page(picture="pear.12", filters="1x1x1_nan", kind="apart")
    assert not app.exception
    assert "Part of this link could not be read" in app.warning[0].value
    assert "depthwise" in words(app)


def test_the_layer_stands_in_space(open_page):
    """Below the stage the blocks are drawn, with their sizes in words for those who do not see them."""
    chart = open_page(filters="red", picture="flag.6").get("plotly_chart")[0].proto
    assert "6×6×3 → 4×4×1" in str(chart)


def test_a_grey_picture_is_not_split_into_groups(open_page):
    """Groups of a single channel are added up instead, and a line says so."""
    app = open_page(kind="grouped")
    press(app, "7×7 in grey, two filters: 5×5×2")
    app.session_state["channels.kind"] = "grouped"
    app.run()
    assert not app.exception
    assert "One channel cannot be split into groups" in words(app)
    assert "Take a smaller filter" not in words(app)
