"""The Filters page under a person's hand, in a real Chromium."""

import numpy as np
from playwright.sync_api import expect

from core.images.picture_names import picture_of
from tests.browser.driving import PICTURE, choose, open_stage, output, point_of, query, settle, stage_value, sum_line

VERTICAL = "1_0_-1~1_0_-1~1_0_-1"
FLAT = "0_0_0~0_1_0~0_0_0"


def cell(page, row, column, number=1):
    return page.get_by_role("textbox", name=f"Filter {number}, row {row}, column {column}")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def drag(page, start, end, steps=8):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


# --- pointing -------------------------------------------------------------------------------------------------------


def test_pointing_at_an_output_cell_writes_its_sum(page, server):
    """Point at a cell of the feature map and its products and their sum stand in the line below."""
    canvas = open_stage(page, f"{server}/filters")
    page.mouse.move(*point_of(canvas, output(), 0, 0))
    expect(sum_line(page)).to_have_text("1×0 + 1×0 + 1×0 + 0×0 + 0×0 + 0×0 + −1×0 + −1×0 + −1×0 = 0 → ReLU → 0")


def test_pointing_at_a_pixel_says_what_it_feeds(page, server):
    """A pixel in the middle feeds as many output cells as the filter has numbers; a corner feeds one."""
    canvas = open_stage(page, f"{server}/filters")
    page.mouse.move(*point_of(canvas, PICTURE, 14, 14))
    expect(sum_line(page)).to_contain_text("It feeds 9 output cells")
    page.mouse.move(*point_of(canvas, PICTURE, 0, 0))
    expect(sum_line(page)).to_have_text("This pixel is 0. It feeds 1 output cell.")


def test_a_click_pins_a_cell_into_the_link(page, server):
    """Click a cell and it stays when the pointer leaves, and stands in the link; click again and it goes."""
    canvas = open_stage(page, f"{server}/filters")
    page.mouse.click(*point_of(canvas, output(), 4, 12))
    settle(page)
    assert query(page) == {"pin": "out_4_12"}
    held = sum_line(page).text_content()
    page.mouse.move(5, 5)
    expect(sum_line(page)).to_have_text(held)
    page.mouse.click(*point_of(canvas, output(), 4, 12))
    settle(page)
    assert query(page) == {}


# --- editing --------------------------------------------------------------------------------------------------------


def test_typing_into_the_filter_relights_at_once_and_goes_into_the_link(page, server):
    """Type a number and the map follows with each key; Enter goes one row down; the link then holds the numbers."""
    canvas = open_stage(page, f"{server}/filters?kernel={FLAT}")
    before = stage_value(canvas, "Math.max(...stage.outputs[0].values)")
    cell(page, 2, 2).fill("2.5")
    assert stage_value(canvas, "Math.max(...stage.outputs[0].values)") == 2.5 * before
    page.keyboard.press("Enter")
    expect(cell(page, 3, 2)).to_be_focused()
    settle(page)
    assert query(page)["kernel"] == "0_0_0~0_2.5_0~0_0_0"


def test_arrow_keys_nudge_a_number(page, server):
    """Arrow up adds a tenth, Shift and arrow down takes one away."""
    open_stage(page, f"{server}/filters?kernel={FLAT}")
    cell(page, 2, 2).focus()
    page.keyboard.press("ArrowUp")
    expect(cell(page, 2, 2)).to_have_value("1.1")
    page.keyboard.press("Shift+ArrowDown")
    expect(cell(page, 2, 2)).to_have_value("0.1")


def test_dragging_a_number_scrubs_it_and_is_undone_as_one(page, server):
    """Drag a number up and it grows while the map relights; Undo takes the whole drag back."""
    canvas = open_stage(page, f"{server}/filters?kernel={FLAT}")
    box = cell(page, 2, 2).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    drag(page, middle, (middle[0], middle[1] - 50))
    expect(cell(page, 2, 2)).to_have_value("2")
    assert stage_value(canvas, "Math.max(...stage.outputs[0].values)") > 1.9
    button(page, "Undo").click()
    expect(cell(page, 2, 2)).to_have_value("1")


def test_what_is_no_number_is_refused_beside_the_filter(page, server):
    """Leave a cell with letters in it: it keeps its number and one line says why."""
    open_stage(page, f"{server}/filters?kernel={FLAT}")
    for text in ("abc", "999"):
        cell(page, 2, 2).click()
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        expect(page.get_by_role("alert").filter(has_text=f"“{text}” is not a number")).to_be_visible()
        expect(cell(page, 2, 2)).to_have_value("1")


