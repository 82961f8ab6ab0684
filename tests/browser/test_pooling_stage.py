"""The Pooling page under a person's hand, in a real Chromium."""

import numpy as np
import pytest
from playwright.sync_api import expect

from core.images.picture_names import picture_of
from core.ops.convolution import convolve
from core.ops.filter_bank import FILTER_BANK
from core.stage.stack_stage import CONVOLUTION
from tests.browser.driving import open_stage, output, point_of, query, settle, stage_value, sum_line

INPUT = "stage.painter.inputView"
SMALLEST_FOR_PRESENTING = 18  # px

SIZES_OF_TEXT = """canvas => {
    const written = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    const seen = (node) => node.offsetParent && !node.closest(".unseen") && written(node);
    const nodes = [...canvas.getRootNode().querySelectorAll(".stage *")].filter(seen);
    return nodes.map((node) => [node.textContent, parseFloat(getComputedStyle(node).fontSize)]);
}"""


def pooling(page, server, link="", name="Pooling stage"):
    return open_stage(page, f"{server}/pooling{link}", name)


def shown(page, name):
    """The canvas of a stage that takes another one's place."""
    canvas = page.get_by_role("application", name=name)
    expect(canvas).to_be_visible()
    expect(page.locator(".stage")).to_have_count(1)
    settle(page)
    return canvas


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def drag(page, start, end, steps=6):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


# --- window by window -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [0, 1])
def test_pointing_at_either_map_writes_both_calculations(page, server, kind):
    """Point at a cell of the largest numbers or of the means, and both are written out for its window."""
    canvas = pooling(page, server)
    page.mouse.move(*point_of(canvas, output(kind), 1, 0))
    expect(sum_line(page)).to_have_text("max(0, 1, −2, 1) = 1; (0 + 1 + −2 + 1) / 4 = 0")


def test_pointing_at_a_number_says_who_notices_it(page, server):
    """The largest number of a window is said to win; another one to be forgotten by max pooling."""
    canvas = pooling(page, server)
    page.mouse.move(*point_of(canvas, INPUT, 0, 1))
    expect(sum_line(page)).to_have_text("7 stands in one window. It is the largest there; the mean counts it.")
    page.mouse.move(*point_of(canvas, INPUT, 1, 0))
    expect(sum_line(page)).to_contain_text("It is never the largest, so max pooling forgets it")


def test_steps_by_key_and_by_button_go_over_both_maps_and_into_the_link(page, server):
    """Arrow right, Step forward and Step back move one window on, for both maps at once; the link keeps the place."""
    canvas = pooling(page, server, "?pin=out_0_0")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(sum_line(page)).to_contain_text("max(0, 1, 0, 0) = 1; (0 + 1 + 0 + 0) / 4 = 0.25")
    button(page, "Step forward").click()
    expect(sum_line(page)).to_contain_text("max(0, 1, −2, 1) = 1")
    button(page, "Step back").click()
    settle(page)
    assert query(page) == {"pin": "out_0_1"}


def test_playing_ends_at_the_last_window(page, server):
    """Play goes through all windows and stops; the last one stays."""
    canvas = pooling(page, server)
    canvas.focus()
    page.keyboard.press(" ")
    expect(button(page, "Pause")).to_be_visible()
    expect(button(page, "Play")).to_be_visible()
    expect(sum_line(page)).to_contain_text("max(6, 6, 8, 4) = 8")
    settle(page)
    assert query(page) == {"pin": "out_1_1"}


def test_typing_a_number_relights_both_maps_at_once(page, server):
    """A negative number typed in place changes the mean with each key, and stands in the link; undo takes it back."""
    canvas = pooling(page, server)
    page.get_by_role("textbox", name="Input, row 1, column 2").fill("-9")
    assert stage_value(canvas, "stage.outputs.map(({ values }) => values[0])") == [4, 0]
    expect(sum_line(page)).to_have_text("max(2, −9, 4, 3) = 4; (2 + −9 + 4 + 3) / 4 = 0")
    page.keyboard.press("Enter")
    settle(page)
    assert query(page)["numbers"] == "2_-9_0_1~4_3_0_0~0_1_6_6~-2_1_8_4"
    button(page, "Undo").click()
    settle(page)
    assert query(page) == {}


