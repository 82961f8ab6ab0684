"""The page "Why convolutions" under a person's hand, in a real Chromium."""

import numpy as np
import pytest
from playwright.sync_api import expect

from core.explain.translation import clamped, convolution_answer, dense_answer, field_of, piece_filter
from core.images.picture_names import picture_of
from core.images.shuffling import pixel_order, shuffled
from tests.browser.driving import open_stage, point_of, query, settle, stage_value, sum_line

PLACES = "why_convolutions?scene=places"
NEIGHBOURS = "why_convolutions?scene=neighbours"
FIELD, STRAIGHT, SHUFFLED = "stage.views[0]", "stage.views[0]", "stage.views[1]"


def dense_number(page):
    return page.locator(".answer-number").nth(0)


def best_match(page):
    return page.locator(".answer-number").nth(1)


def drag(page, start, end, steps=6):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


# --- the race --------------------------------------------------------------------------------------------------------


def test_one_click_makes_the_layer_explode(page, server):
    """The phone's photo has 2,743,372,800 weights, the link says so, and the first example brings all back."""
    page.goto(f"{server}/why_convolutions")
    expect(page.get_by_text("weights + 256 biases = 38,535,424 (154 MB)")).to_be_visible()
    page.get_by_role("radio", name="A phone's photo").click()
    expect(page.get_by_text("2,743,372,800", exact=True)).to_be_visible()
    page.wait_for_url("**side=3024**")
    assert query(page) == {"side": "3024", "units": "100"}
    page.get_by_role("radio", name="A picture of ImageNet").click()
    expect(page.get_by_text("weights + 32 biases = 896 (3.6 kB)")).to_be_visible()
    expect(page.get_by_text("38,535,168", exact=True)).to_be_visible()


def test_a_slider_is_moved_by_keyboard_and_nothing_jumps(page, server):
    """An arrow key on "Picture side" takes the next size; the figures and the controls stay where they are."""
    page.goto(f"{server}/why_convolutions")
    bars = page.locator(".js-plotly-plot").first
    expect(bars.locator(".bars path").first).to_be_visible()
    slider = page.get_by_test_id("stSlider").first
    before = slider.bounding_box(), bars.bounding_box()
    page.get_by_role("slider", name="Picture side").press("ArrowRight")
    expect(page.get_by_text("on 256×256×3")).to_be_visible()
    expect(page.get_by_text("50,331,648", exact=True)).to_be_visible()
    expect(bars.locator(".bars path").first).to_be_visible()
    assert (slider.bounding_box(), bars.bounding_box()) == before


# --- places: the digit that is dragged -------------------------------------------------------------------------------

SHOW = """(canvas, { label, move }) => {
    const { stage } = canvas;
    stage.choosePicture(stage.options[label]);
    stage.moveTo(move);
    const { content, kernel, map, denseAnswer } = stage;
    return { move: content.move, kernel: [...kernel.values], map: [...map.values], denseAnswer };
}"""


def test_the_browser_computes_what_core_computes(page, server):
    """For every digit at several places: filter, feature map and both answers are those of core/explain/translation."""
    canvas = open_stage(page, f"{server}/{PLACES}", "Translation stage")
    random = np.random.default_rng(5)
    for label in range(10):
        digit = picture_of(f"drawn.{label}.0")
        for asked in [(0, 0), *random.integers(-25, 25, (3, 2)).tolist(), (99, -99)]:
            shown = canvas.evaluate(SHOW, {"label": label, "move": list(asked)})
            move = clamped(digit, tuple(asked))
            assert shown["move"] == list(move)
            np.testing.assert_allclose(shown["kernel"], piece_filter(field_of(digit)).ravel(), atol=1e-12)
            np.testing.assert_allclose(shown["map"], convolution_answer(digit, move).ravel(), atol=1e-9)
            assert shown["denseAnswer"] == pytest.approx(dense_answer(digit, move), abs=1e-9)


def test_dragging_the_digit_collapses_the_dense_answer_alone(page, server):
    """Drag the digit: the dense number falls while the best match stays 1.00, live; released, it is in the link."""
    canvas = open_stage(page, f"{server}/{PLACES}&move=0_0", "Translation stage")
    expect(dense_number(page)).to_have_text("1.00")
    expect(page.get_by_text("both answer 1. Move it.")).to_be_visible()
    start, end = point_of(canvas, FIELD, 26, 26), point_of(canvas, FIELD, 22, 34)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    expected = dense_answer(picture_of("drawn.3.0"), (-4, 8))
    expect(dense_number(page)).to_have_text(f"{expected:.2f}")
    expect(best_match(page)).to_have_text("1.00")
    page.mouse.up()
    settle(page)
    assert query(page)["move"] == "-4_8"
    expect(sum_line(page)).to_contain_text("best match moved 4 up, 8 right with it, and is still 1.00.")
    expect(page.get_by_text("Grey: where it started, the dense weights")).to_be_visible()
    page.get_by_role("button", name="Back to the start").click()
    expect(dense_number(page)).to_have_text("1.00")
    settle(page)
    assert query(page)["move"] == "0_0"