def test_painting_changes_the_picture_and_its_link(page, window, server):
    """Draw across an empty picture: pixels light up, the map too, and whoever opens the link sees the same picture."""
    canvas = open_stage(page, f"{server}/filters")
    button(page, "Clear the picture").or_(page.get_by_role("button", name="Clear")).first.click()
    assert stage_value(canvas, "Math.max(...stage.picture.values)") == 0
    drag(page, point_of(canvas, PICTURE, 6, 14), point_of(canvas, PICTURE, 20, 14))
    settle(page)
    levels = stage_value(canvas, "stage.content.picture.levels")
    assert max(levels) == 255
    column = np.reshape(levels, (28, 28))[7:20, 14]
    assert (column > 200).all()
    assert picture_of(query(page)["picture"]).ravel().tolist() == levels
    other = open_stage(window(), page.url)
    assert stage_value(other, "stage.content.picture.levels") == levels


def test_a_click_with_the_pen_makes_a_dot_and_with_the_hand_holds_the_pixel(page, server):
    """Pen and eraser act where they are pressed; the pointing hand holds the pixel instead."""
    canvas = open_stage(page, f"{server}/filters")
    page.mouse.click(*point_of(canvas, PICTURE, 2, 2))
    assert stage_value(canvas, "stage.content.picture.levels[2 * 28 + 2]") == 255
    button(page, "Point: click a pixel to hold it").click()
    page.mouse.click(*point_of(canvas, PICTURE, 14, 14))
    settle(page)
    assert query(page)["pin"] == "in_14_14"


def test_undo_brings_back_a_filter_that_was_made_smaller(page, server):
    """A filter that lost its numbers to another size gets them back."""
    open_stage(page, f"{server}/filters?kernel=1_2_3~4_5_6~7_8_9")
    choose(page, "Filter rows", "2")
    expect(cell(page, 3, 1)).to_have_count(0)
    button(page, "Undo").click()
    expect(cell(page, 3, 3)).to_have_value("9")
    settle(page)
    assert query(page)["kernel"] == "1_2_3~4_5_6~7_8_9"


def test_the_line_with_the_sum_never_moves_what_is_below(page, server):
    """Whatever the numbers, on a projector's width the sum stays on one line."""
    canvas = open_stage(page, f"{server}/filters?kernel=0.25_1.55_-0.75~0.33_0.44_0.55~-1.25_-1.35_-1.45&bias=-2.25")
    places = set()
    for row, column in ((0, 0), (6, 9), (7, 12), (14, 11), (20, 12)):
        page.mouse.move(*point_of(canvas, output(), row, column))
        boxes = [page.locator(part).bounding_box() for part in (".board", ".controls")]
        places.add(round(boxes[1]["y"] - boxes[0]["y"]))
    assert len(places) == 1


def test_the_whole_map_can_be_shown_again_after_a_pause(page, server):
    """Stepping veils what is still to come; one button takes the veil away."""
    canvas = open_stage(page, f"{server}/filters")
    button(page, "Step forward").click()
    assert stage_value(canvas, "stage.sweeping") is True
    button(page, "Show the whole map again").click()
    assert stage_value(canvas, "stage.sweeping") is False


def test_the_eraser_takes_ink_away(page, server):
    """The eraser leaves paper where it went."""
    canvas = open_stage(page, f"{server}/filters")
    ink = stage_value(canvas, "stage.content.picture.levels.reduce((a, b) => a + b)")
    button(page, "Eraser: drag on the picture to erase").click()
    drag(page, point_of(canvas, PICTURE, 4, 4), point_of(canvas, PICTURE, 24, 24))
    assert stage_value(canvas, "stage.content.picture.levels.reduce((a, b) => a + b)") < ink


def test_a_digit_and_a_filter_are_chosen_by_picture(page, server):
    """Choose the 7 and the vertical filter among the small pictures: both stand in the link."""
    open_stage(page, f"{server}/filters")
    page.get_by_role("radio", name="7", exact=True).click()
    page.get_by_role("radio", name="Vertical edge").click()
    expect(page.get_by_role("radio", name="Vertical edge")).to_be_checked()
    settle(page)
    assert query(page) == {"picture": "drawn.7.0", "kernel": VERTICAL}


def test_another_hand_writes_the_same_digit_differently(page, server):
    """“Another hand” brings ten new digits and keeps the label."""
    canvas = open_stage(page, f"{server}/filters")
    before = stage_value(canvas, "stage.content.picture.levels")
    button(page, "Another hand").click()
    expect(page.locator(".stage")).to_have_attribute("data-settled", "true")
    page.wait_for_url("**picture=drawn.3.1**")
    assert stage_value(canvas, "stage.content.picture.levels") != before


# --- ReLU, comparing, zoom ------------------------------------------------------------------------------------------


def test_relu_on_the_stage_and_among_the_settings_are_one_switch(page, server):
    """Switch ReLU off on the stage: negative sums appear and the setting below follows, and the other way round."""
    canvas = open_stage(page, f"{server}/filters")
    assert stage_value(canvas, "Math.min(...stage.outputs[0].values)") == 0
    button(page, "ReLU").first.click()
    assert stage_value(canvas, "Math.min(...stage.outputs[0].values)") < 0
    settle(page)
    assert query(page) == {"activation": "none"}
    page.get_by_role("radio", name="ReLU", exact=True).last.click()
    expect(page.locator(".control", has_text="ReLU")).to_have_attribute("aria-pressed", "true")
    assert stage_value(canvas, "Math.min(...stage.outputs[0].values)") == 0


