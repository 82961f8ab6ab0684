"""The page "Why convolutions": numbers, words and code, under Streamlit's own test of a page."""

import json

import pytest

from core.explain.shuffled_digits import stored_results


def cards(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_it_opens_with_the_lecture_s_layer(open_page):
    """224×224×3 into 256 units: 38,535,424 parameters against 896."""
    text = cards(open_page())
    assert "weights + 256 biases = 38,535,424 (154 MB)" in text
    assert "weights + 32 biases = 896 (3.6 kB)" in text


def test_the_phone_s_photo_is_one_click_away(open_page):
    """The preset sets all sizes: 2,743,372,800 weights, 100 biases, and as many pictures as weights."""
    app = open_page()
    app.button_group(key="why_convolutions preset").set_value("A phone's photo").run()
    text = cards(app)
    assert "2,743,372,800" in text
    assert "weights + 100 biases = 2,743,372,900 (11 GB)" in text
    assert "2.7 billion pictures, 87 years at one a second" in text
    assert app.query_params["side"] == "3024"
    assert app.query_params["units"] == "100"


def test_a_slider_moves_the_numbers_and_the_link(open_page):
    """The picture's side counts squared; the convolution does not care. No example is marked any more."""
    app = open_page()
    app.select_slider(key="why_convolutions.side").set_value(384).run()
    text = cards(app)
    assert f"{384 * 384 * 3 * 256:,}" in text
    assert "= 896 (" in text
    assert app.query_params["side"] == "384"
    assert app.button_group(key="why_convolutions preset").value is None


def test_the_results_are_named_as_stored_ones(open_page):
    """That they were measured beforehand stands beside them; command, date and recipe in the explanation."""
    app = open_page(scene="neighbours")
    assert any(caption.value.startswith("Measured beforehand: each dot") for caption in app.caption)
    words = " ".join(app.markdown[-1].value.split())
    assert f"stored results of `make measure-shuffled`, {stored_results().date}: 10,000 training digits" in words
    assert "3 seeds (a dot each)" in words


@pytest.mark.parametrize("scene", ["neighbours", "places"])
def test_a_scene_has_its_stage_and_its_code(open_page, scene):
    """A link to a scene opens it: its stage, its Keras code, its explanation."""
    app = open_page(scene=scene)
    assert len(app.get("bidi_component")) == 1
    assert app.code[0].value.startswith("import keras")


def test_a_broken_link_gives_the_usual_state_and_says_so(open_page):
    """Sizes and moves that cannot be are named in one line, and the page works."""
    app = open_page(scene="places", move="900_1", side="17")
    assert "move must be cells down and right such as 3_-6" in app.warning[0].value
    app = open_page(side="17")
    assert "side" in app.warning[0].value
    assert "38,535,424" in cards(app)


def test_a_far_move_is_brought_back_into_the_field(open_page):
    """A link may ask for more than the field has room for; the digit then stands at the edge."""
    app = open_page(scene="places", move="99_99")
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    down, right = sent["content"]["move"]
    assert 0 < down < 40 and 0 < right < 40