def test_the_peak_moves_exactly_as_far_as_the_digit(page, server):
    """The ring on the feature map is as many cells from its first place as the digit from its start."""
    canvas = open_stage(page, f"{server}/{PLACES}&move=0_0", "Translation stage")
    row, column = stage_value(canvas, "[stage.peak.row, stage.peak.column]")
    drag(page, point_of(canvas, FIELD, 26, 26), point_of(canvas, FIELD, 33, 15))
    assert stage_value(canvas, "[stage.peak.row, stage.peak.column]") == [row + 7, column - 11]


def test_the_digit_cannot_leave_the_field(page, server):
    """Dragged far beyond the edge, the digit stops with all its ink on the field, and comes back at once."""
    canvas = open_stage(page, f"{server}/{PLACES}", "Translation stage")
    drag(page, point_of(canvas, FIELD, 26, 26), (5, 5))
    digit = picture_of("drawn.3.0")
    assert stage_value(canvas, "stage.content.move") == list(clamped(digit, (-99, -99)))
    assert stage_value(canvas, "stage.field.values.reduce((sum, value) => sum + value, 0)") == pytest.approx(
        digit.sum() / 255
    )
    expect(best_match(page)).to_have_text("1.00")


def test_arrow_keys_move_the_digit_and_undo_takes_it_back(page, server):
    """Arrows move by one cell, with Shift by five, Home goes back to the start, Control Z undoes."""
    canvas = open_stage(page, f"{server}/{PLACES}&move=0_0", "Translation stage")
    canvas.focus()
    for key, move in [("ArrowRight", [0, 1]), ("Shift+ArrowDown", [5, 1]), ("ArrowUp", [4, 1]), ("Home", [0, 0])]:
        page.keyboard.press(key)
        assert stage_value(canvas, "stage.content.move") == move
    page.keyboard.press("Control+z")
    assert stage_value(canvas, "stage.content.move") == [4, 1]
    settle(page)
    assert query(page)["move"] == "4_1"


def test_play_takes_the_digit_on_a_tour(page, server):
    """Space plays: the digit travels, the dense number drops, the best match is 1.00 wherever it is; space stops it."""
    canvas = open_stage(page, f"{server}/{PLACES}&move=0_0", "Translation stage")
    canvas.focus()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function("canvas => canvas.stage.denseAnswer < 0.4", arg=canvas.element_handle())
    expect(best_match(page)).to_have_text("1.00")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    settle(page)
    move = stage_value(canvas, "stage.content.move")
    page.keyboard.press("ArrowLeft")
    assert stage_value(canvas, "stage.content.move") == [move[0], move[1] - 1]


def test_a_finger_drags_the_digit(window, server):
    """On a tablet a finger on the field moves the digit and does not scroll the page."""
    page = window(width=820, height=1180, touch=True)
    canvas = open_stage(page, f"{server}/{PLACES}&move=0_0", "Translation stage")
    touch = page.context.new_cdp_session(page)
    points = [point_of(canvas, FIELD, 26, 26), point_of(canvas, FIELD, 28, 28), point_of(canvas, FIELD, 31, 32)]
    for kind, at in zip(("touchStart", "touchMove", "touchMove"), points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)
    assert query(page)["move"] == "5_6"
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def test_another_digit_brings_its_own_filter(page, server):
    """Choose another digit by picture: it stands at the same place, with a piece of itself as the filter."""
    canvas = open_stage(page, f"{server}/{PLACES}", "Translation stage")
    page.get_by_role("radio", name="8", exact=True).click()
    settle(page)
    assert query(page) == {"scene": "places", "picture": "drawn.8.0"}
    kernel = stage_value(canvas, "Array.from(stage.kernel.values)")
    np.testing.assert_allclose(kernel, piece_filter(field_of(picture_of("drawn.8.0"))).ravel(), atol=1e-12)
    page.get_by_role("button", name="Another hand").click()
    page.wait_for_url("**picture=drawn.8.1**")
    expect(best_match(page)).to_have_text("1.00")


# --- neighbours: the shuffled digit -----------------------------------------------------------------------------------


def test_the_shuffled_picture_is_the_one_that_was_trained_on(page, server):
    """The order of the pixels on the stage is that of core/images/shuffling."""
    canvas = open_stage(page, f"{server}/{NEIGHBOURS}", "Adjacency stage")
    shown = stage_value(canvas, "Array.from(stage.shuffled.values)")
    np.testing.assert_allclose(shown, shuffled(picture_of("drawn.3.0")).ravel() / 255)


def spread(places):
    rows, columns = np.divmod(np.array(places), 28)
    return max(rows.max() - rows.min(), columns.max() - columns.min())


def window_places(row, column):
    return [r * 28 + c for r in range(row - 1, row + 2) for c in range(column - 1, column + 2)]