def test_a_second_filter_stands_beside_the_first(page, server):
    """Compare adds a filter with a map of its own, whose sum is written when it is pointed at."""
    canvas = open_stage(page, f"{server}/filters?activation=none")
    page.get_by_role("button", name="Compare").click()
    page.mouse.move(*point_of(canvas, output(1), 3, 3))
    expect(sum_line(page)).to_contain_text("1×0 + 0×0 + −1×0")
    settle(page)
    assert query(page)["second"] == VERTICAL
    page.get_by_role("button", name="Compare").click()
    settle(page)
    assert "second" not in query(page)


def test_zooming_in_shows_fewer_and_larger_cells(page, server):
    """Zoom in: half as many cells a side, large enough for numbers, around the pinned place; it is in the link."""
    canvas = open_stage(page, f"{server}/filters")
    button(page, "Zoom in, to read the numbers").click()
    settle(page)
    assert stage_value(canvas, f"{PICTURE}.columns") == 14
    assert query(page)["zoom"] == "2"


# --- walking --------------------------------------------------------------------------------------------------------


def test_stepping_goes_forward_and_back(page, server):
    """Step forward starts at the top left and moves one to the right; step back returns."""
    canvas = open_stage(page, f"{server}/filters")
    button(page, "Step forward").click()
    assert stage_value(canvas, "[stage.target.row, stage.target.column]") == [0, 0]
    button(page, "Step forward").click()
    assert stage_value(canvas, "[stage.target.row, stage.target.column]") == [0, 1]
    button(page, "Step back").click()
    settle(page)
    assert query(page)["pin"] == "out_0_0"


def test_play_walks_over_the_map_and_pauses(page, server):
    """Play walks along the row by itself, and Pause holds it where it is."""
    canvas = open_stage(page, f"{server}/filters?pin=out_10_0")
    page.get_by_role("slider", name="Speed, places a second").fill("20")
    button(page, "Play").click()
    page.wait_for_function("canvas => canvas.stage.target.column >= 3", arg=canvas.element_handle())
    button(page, "Pause").click()
    settle(page)
    held = stage_value(canvas, "stage.target")
    assert held["row"] == 10
    expect(button(page, "Play")).to_be_visible()
    assert query(page)["pin"] == f"out_10_{held['column']}"


def test_the_keyboard_does_all_of_it(page, server):
    """Arrows step, Enter and Escape pin and let go, I and X paint, R, F and a digit choose, Control Z undoes."""
    canvas = open_stage(page, f"{server}/filters?pin=out_5_5")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert stage_value(canvas, "[stage.target.row, stage.target.column]") == [6, 6]
    page.keyboard.press("Escape")
    assert stage_value(canvas, "stage.target") is None
    page.keyboard.press("i")
    page.keyboard.press("ArrowLeft")
    before = stage_value(canvas, "stage.content.picture.levels[14 * 28 + 13]")
    page.keyboard.press("x")
    assert stage_value(canvas, "stage.content.picture.levels[14 * 28 + 13]") == (0 if before > 127 else 255)
    page.keyboard.press("Control+z")
    assert stage_value(canvas, "stage.content.picture.levels[14 * 28 + 13]") == before
    page.keyboard.press("r")
    page.keyboard.press("f")
    page.keyboard.press("8")
    settle(page)
    state = query(page)
    assert (state["activation"], state["kernel"], state["picture"]) == ("none", VERTICAL, "drawn.8.0")
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()


# --- touch ----------------------------------------------------------------------------------------------------------


def swipe(page, start, end, steps=6):
    touch = page.context.new_cdp_session(page)
    points = [
        {"x": a + (c - a) * i / steps, "y": b + (d - b) * i / steps}
        for i in range(steps + 1)
        for a, b, c, d in [(*start, *end)]
    ]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_fingers_pin_paint_and_scrub(window, server):
    """On a tablet a tap pins an output cell, a finger draws on the picture, and drags a number up."""
    page = window(width=1180, height=820, touch=True)
    canvas = open_stage(page, f"{server}/filters?kernel={FLAT}")
    page.touchscreen.tap(*point_of(canvas, output(), 5, 5))
    settle(page)
    assert query(page)["pin"] == "out_5_5"
    swipe(page, point_of(canvas, PICTURE, 2, 2), point_of(canvas, PICTURE, 2, 24))
    levels = np.reshape(stage_value(canvas, "stage.content.picture.levels"), (28, 28))
    assert (levels[2, 3:24] > 200).all()
    box = cell(page, 2, 2).bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    swipe(page, middle, (middle[0], middle[1] - 50))
    assert stage_value(canvas, "stage.content.filters[0].kernel.values[4]") > 1.5
