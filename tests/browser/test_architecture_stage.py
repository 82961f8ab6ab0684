"""The Architecture page under a person's hand, in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

from core.nets import codec
from core.nets.layers import Conv2D, Dense, Flatten, MaxPool2D
from core.nets.network import Network
from core.nets.presets import PRESETS
from tests.browser.driving import open_stage, query, settle, stage_value, sum_line

SMALL = Network((28, 28, 1), (Conv2D(8), MaxPool2D(), Flatten(), Dense(10, "softmax")))
SMALLEST_FOR_PRESENTING = 18  # px
SIZES_OF_TEXT = """canvas => {
    const written = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    const seen = (node) => node.offsetParent && !node.closest(".unseen, option") && written(node);
    const nodes = [...canvas.getRootNode().querySelectorAll(".stage *")].filter(seen);
    return nodes.map((node) => [node.textContent, parseFloat(getComputedStyle(node).fontSize)]);
}"""


def architecture(page, server, network=SMALL, more=""):
    return open_stage(page, f"{server}/architecture?net={codec.write(network)}{more}", "Architecture stage")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def row(page, title):
    return page.get_by_role("row").filter(has=button(page, title))


def order(page):
    """The titles of the layers, from the picture on."""
    return page.locator(".layer-title").all_inner_texts()


def in_link(page):
    """The layers of the network in the link, once Python has answered."""
    settle(page)
    return codec.read(query(page)["net"]).layers


def test_a_block_is_added_edited_moved_and_removed(page, server):
    """By mouse: the table follows at once, the link keeps the network."""
    architecture(page, server)
    button(page, "Max pool").click()
    button(page, "Add Dropout").click()
    assert order(page) == ["Picture", "Conv2D", "Max pool", "Dropout", "Flatten", "Dense"]
    button(page, "Conv2D").click()
    page.get_by_label("Conv2D: filters").fill("64")
    expect(row(page, "Conv2D")).to_contain_text("(3·3·1 + 1)·64 = 640")
    expect(row(page, "Dense")).to_contain_text("(10,816 + 1)·10 = 108,170")
    page.get_by_label("Move Dropout down").click()
    assert order(page) == ["Picture", "Conv2D", "Max pool", "Flatten", "Dropout", "Dense"]
    page.get_by_label("Remove Dropout").click()
    assert in_link(page) == (Conv2D(64), MaxPool2D(), Flatten(), Dense(10, "softmax"))


def test_undo_and_redo(page, server):
    """Every change can be taken back, all that was typed into a field at once, and done again."""
    architecture(page, server)
    button(page, "Conv2D").click()
    page.get_by_label("Conv2D: filters").press_sequentially("64", delay=20)
    page.get_by_label("Remove Flatten").click()
    button(page, "Undo").click()
    button(page, "Undo").click()
    assert in_link(page) == SMALL.layers
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+y")
    assert order(page) == ["Picture", "Conv2D", "Max pool", "Dense"]
    expect(button(page, "Redo")).to_be_disabled()


def test_a_wrong_order_is_told_at_its_block_and_mended_there(page, server):
    """Dense before Flatten: the block says so, what stands before it is still read, one button mends it."""
    architecture(page, server)
    button(page, "Dense").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(row(page, "Dense").get_by_role("alert")).to_contain_text("Dense takes a flat list of numbers")
    expect(row(page, "Max pool")).to_contain_text("13×13×8")
    assert order(page) == ["Picture", "Conv2D", "Max pool", "Dense", "Flatten"]
    settle(page)
    expect(page.get_by_text("One block does not fit")).to_be_visible()
    button(page, "Put a Flatten before it").click()
    assert [type(layer) for layer in in_link(page)] == [Conv2D, MaxPool2D, Flatten, Dense, Flatten]
    expect(page.get_by_text("One block does not fit")).to_be_hidden()


def test_settings_that_cannot_be_are_told_at_their_block(page, server):
    """A window larger than its maps breaks the network there; a number out of range is refused and changes nothing."""
    architecture(page, server)
    button(page, "Max pool").click()
    page.get_by_label("Max pool: window").fill("40")
    alert = row(page, "Max pool").get_by_role("alert")
    expect(alert).to_have_text("Nothing would be left: a 40×40 window does not fit on maps of 26×26.")
    button(page, "Undo").click()
    button(page, "Conv2D").click()
    field = page.get_by_label("Conv2D: filters")
    field.fill("0")
    field.blur()
    expect(row(page, "Conv2D").get_by_role("alert")).to_contain_text("0 is no whole number from 1 to 4,096; it stays 8")
    field.fill("5000")
    field.press("Enter")
    expect(row(page, "Conv2D").get_by_role("alert")).to_contain_text("5000 is no whole number from 1 to 4,096")
    expect(field).to_have_value("8")
    assert in_link(page) == SMALL.layers


def test_by_keyboard_alone(page, server):
    """Arrows choose, Alt with them moves, Delete removes, the focus stays on the block."""
    architecture(page, server)
    button(page, "Picture").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(button(page, "Max pool")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(button(page, "Max pool")).to_be_focused()
    assert order(page) == ["Picture", "Max pool", "Conv2D", "Flatten", "Dense"]
    page.keyboard.press("Delete")
    expect(button(page, "Conv2D")).to_be_focused()
    assert in_link(page) == (SMALL.layers[0], *SMALL.layers[2:])


@pytest.mark.parametrize("touch", [False, True])
def test_a_block_is_dragged(window, server, touch):
    """By its handle, with mouse or finger, to where it is let go."""
    page = window(width=1280, height=1000, touch=touch)
    architecture(page, server)
    start, end = row(page, "Conv2D").locator(".handle"), row(page, "Max pool")
    start.scroll_into_view_if_needed()
    box, target = start.bounding_box(), end.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    land = target["y"] + target["height"] - 3
    if touch:
        session = page.context.new_cdp_session(page)
        touches = [("touchStart", y), ("touchMove", y + 20), ("touchMove", land), ("touchEnd", None)]
        for kind, at in touches:
            points = [] if at is None else [{"x": x, "y": at}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, land, steps=4)
        page.mouse.up()
    assert in_link(page)[:2] == (MaxPool2D(), Conv2D(8))


def test_a_cell_is_followed_back_to_the_pixels(page, server):
    """A click on the map of the pool: the sentence names the pixels, the link keeps the cell, arrows move it."""
    canvas = architecture(page, server, more="&layer=1")
    box = canvas.bounding_box()
    cell = box["width"] / 13
    canvas.click(position={"x": 2.5 * cell, "y": 0.5 * cell})
    expect(sum_line(page)).to_have_text("Cell (0, 2) of max_pool2d_1 sees 4×4 pixels: rows 0–3, columns 4–7.")
    page.keyboard.press("ArrowDown")
    expect(sum_line(page)).to_contain_text("rows 2–5, columns 4–7")
    settle(page)
    assert (query(page)["row"], query(page)["column"]) == ("1", "2")
    page.reload()
    settle(page)
    expect(sum_line(page)).to_contain_text("Cell (1, 2) of max_pool2d_1 sees 4×4 pixels: rows 2–5, columns 4–7")


def test_a_click_on_a_block_of_the_drawing_chooses_it(page, server):
    """And a click on the side of its maps the cell there."""
    canvas = architecture(page, server, more="&layer=1")
    side = stage_value(canvas, "stage.placed.blocks[1]")
    drawing = page.locator(".drawing canvas")
    x, y = side["x"] + side["long"] + side["slant"] / 2, side["y"] + side["tall"] / 2 - side["slant"] / 2
    drawing.click(position={"x": x, "y": y})
    expect(button(page, "Conv2D")).to_have_attribute("aria-pressed", "true")
    expect(sum_line(page)).to_have_text(re.compile(r"Cell \(1[234], 1[234]\) of conv2d_1 sees 3×3 pixels"))


def test_nothing_moves_under_the_mouse_when_a_preset_is_built_on(page, server):
    """There is always a line over the buttons: about the preset, or the sums of one's own network."""
    architecture(page, server, PRESETS["lenet5"].network)
    line = page.locator(".walk-words")
    expect(line).to_have_text(PRESETS["lenet5"].about)
    before = button(page, "Add Dropout").bounding_box()
    button(page, "Add Dropout").click()
    expect(line).to_contain_text("Your own network: ")
    expect(line).to_contain_text("61,706 parameters")
    assert button(page, "Add Dropout").bounding_box() == before