def test_neighbours_are_torn_apart_and_strangers_put_together(page, server):
    """Point at a pixel of either picture: the line says how far apart its nine neighbours are on the other."""
    canvas = open_stage(page, f"{server}/{NEIGHBOURS}", "Adjacency stage")
    order = pixel_order(28, 28)
    page.mouse.move(*point_of(canvas, STRAIGHT, 10, 14))
    went = [int(np.flatnonzero(order == place)[0]) for place in window_places(10, 14)]
    expect(sum_line(page)).to_have_text(f"These 9 neighbours end up as far as {spread(went)} pixels apart.")
    page.mouse.move(*point_of(canvas, SHUFFLED, 20, 5))
    came = [int(order[place]) for place in window_places(20, 5)]
    expect(sum_line(page)).to_contain_text(f"come from as far as {spread(came)} pixels apart in the digit.")


def test_a_pinned_pixel_and_a_painted_stroke_are_in_the_link(page, server):
    """Click holds a pixel; a stroke on the straight digit appears, scattered, on the shuffled one."""
    canvas = open_stage(page, f"{server}/{NEIGHBOURS}", "Adjacency stage")
    page.mouse.click(*point_of(canvas, STRAIGHT, 10, 14))
    settle(page)
    assert query(page)["pin"] == "in_10_14"
    drag(page, point_of(canvas, STRAIGHT, 3, 3), point_of(canvas, STRAIGHT, 3, 24))
    settle(page)
    page.wait_for_url("**picture=own.**")
    levels = np.array(stage_value(canvas, "stage.content.picture.levels"), np.uint8).reshape(28, 28)
    assert levels[3, 5:22].min() > 100
    shown = stage_value(canvas, "Array.from(stage.shuffled.values)")
    np.testing.assert_allclose(shown, shuffled(levels).ravel() / 255)


def test_stepping_walks_over_the_shuffled_picture(page, server):
    """Step forward goes to the next window of the shuffled picture, step back to the one before."""
    canvas = open_stage(page, f"{server}/{NEIGHBOURS}&pin=out_4_4", "Adjacency stage")
    page.get_by_role("button", name="Step forward").click()
    assert stage_value(canvas, "[stage.target.on, stage.target.row, stage.target.column]") == ["output", 4, 5]
    page.get_by_role("button", name="Step back").click()
    page.get_by_role("button", name="Step back").click()
    assert stage_value(canvas, "[stage.target.row, stage.target.column]") == [4, 3]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_scenes_are_changed_without_losing_anything(page, server):
    """Through the scenes and back: the digit chosen in one is in the other, the moved digit is where it was."""
    open_stage(page, f"{server}/{PLACES}", "Translation stage")
    page.get_by_role("radio", name="7", exact=True).click()
    settle(page)
    page.get_by_role("radio", name="2 Neighbours lost").click()
    canvas = page.get_by_role("application", name="Adjacency stage")
    expect(canvas).to_be_visible()
    settle(page)
    assert stage_value(canvas, "stage.content.picture.key") == "drawn.7.0"
    page.get_by_role("radio", name="1 Too many weights").click()
    expect(page.get_by_text("38,535,168", exact=True)).to_be_visible()
    page.get_by_role("radio", name="3 Every place anew").click()
    canvas = page.get_by_role("application", name="Translation stage")
    expect(canvas).to_be_visible()
    settle(page)
    assert stage_value(canvas, "[stage.content.picture.key, ...stage.content.move]") == ["drawn.7.0", 3, 6]
    page.go_back()
    expect(page.get_by_text("38,535,168", exact=True)).to_be_visible()


SMALL = """root => [...root.querySelectorAll("*")]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
    .filter(node => node.id !== "stage-keys" && node.getBoundingClientRect().width > 0)
    .map(node => [parseFloat(getComputedStyle(node).fontSize), node.textContent])
    .filter(([size]) => size < 18)"""


@pytest.mark.parametrize("scene", ["weights", "neighbours", "places"])
def test_presenter_mode_is_large_and_on_one_screen(page, server, scene):
    """At 1280×720 with ?present=1 figures and stage have no text under 18 px, and what matters is above the fold."""
    page.goto(f"{server}/why_convolutions?scene={scene}&present=1")
    parts = {
        "weights": (".js-plotly-plot", "[data-testid=stSlider]"),
        "neighbours": (".js-plotly-plot", ".stage", ".controls"),
        "places": (".stage", ".answers", ".controls"),
    }[scene]
    for part in parts:
        expect(page.locator(part).first).to_be_visible()
        assert page.locator(part).first.bounding_box()["y"] + page.locator(part).first.bounding_box()["height"] <= 720
    if scene != "weights":
        settle(page)
    for part in {".js-plotly-plot", ".stage"} & set(parts):
        assert page.locator(part).first.evaluate(SMALL) == []


def test_a_tablet_shows_the_scenes_without_sideways_scrolling(window, server):
    """At 820 px nothing is wider than the window, the scenes are on one row, the two numbers on the first screen."""
    page = window(width=820, height=1180)
    open_stage(page, f"{server}/{PLACES}", "Translation stage")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    switch = page.get_by_role("radio", name="1 Too many weights"), page.get_by_role("radio", name="3 Every place anew")
    assert len({one.bounding_box()["y"] for one in switch}) == 1
    box = best_match(page).bounding_box()
    assert box["x"] + box["width"] <= 820 and box["y"] + box["height"] <= 1180
