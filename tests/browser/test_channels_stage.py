"""The Channels page under a person's hand, in a real Chromium."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from core.images.colour_names import colour_picture_of
from core.images.colour_pictures import draw_colour, with_brightness
from core.ops.convolution import Convolution
from core.ops.layers import APART, GROUPED, KINDS, TRANSPOSED, layer_maps, slice_maps
from core.stage.channels_stage import ChannelsScene
from tests.browser.driving import PICTURE, open_stage, point_of, query, settle, stage_value, sum_line

NAME = "Channels stage"
SUM = "stage.painter.sumView"
CASES = 40

# Gives the stage other content, as Python would, and reads what it computed.
SHOW = """(canvas, sent) => {
    const { stage } = canvas;
    const data = { ...stage.data, revision: stage.talk.revision + 1, content: sent.content, settings: sent.settings };
    stage.update({ data, setStateValue() {} });
    return JSON.stringify({
        maps: stage.answers.flatMap(({ maps }) => maps.map(({ values }) => Array.from(values))),
        parts: stage.answer.parts.map((part) => part && Array.from(part.values)),
    });
}"""


def part(channel: int) -> str:
    return f"stage.painter.partViews[{channel}]"


def channel_view(channel: int) -> str:
    return f"stage.painter.planeViews[{channel}]"


def random_case(dice: np.random.Generator):
    """A scene, a kind and settings that fit together, and the layer's maps."""
    while True:
        kind = str(dice.choice(KINDS))
        channels = 3 if kind == GROUPED else int(dice.choice([1, 3]))
        picture = dice.integers(0, 256, (*dice.integers(4, 13, 2), channels), dtype=np.uint8)
        side, count = int(dice.integers(1, 5)), int(dice.integers(1, 4)) * 2
        slices = 4 if kind == GROUPED else channels
        cubes = tuple(np.round(dice.normal(0, 2, (side, side, slices)), 2) for _ in range(count))
        settings = Convolution(
            stride=int(dice.integers(1, 4)),
            padding=["valid", "same", int(dice.integers(0, 3))][dice.integers(3)],
            dilation=int(dice.integers(1, 4)),
            activation=str(dice.choice(["relu", "none", "abs"])),
        )
        scene = ChannelsScene(
            picture, "own", cubes, tuple(np.round(dice.normal(size=count), 2).tolist()), activation=settings.activation
        )
        levels = with_brightness(picture) if kind == GROUPED else picture
        try:
            return scene, kind, settings, levels / 255, layer_maps(levels / 255, cubes, scene.biases, kind, settings)
        except ValueError:
            continue  # the filter, the stride or the padding does not fit: refused by core/ops, no case


def sent(scene: ChannelsScene, kind: str, settings: Convolution):
    return {
        "content": scene.content(),
        "settings": {**settings.geometry, "flip": False, "kind": kind, "groups": 2},
    }


def test_the_stage_computes_what_core_ops_computes(page, server):
    """On random pictures, stacks, kinds, strides, paddings, dilations and biases both halves agree, part by part."""
    canvas = open_stage(page, f"{server}/channels", NAME)
    dice = np.random.default_rng(30)
    for _ in range(CASES):
        scene, kind, settings, picture, expected = random_case(dice)
        shown = json.loads(canvas.evaluate(SHOW, sent(scene, kind, settings)))
        maps = np.array(shown["maps"]).reshape(-1, *expected.shape[:2])
        np.testing.assert_allclose(np.moveaxis(maps, 0, 2), expected, rtol=1e-9, atol=1e-9)
        parts = slice_maps(picture, scene.cubes[0], kind, settings)
        for channel, values in enumerate(shown["parts"]):
            if values is None:
                assert kind == GROUPED and channel > 1
            else:
                np.testing.assert_allclose(values, parts[:, :, channel].ravel(), rtol=1e-9, atol=1e-9)