def test_resnet50_is_walked_stage_by_stage(page, server):
    """From the card with its picture: 224×224×3 to 7×7×2048 in seven steps."""
    architecture(page, server)
    page.get_by_role("group", name="Start from").get_by_role("button", name="ResNet50", exact=True).click()
    seen = []
    for _ in range(7):
        button(page, "Step forward").click()
        seen.append(page.get_by_role("note").inner_text())
    assert "The picture: 224×224×3" in seen[0]
    for words, shape in zip(seen[1:], ("112×112×64", "56×56×64", "56×56×256", "28×28×512", "14×14×1024", "7×7×2048")):
        assert f"→ {shape}." in words
    assert "Residual block × 3" in seen[-1] and "Conv2D + Batch norm + Activation" in seen[1]
    settle(page)
    assert codec.read(query(page)["net"]) == PRESETS["resnet50"].network
    expect(page.get_by_text("23,587,712 (23,534,592 learnt)")).to_be_visible()


def test_the_browser_s_back_button_brings_the_network_back(page, server):
    """A link opened over another one shows its network, and nothing that was built is mixed into it."""
    architecture(page, server)
    architecture(page, server, PRESETS["lenet5"].network)
    expect(row(page, "Dense 1")).to_contain_text("(400 + 1)·120 = 48,120")
    page.go_back()
    expect(row(page, "Dense")).to_contain_text("(1,352 + 1)·10 = 13,530")


def test_train_this_opens_the_training_with_the_network(page, server):
    """The link to the Train page carries what was just built."""
    architecture(page, server)
    page.get_by_label("Remove Max pool").click()
    expected = codec.write(Network(SMALL.input_shape, (SMALL.layers[0], *SMALL.layers[2:])))
    way = page.get_by_role("link", name="Train this")
    expect(way).to_have_attribute("href", re.compile(re.escape(expected)))


def test_type_is_large_on_the_projector(page, server):
    """No text of the stage is under 18 px in presenter mode."""
    canvas = architecture(page, server, more="&present=1")
    small = [(text, size) for text, size in canvas.evaluate(SIZES_OF_TEXT) if size < SMALLEST_FOR_PRESENTING]
    assert small == []
    assert stage_value(canvas, "stage.drawing.getContext('2d').font").startswith(("18px", "600 18px"))


def test_nothing_is_wider_than_the_window(page, server):
    """The page never scrolls sideways, with the longest preset too."""
    architecture(page, server, PRESETS["resnet50"].network)
    for width in (768, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
        expect(page.locator(".stage")).to_be_visible()
        assert page.locator(".stage").evaluate("(node) => node.scrollWidth <= node.clientWidth + 1")
