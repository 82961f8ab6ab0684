"""The Pooling page: settings, words and code, under Streamlit's own test of a page."""

import json

import numpy as np
from streamlit.testing.v1 import AppTest

from core.images.picture_names import picture_of
from core.ops.convolution import Convolution, convolve
from core.ops.filter_bank import FILTER_BANK
from core.ui.lessons import HOUSE
from tests.pages.reading import words


def sent(app) -> dict:
    """What the stage of the page gets."""
    return json.loads(app.get("bidi_component")[0].proto.json)


def code(app) -> dict:
    """The variables that the page's Keras code leaves behind."""
    app.session_state["pooling.code"] = True
    app.run()
    variables = {}
    exec(compile(app.code[0].value, "lesson.py", "exec"), variables)
    return variables


def test_the_shape_is_written_with_the_numbers_put_in(open_page):
    """The formula stands there with this map and this pool, also where the pool does not fit."""
    assert "4×4 → 2×2, because ⌊(4 + 0 − 2) / 2⌋ + 1 = 2" in words(open_page())
    assert "the last 1 row and 1 column" in words(open_page(pool="3"))
    assert "224×224 → 112×112" in words(open_page(view="stack", stack="sizes"))


def test_a_pool_larger_than_the_map_is_said_beside_the_controls(open_page):
    """A pool that does not fit gives one line, and the numbers stay."""
    app = open_page(pool="5")
    assert "A pool and its stride must fit inside the map, which is 4×4" in app.error[0].value
    assert sent(app)["content"]["numbers"][0] == [2, 7, 0, 1]


def test_a_bad_link_gives_the_default_and_one_line(open_page):
    """Unknown values fall back and are named."""
    app = open_page(view="video", pool="99", move="7_0", numbers="1_x")
    assert "view must be" in words(app)
    assert sent(app)["settings"]["pool"] == {"size": 2, "stride": 2, "padding": "valid"}


def test_numbers_can_be_made_more_or_fewer(open_page):
    """More rows bring zeros, fewer drop the last ones; the others stay where they are."""
    app = open_page(numbers="1_2~3_4")
    app.selectbox(key="pooling.rows").set_value(3).run()
    assert sent(app)["content"]["numbers"] == [[1, 2], [3, 4], [0, 0]]
    app.selectbox(key="pooling.columns").set_value(3).run()
    app.selectbox(key="pooling.rows").set_value(2).run()
    assert sent(app)["content"]["numbers"] == [[1, 2, 0], [3, 4, 0]]


def test_the_stride_follows_the_size_until_it_is_chosen(open_page):
    """As in Keras, the stride is the pool's size where none is given."""
    app = open_page()
    app.selectbox(key="pooling.pool").set_value(3).run()
    assert sent(app)["settings"]["pool"]["stride"] == 3
    app.selectbox(key="pooling.pool_stride").set_value(1).run()
    assert sent(app)["settings"]["pool"] == {"size": 3, "stride": 1, "padding": "valid"}


def test_the_code_pools_the_numbers_on_the_stage(open_page):
    """The code of the page, run as it is, gives the four largest numbers and the four means."""
    left = code(open_page(numbers="2_7_0_1~4_3_0_0~0_1_6_6~-2_1_8_4"))
    assert left["largest"].tolist() == [[7, 1], [1, 8]]
    assert left["means"].tolist() == [[4, 0.25], [0, 6]]


def test_the_map_of_a_filters_link_is_the_map_that_is_pooled(open_page):
    """What "Pool this map" hands on makes, in the code too, the feature map of the Filters page."""
    made = {"picture": "drawn.5.2", "hand": "2", "kernel": "1_0_-1~1_0_-1~1_0_-1", "bias": "-0.5", "stride": "2"}
    left = code(open_page(**{"from": "map"}, **made, padding="1", activation="abs"))
    settings = Convolution(stride=2, padding=1, activation="abs", bias=-0.5)
    expected = convolve(picture_of("drawn.5.2") / 255, FILTER_BANK["vertical"].kernel, settings)
    np.testing.assert_allclose(left["numbers"], expected, rtol=1e-7, atol=1e-9)


def test_the_filters_page_offers_to_pool_its_map():
    """The way from Filters to Pooling carries what makes the first map, and nothing else."""
    app = AppTest.from_file(str(HOUSE / "core" / "ui" / "router.py"), default_timeout=60).run()
    app.switch_page(str(HOUSE / "pages" / "filters.py"))
    app.query_params.update({"kernel": "1_1~0_0", "picture": "drawn.7.0", "zoom": "2", "second": "1"})
    app.run()
    way = next(link.proto for link in app.get("page_link") if link.proto.label == "Pool this map")
    assert way.page == "pooling"
    carried = dict(pair.split("=") for pair in way.query_string.split("&"))
    assert carried == {"from": "map", "kernel": "1_1~0_0", "picture": "drawn.7.0"}


def test_the_moved_stroke_is_the_one_in_the_code(open_page):
    """On the moving stage the code holds the stroke where it stands."""
    left = code(open_page(view="move", move="1_-2"))
    expected = np.roll(picture_of("stroke.hook") / 255, (1, -2), axis=(0, 1))
    np.testing.assert_array_equal(left["numbers"], expected)


def test_the_code_of_the_stack_runs(open_page, capsys):
    """Eight filters, then pooling: Keras prints the shapes that stand on the stage."""
    assert code(open_page(view="stack"))["pooled"].shape == (14, 14, 8)
    assert "(28, 28, 8) -> (14, 14, 8)" in capsys.readouterr().out


def test_presenter_mode_shows_only_the_stage(open_page):
    """On the projector there is no code and no text below the stage."""
    app = open_page(present="1")
    assert not app.expander
    assert sent(app)["presenting"] is True
