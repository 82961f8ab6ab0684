"""A whole training under a person's hand, in a real Chromium with a real worker."""

import re

from PIL import Image
from playwright.sync_api import expect

from core.images.drawn_things import draw_thing
from tests.browser.driving import choose, query
from tests.compute.waiting import wait_until

# 16,000 digits are enough for more than 95 % within a few epochs.
LINK = "/train?count=20000&epochs=5&rate=0.003"
LABELS = {"optimiser": "Optimiser", "batch": "Batch: pictures a step", "split": "Kept for validation"}
PATIENCE = 240_000  # ms: TensorFlow wakes, digits are drawn, a busy machine trains


def board(page):
    return page.locator(".stage.live")


def train(page, address):
    """Open the page and press the big button."""
    page.goto(address)
    page.get_by_role("button", name="Train", exact=True).click(timeout=PATIENCE)


def reached(page, state):
    expect(board(page)).to_have_attribute("data-state", state, timeout=PATIENCE)


def number(page, expression):
    """A number of what the board shows; `shown` is what it read of Python's last message."""
    return page.get_by_role("application", name="Training board").last.evaluate(
        f"canvas => {{ const {{ shown, data }} = canvas.stage ?? {{}}; return {expression}; }}"
    )


def wait_for(page, condition):
    """Until that is true of the board that is there: while a page loads, another one may take its place."""
    expect(page.get_by_role("application", name="Training board").last).to_be_visible(timeout=PATIENCE)
    wait_until(lambda: number(page, f"Boolean(shown && {condition})"), PATIENCE / 1000)


def pixels(page, canvas):
    return page.locator(canvas).first.evaluate("canvas => canvas.toDataURL()")


def test_a_network_learns_digits_before_ones_eyes(page, server):
    """Train, see curves and filters move, pause, change the learning rate, resume, reload: the same run, over 95 %."""
    train(page, server + LINK)
    wait_for(page, "shown.curves.loss.fine.length > 3 && shown.snapshot")
    curves, filters = pixels(page, ".live-charts > canvas"), pixels(page, ".live-panel > canvas")
    points = number(page, "shown.curves.loss.fine.length")
    wait_for(page, f"shown.curves.loss.fine.length > {points + 3}")
    assert pixels(page, ".live-charts > canvas") != curves
    assert pixels(page, ".live-panel > canvas") != filters

    page.get_by_role("button", name="Pause").click()
    reached(page, "paused")
    still = board(page).locator(".live-state").inner_text()
    page.get_by_label("Learning rate").and_(page.locator("select")).select_option("0.001")
    wait_for(page, "data.rate === 0.001")
    assert board(page).locator(".live-state").inner_text() == still
    expect(page.get_by_role("button", name="Resume")).to_be_focused()  # it came where the pressed one went
    one = page.get_by_role("button", name="One batch")
    for again in (one.click, lambda: page.keyboard.press("Space")):  # waiting for its answer it keeps the focus
        done = number(page, "shown.curves.done")
        again()
        wait_for(page, f"shown.curves.done > {done}")
    page.get_by_role("button", name="Resume").click()
    reached(page, "training")

    run = query(page)["run"]
    page.reload()
    wait_for(page, f"shown.curves.loss.fine.length > {points}")
    assert query(page)["run"] == run
    wait_for(page, "data.state === 'done'")
    assert number(page, "Math.max(...shown.curves.accuracy.validation)") > 0.95
    assert number(page, "shown.curves.loss.fine[0][1]") > 2 * number(page, "shown.curves.loss.fine.at(-1)[1]")
    assert number(page, "data.rate") == 0.001