def test_the_stage_traces_what_it_shows(page, server):
    """Whatever cell is pinned, its products add up to the partial maps, and the pixels that feed it are its window."""
    canvas = open_stage(page, f"{server}/channels", NAME)
    dice = np.random.default_rng(31)
    for _ in range(CASES // 4):
        scene, kind, settings, picture, expected = random_case(dice)
        canvas.evaluate(SHOW, sent(scene, kind, settings))
        row, column = (int(dice.integers(n)) for n in expected.shape[:2])
        canvas.evaluate("(canvas, [row, column]) => canvas.stage.pin({ on: 'output', row, column })", [row, column])
        traces = stage_value(canvas, "stage.traces.map((trace) => trace && [trace.sum, trace.rows, trace.columns])")
        parts = slice_maps(picture, scene.cubes[0], kind, settings)[row, column]
        for channel, trace in enumerate(traces):
            if trace:
                assert trace[0] == pytest.approx(parts[channel], abs=1e-9)
        _, rows, columns = traces[0]
        inside = [
            (y, x)
            for y in rows
            for x in columns
            if None not in (y, x) and 0 <= y < picture.shape[0] and 0 <= x < picture.shape[1]
        ]
        for y, x in inside[:3]:
            canvas.evaluate("(canvas, [row, column]) => canvas.stage.pin({ on: 'input', row, column })", [y, x])
            assert [row, column] in stage_value(canvas, "stage.fed")


def test_pointing_at_a_cell_writes_27_products_and_one_sum(page, server):
    """Point at a cell of the map: nine products a slice, three partial sums, their sum, before and after ReLU."""
    canvas = open_stage(page, f"{server}/channels?picture=bars.12&filters=edge-right&biases=-4", NAME)
    page.mouse.move(*point_of(canvas, SUM, 4, 5))
    line = sum_line(page)
    expect(line).to_contain_text("Red 3 + Green 3 + Blue 0 + −4 (bias) = 2 → ReLU → 2")
    slice_sum = "1×1 + 0×1 + −1×0"
    expect(line).to_contain_text(f"Red: {' + '.join([slice_sum] * 3)} = 3.")
    assert line.text_content().count("×") == 27
    page.mouse.move(*point_of(canvas, part(1), 0, 0))
    expect(line).to_contain_text("Red −2 + Green 0 + Blue 0 + −4 (bias) = −6 → ReLU → 0")


def test_pointing_at_a_pixel_shows_where_it_goes(page, server):
    """Point at a pixel of a channel or of the picture: its light, and how many cells of the map it feeds."""
    canvas = open_stage(page, f"{server}/channels?picture=halves.12", NAME)
    page.mouse.move(*point_of(canvas, channel_view(2), 5, 5))
    expect(sum_line(page)).to_have_text("Red 0.8, green 0, blue 0. This pixel goes into 9 cells of the map.")
    page.mouse.move(*point_of(canvas, PICTURE, 0, 11))
    expect(sum_line(page)).to_have_text("Red 0, green 0.8, blue 0. This pixel goes into 1 cell of the map.")


def test_a_slice_is_edited_in_place_and_stands_in_the_link(page, server):
    """Type into one slice: the map changes at once, the link holds it, undo takes it back."""
    canvas = open_stage(page, f"{server}/channels?picture=flag.6&filters=light", NAME)
    before = stage_value(canvas, "Array.from(stage.map.values)")
    field = page.get_by_role("textbox", name="Green slice, row 2, column 2")
    field.fill("5")
    assert stage_value(canvas, "Array.from(stage.map.values)") != before
    field.press("Enter")
    settle(page)
    written = query(page)["filters"].split("_")
    assert written[0] == "3x3x3" and written[10:19] == ["0", "1", "0", "1", "5", "1", "0", "1", "0"]
    page.get_by_role("button", name="Undo").click()
    assert stage_value(canvas, "Array.from(stage.map.values)") == before


def test_filters_are_added_chosen_and_removed(page, server):
    """The stack grows by a filter of the bank, the chosen one is the one that is shown, and the last one stays."""
    canvas = open_stage(page, f"{server}/channels?picture=flag.6&filters=red", NAME)
    expect(page.get_by_text("Stack 4×4×1")).to_be_visible()
    expect(page.get_by_role("button", name="Remove this filter")).to_be_disabled()
    page.get_by_role("button", name="Add a filter to the stack").click()
    expect(page.get_by_text("Stack 4×4×2")).to_be_visible()
    page.get_by_role("radio", name="Blue?").click()
    settle(page)
    assert query(page)["filters"] == "red~blue" and query(page)["chosen"] == "1"
    page.get_by_role("radio", name="Filter 1").click()
    assert stage_value(canvas, "stage.named.title") == "Red?"
    page.get_by_role("button", name="Remove this filter").click()
    settle(page)
    assert query(page)["filters"] == "blue"


def test_in_grey_no_colour_is_asked_for(page, server):
    """With one channel only filters with three equal slices are offered, and in groups L is said to be all light."""
    open_stage(page, f"{server}/channels?picture=seven.7&filters=edge-right", NAME)
    offered = page.get_by_role("radiogroup", name="Filter to try").get_by_role("radio")
    expect(offered).to_have_count(4)
    page.get_by_role("radio", name="Apple").click()
    expect(offered).to_have_count(10)
    settle(page)
    page.get_by_text("in two groups", exact=True).click()
    expect(page.get_by_text("light of all three", exact=True)).to_be_visible()


def test_drawing_on_one_channel_adds_light_of_that_colour(page, server):
    """Drag over the green channel: green light appears there, red and blue stay; the picture is one's own now."""
    canvas = open_stage(page, f"{server}/channels?picture=bars.12", NAME)
    page.mouse.move(*point_of(canvas, channel_view(1), 5, 0))
    page.mouse.down()
    page.mouse.move(*point_of(canvas, channel_view(1), 9, 0), steps=6)
    page.mouse.up()
    settle(page)
    own = colour_picture_of(query(page)["picture"])
    drawn = draw_colour("bars", 12)
    assert own[7, 0, 1] > 200
    np.testing.assert_array_equal(own[:, :, [0, 2]], drawn[:, :, [0, 2]])


def test_kept_apart_there_is_no_sum(page, server):
    """Kept apart, each slice goes through ReLU by itself and nothing is added across channels."""
    canvas = open_stage(page, f"{server}/channels?picture=halves.12&filters=edge-right", NAME)
    expect(sum_line(page)).to_contain_text("Red 2.4 + Green −2.4 + Blue 0 = 0 → ReLU → 0")
    page.get_by_text("kept apart", exact=True).click()
    expect(sum_line(page)).to_contain_text("Red 2.4 → ReLU → 2.4 , Green −2.4 → ReLU → 0 , Blue 0 → ReLU → 0")
    assert stage_value(canvas, "stage.painter.sumView") is None
    expect(page.get_by_text("Stack 10×10×3")).to_be_visible()


def test_a_link_with_everything_opens_exactly_that(page, server):
    """Kind, picture, stack, choice, bias, pin, zoom and travel come from the link and stay in it."""
    link = {
        "picture": "flower.28",
        "side": "28",
        "filters": "green~outline~yellow-blue",
        "biases": "0_-1.5_0",
        "chosen": "1",
        "kind": TRANSPOSED,
        "activation": "none",
        "stride": "2",
        "padding": "1",
        "pin": "out_7_9",
        "zoom": "2",
        "palette": "orange-blue",
    }
    parameters = "&".join(f"{name}={value}" for name, value in link.items())
    canvas = open_stage(page, f"{server}/channels?{parameters}", NAME)
    assert query(page) == link
    shown = stage_value(canvas, "[stage.named.title, stage.chosen.bias, stage.map.rows, stage.target.row]")
    assert shown == ["Outline", -1.5, 55, 7]


def test_the_keyboard_does_it_all(page, server):
    """Arrows step, F takes the next filter, R switches ReLU, Plus and Minus change the stack."""
    canvas = open_stage(page, f"{server}/channels?picture=flag.6&filters=red~blue&pin=out_1_1", NAME)
    canvas.focus()
    canvas.press("ArrowRight")
    canvas.press("f")
    canvas.press("r")
    canvas.press("+")
    settle(page)
    kept = query(page)
    assert (kept["pin"], kept["activation"], kept["filters"].count("~"), kept["chosen"]) == ("out_1_2", "none", 2, "2")
    canvas.press("-")
    settle(page)
    assert query(page)["filters"] == "red~blue"


def test_one_kind_after_another_leaves_the_filters_as_they_were(page, server):
    """Through groups and back, the stack is what it was, and every kind is drawn."""
    canvas = open_stage(page, f"{server}/channels?filters=red~outline", NAME)
    for name, kind in (("in two groups", GROUPED), ("transposed", TRANSPOSED), ("kept apart", APART)):
        page.get_by_text(name, exact=True).click()
        expect(page.get_by_role("heading", name="Shapes and parameters")).to_be_visible()
        page.wait_for_function(
            "([canvas, kind]) => canvas.stage.settings.kind === kind", arg=[canvas.element_handle(), kind]
        )
    page.get_by_text("added up", exact=True).click()
    page.wait_for_function("(canvas) => canvas.stage.settings.kind === 'summed'", arg=canvas.element_handle())
    settle(page)
    assert query(page)["filters"] == "red~outline"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (820, 1180), (400, 800)])