def test_a_number_that_is_dragged_keeps_its_window_in_sight(page, server):
    """While a number is scrubbed, the sums of its own window follow; on release it stands in the link."""
    pooling(page, server)
    field = page.get_by_role("textbox", name="Input, row 3, column 1").bounding_box()
    x, y = field["x"] + 30, field["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 100, steps=6)
    expect(sum_line(page)).to_have_text("max(2, 1, −2, 1) = 2; (2 + 1 + −2 + 1) / 4 = 0.5")
    page.mouse.up()
    settle(page)
    assert query(page)["numbers"] == "2_7_0_1~4_3_0_0~2_1_6_6~-2_1_8_4"


def test_what_is_no_number_is_said_and_changes_nothing(page, server):
    """A word in a cell gives one line, and the cell keeps its number."""
    canvas = pooling(page, server)
    page.get_by_role("textbox", name="Input, row 1, column 1").fill("two")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="is not a number")).to_be_visible()
    assert stage_value(canvas, "stage.content.numbers.values[0]") == 2


def test_painting_on_the_digit_lights_its_window(page, server):
    """A stroke of the pen on an empty corner lights the pooled corner, and the picture is the person's own."""
    canvas = pooling(page, server, "?from=picture&picture=drawn.1.0")
    assert stage_value(canvas, "stage.outputs[0].values[0]") == 0
    drag(page, point_of(canvas, INPUT, 0, 0), point_of(canvas, INPUT, 1, 1))
    settle(page)
    assert stage_value(canvas, "stage.outputs[0].values[0]") > 0.9
    assert query(page)["picture"].startswith("own.")


def test_a_pool_that_does_not_fit_is_said_and_can_be_left(page, server):
    """Too large a pool is refused in words, on the stage and beside the controls; with more numbers it fits again."""
    canvas = pooling(page, server, "?pool=5")
    expect(page.get_by_role("alert").filter(has_text="larger than the map").first).to_be_visible()
    button(page, "Digit").click()
    settle(page)
    assert stage_value(canvas, "stage.outputs[0].rows") == 5


def test_pool_this_map_takes_the_map_along(page, server):
    """From the Filters page the button brings picture and filter: what is pooled is its feature map."""
    open_stage(page, f"{server}/filters?kernel=1_0_-1~1_0_-1~1_0_-1&picture=drawn.4.0&zoom=2")
    page.get_by_role("link", name="Pool this map").click()
    canvas = shown(page, "Pooling stage")
    expected = convolve(picture_of("drawn.4.0") / 255, FILTER_BANK["vertical"].kernel)
    np.testing.assert_allclose(stage_value(canvas, "[...stage.input.values]"), expected.ravel(), atol=1e-9)
    assert query(page)["from"] == "map"


# --- moving ---------------------------------------------------------------------------------------------------------


def test_a_stroke_moves_by_a_pixel_and_max_pooling_does_not_notice(page, server):
    """Dragged one pixel down the map changes and the max map does not; one pixel more and it does."""
    canvas = pooling(page, server, "?view=move", "Moving stage")
    drag(page, point_of(canvas, INPUT, 5, 4), point_of(canvas, INPUT, 6, 4))
    expect(sum_line(page)).to_contain_text("Moved 1 down: 6 of 144 numbers changed, 0 of 36 after max pooling, 2 of 36")
    expect(sum_line(page)).to_contain_text("this max map comes out in 4 of 100 places, exactly this average map in 1.")
    settle(page)
    assert query(page) == {"view": "move", "move": "1_0"}
    drag(page, point_of(canvas, INPUT, 6, 4), point_of(canvas, INPUT, 7, 4))
    expect(sum_line(page)).to_contain_text("Moved 2 down")
    expect(sum_line(page)).not_to_contain_text("0 of 36 after max")


def test_arrow_keys_move_the_stroke_up_to_the_edge(page, server):
    """Each arrow is one pixel; at the edge of the map the stroke stays on it."""
    canvas = pooling(page, server, "?view=move", "Moving stage")
    canvas.focus()
    for key in ["ArrowRight", "ArrowDown", *["ArrowLeft"] * 9]:
        page.keyboard.press(key)
    expect(sum_line(page)).to_contain_text("Moved 1 down, 4 left")
    settle(page)
    assert query(page)["move"] == "1_-4"


def test_a_click_on_a_place_goes_there(page, server):
    """In the grid of places a click on one that looks alike moves the stroke there, and the max map stays."""
    canvas = pooling(page, server, "?view=move", "Moving stage")
    before = stage_value(canvas, "[...stage.outputs[0].values]")
    page.mouse.click(*point_of(canvas, "stage.placeViews[0]", 5, 5))
    expect(sum_line(page)).to_contain_text("Moved 1 down, 1 right")
    assert stage_value(canvas, "[...stage.outputs[0].values]") == before