def test_wrong_pictures_and_filters_of_a_trained_network_can_be_looked_at(page, server):
    """Click a cell of the confusion matrix and see its pictures; silence a filter and see the accuracy move."""
    train(page, f"{server}/train?count=500&epochs=1")
    wait_for(page, "data.state === 'done'")
    page.get_by_role("tab", name="Confusion matrix").click()
    cell = page.get_by_role("button", name=re.compile(r"^[1-9]\d* × \d taken for \d$")).first
    count, *taken = re.findall(r"\d+", cell.get_attribute("aria-label"))
    cell.click()
    expect(page.get_by_role("tabpanel", name="Confusion matrix").locator("figure")).to_have_count(
        min(int(count), 12), timeout=PATIENCE
    )
    page.get_by_role("button", name=re.compile("^Follow this picture")).first.click()
    expect(page.get_by_role("tabpanel", name="Filters and maps")).to_be_visible()
    wait_for(page, f"shown.snapshot.picture.place === null && shown.snapshot.truth === '{taken[0]}'")
    page.wait_for_function("location.search.includes('cell=')")
    page.locator(".live-panel > canvas").first.click(position={"x": 20, "y": 20})
    expect(page.locator(".surgery-words")).to_contain_text("Filter 1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".surgery-words")).to_contain_text("Filter 2")
    page.get_by_role("button", name="Silence it").click()
    expect(page.locator(".surgery-words")).to_contain_text("silenced", timeout=PATIENCE)
    expect(page.locator(".surgery-words")).to_contain_text("points")
    dark = "shown.snapshot.layers[0].levels.every((level, at) => at % shown.snapshot.layers[0].count !== 1 || !level)"
    wait_for(page, dark)  # what the picture becomes without that filter
    before = number(page, "shown.snapshot.picture.stamp")
    page.get_by_role("button", name="Follow another picture").click()
    wait_for(page, f"shown.snapshot.picture.stamp !== '{before}' && {dark}")
    page.get_by_role("button", name="Let go").click()
    wait_for(page, f"!({dark})")


def test_steps_that_are_far_too_large_are_said(page, server):
    """The loss is no number any more: why, and what to try."""
    train(page, f"{server}/train?count=2000&epochs=2&net=small_vgg&optimiser=momentum&rate=10.0")
    reached(page, "failed")
    expect(board(page).locator(".live-remark")).to_contain_text("Try a learning rate below 10.")
    expect(page.get_by_role("button", name="Again from the same start")).to_be_enabled()


def test_all_filters_of_a_wide_layer_can_be_turned_to(page, server):
    """Sixteen at a time; the arrow keys go on across the pages."""
    train(page, f"{server}/train?count=500&epochs=1&net=lecture")
    wait_for(page, "data.state === 'done'")
    pages = page.locator(".live-pages")
    expect(pages).to_contain_text("1 to 16 of 32")
    page.get_by_role("button", name="The next filters").click()
    expect(pages).to_contain_text("17 to 32 of 32")
    expect(page.get_by_role("button", name="The next filters")).to_be_disabled()
    page.locator(".live-panel > canvas").first.click(position={"x": 20, "y": 20})
    expect(page.locator(".surgery-words")).to_contain_text("Filter 17")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".surgery-words")).to_contain_text("Filter 16")
    expect(pages).to_contain_text("1 to 16 of 32")


def test_a_panel_with_nothing_to_show_says_so(page, server):
    """While a stored network is being opened: a line, and no empty frames or buttons for what is not there."""
    train(page, f"{server}/train?count=500&epochs=1")
    wait_for(page, "data.state === 'done'")
    panel = page.get_by_role("tabpanel", name="Filters and maps")
    awaited = panel.get_by_text("Filters and maps come once the network is opened.")
    expect(panel.get_by_role("button", name="Follow another picture")).to_be_visible()
    expect(awaited).to_be_hidden()
    number(page, "(canvas.stage.shown.snapshot = null, canvas.stage.draw())")
    expect(awaited).to_be_visible()
    expect(panel.get_by_role("button")).to_have_count(0)


def test_a_folder_of_ones_own_can_be_trained_on(page, server, tmp_path):
    """As it lies on the disk: one folder for each class, chosen whole."""
    for number in range(10):
        for name in ("bags", "shoes"):
            (tmp_path / "things" / f"my {name}").mkdir(parents=True, exist_ok=True)
            Image.fromarray(draw_thing(name, number)).save(tmp_path / "things" / f"my {name}" / f"{number}.png")
    page.goto(f"{server}/train?data=own&net=handbag_shoe&epochs=1&side=32")
    page.get_by_role("radio", name="A folder").click()
    expect(page.get_by_text("A folder of up to 200 MB")).to_be_visible()
    page.locator("input[webkitdirectory]").set_input_files(tmp_path / "things")
    expect(page.get_by_text("20 pictures: my bags 10, my shoes 10.")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click(timeout=PATIENCE)
    wait_for(page, "data.state === 'done' && shown.confusion.classes.join() === 'my bags,my shoes'")


def test_what_stands_in_popovers_is_what_was_set(page, server):
    """Opened late, chosen in, shut, in a tab beside a run, set from outside: never a first option instead."""

    def shown(**values):
        for label, value in values.items():
            expect(page.get_by_role("combobox", name=LABELS[label], exact=True)).to_have_value(value)
        expect(page.get_by_role("radio", name="red–blue")).to_be_checked()

    def more():
        page.get_by_role("button", name="More", exact=True).click()

    def link(**parts):
        page.wait_for_function(
            "parts => parts.every(part => location.search.includes(part))", arg=[f"{n}={v}" for n, v in parts.items()]
        )

    page.goto(f"{server}/train?count=500&epochs=1&batch=32&optimiser=momentum&rate=0.03")
    page.get_by_role("spinbutton", name="Epochs").fill("2")
    page.keyboard.press("Enter")  # a run of the page in which nobody has looked into a popover yet
    link(epochs=2)
    more()
    shown(optimiser="SGD with momentum", batch="32", split="20 %")
    choose(page, LABELS["batch"], "16")
    link(batch=16)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Train", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_role("button", name="New run")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Settings of the next run").click()
    page.get_by_role("tab", name="More").click()
    shown(optimiser="SGD with momentum", batch="16", split="20 %")
    choose(page, LABELS["split"], "40 %")
    link(split=0.4, batch=16)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New run").click()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    more()
    shown(optimiser="SGD with momentum", batch="16", split="40 %")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Set up the best run we know").click()
    link(batch=128, split=0.1, smooth=0.1)
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("27")
    page.get_by_role("spinbutton", name="Epochs").fill("3")
    page.keyboard.press("Enter")
    link(epochs=3, batch=128, split=0.1, smooth=0.1)
    more()
    shown(optimiser="SGD with momentum", batch="128", split="10 %")