def test_nothing_is_cut_off(window, server, width, height):
    """On a projector, a tablet and a phone every grid, slice and button of the stage lies inside the board."""
    page = window(width, height)
    canvas = open_stage(page, f"{server}/channels", NAME)
    board = canvas.bounding_box()
    right, bottom = board["x"] + board["width"] + 1, board["y"] + board["height"] + 1
    for view in [PICTURE, SUM, *map(part, range(3)), *map(channel_view, range(3))]:
        at = stage_value(canvas, view)
        assert at["x"] >= 0 and board["x"] + at["x"] + at["columns"] * at["cell"] <= right
        assert board["y"] + at["y"] + at["rows"] * at["cell"] <= bottom
    for box in [slot.bounding_box() for slot in page.locator(".stack, .kernel").all()]:
        assert box["x"] + box["width"] <= right and box["y"] + box["height"] <= bottom


def test_presenter_mode_is_readable_from_the_last_row(window, server):
    """At 1280×720 the whole board is on the screen, words have at least 18 pixels and the weights at least 28."""
    page = window()
    canvas = open_stage(page, f"{server}/channels?present=1", NAME)
    box = canvas.bounding_box()
    assert box["y"] + box["height"] < 640
    size = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    assert all(node.evaluate(size) >= 28 for node in page.locator(".kernel .number").all())
    words = page.locator(".caption, .tile, .stack-title, .stack-bias, .control span")
    assert all(node.evaluate(size) >= 18 for node in words.all())