def test_a_slider_moves_a_digit_and_its_feature_map(page, server):
    """The map of a moved digit is the moved map of the digit, away from the rim."""
    canvas = pooling(page, server, "?view=move&moved=drawn.3.0&moved_from=map", "Moving stage")
    start = np.reshape(stage_value(canvas, "[...stage.input.values]"), (26, 26))
    page.get_by_role("slider", name="Pixels moved right").press("ArrowRight")
    now = np.reshape(stage_value(canvas, "[...stage.input.values]"), (26, 26))
    np.testing.assert_allclose(now[:, 2:-2], start[:, 1:-3], atol=1e-9)
    settle(page)
    assert query(page)["move"] == "0_1"


def test_a_finger_moves_the_stroke_on_a_tablet(window, server):
    """On a tablet a finger that is dragged over the map moves the stroke instead of the page."""
    page = window(820, 1180, touch=True)
    canvas = pooling(page, server, "?view=move", "Moving stage")
    start, end = point_of(canvas, INPUT, 5, 4), point_of(canvas, INPUT, 5, 6)
    client = page.context.new_cdp_session(page)
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": start[0], "y": start[1]}]})
    for share in (0.3, 0.6, 1):
        x = start[0] + share * (end[0] - start[0])
        client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": start[1]}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(sum_line(page)).to_contain_text("Moved 2 right")


# --- a stack --------------------------------------------------------------------------------------------------------


def test_a_stack_is_pooled_slice_by_slice(page, server):
    """28×28×8 becomes 14×14×8; a cell of the third slice is the largest number of that slice's window."""
    canvas = pooling(page, server, "?view=stack", "Stack stage")
    expect(page.get_by_text("28×28×8 → 14×14×8")).to_be_visible()
    expect(page.get_by_text("6,272 → 1,568 numbers (a quarter)")).to_be_visible()
    page.mouse.click(*point_of(canvas, "stage.places.slices[2].output", 6, 6))
    maps = convolve(picture_of("drawn.3.0") / 255, FILTER_BANK["diagonal-falling"].kernel, CONVOLUTION)
    expect(sum_line(page)).to_contain_text(f"= {maps[12:14, 12:14].max():.2f}".rstrip("0").rstrip("."))
    settle(page)
    assert query(page) == {"view": "stack", "slice": "2", "cell": "out_6_6"}


def test_the_lectures_block_is_pooled_again_and_again(page, server):
    """224×224×64 → 112×112×64, and with each step a quarter of the numbers is left."""
    pooling(page, server, "?view=stack&stack=sizes", "Stack stage")
    expect(page.get_by_text("224×224×64 → 112×112×64")).to_be_visible()
    expect(sum_line(page)).to_have_text("224·224·64 = 3,211,264 numbers → 112·112·64 = 802,816: a quarter is left.")
    button(page, "Step forward").click()
    expect(sum_line(page)).to_contain_text("→ 56·56·64 = 200,704: a quarter is left.")
    settle(page)
    assert query(page)["times"] == "2"
    button(page, "Step back").click()
    button(page, "Step back").click()
    expect(sum_line(page)).to_have_text("224·224·64 = 3,211,264 numbers. Step forward to pool them.")


# --- everywhere -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "name"), [("pool", "Pooling stage"), ("move", "Moving stage"), ("stack", "Stack stage")]
)
def test_on_the_projector_all_is_large_and_on_the_first_screen(page, server, view, name):
    """In presenter mode no text of the stage is under 18 px, and stage and controls fit into 1280×720."""
    canvas = pooling(page, server, f"?view={view}&present=1", name)
    sizes = canvas.evaluate(SIZES_OF_TEXT)
    assert [text for text, size in sizes if size < SMALLEST_FOR_PRESENTING] == []
    box = button(page, "Copy link").bounding_box()
    assert box["y"] + box["height"] <= 720


def test_switching_views_loses_nothing(page, server):
    """Numbers, stroke and stack each are as they were left when the person comes back to their view."""
    canvas = pooling(page, server)
    page.get_by_role("textbox", name="Input, row 1, column 1").fill("9")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_text("Move it by a pixel").click()
    canvas = shown(page, "Moving stage")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    page.get_by_text("Window by window").click()
    canvas = shown(page, "Pooling stage")
    assert stage_value(canvas, "stage.content.numbers.values[0]") == 9
    assert query(page) == {"numbers": "9_7_0_1~4_3_0_0~0_1_6_6~-2_1_8_4", "move": "0_1"}
