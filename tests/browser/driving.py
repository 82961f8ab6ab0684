"""What a person does on a stage, for the browser tests: open it, point at cells, read the written sum."""

import json
from contextlib import suppress

from playwright.sync_api import Locator, Page, TimeoutError, expect

LOOKS, LOOK = 5, 6_000  # how often a list is opened that does not show its options, and for how many ms


def open_stage(page: Page, address: str, name: str = "Convolution stage") -> Locator:
    """Open a lesson and wait until its stage is painted; returns its canvas."""
    page.goto(address)
    canvas = page.get_by_role("application", name=name)
    expect(canvas).to_be_visible()
    settle(page)
    return canvas


def settle(page: Page) -> None:
    """Wait until Python has heard all that was done on the stage and has answered."""
    # While one stage replaces another both stand on the page for a moment.
    expect(page.locator(".stage")).to_have_count(1)
    expect(page.locator(".stage")).to_have_attribute("data-settled", "true")


def sum_line(page: Page) -> Locator:
    """The line with the written sum."""
    return page.get_by_role("status").first


def stage_value(canvas: Locator, expression: str):
    """The value of a JavaScript expression about `stage`, as JSON."""
    return json.loads(
        canvas.evaluate(f"canvas => {{ const stage = canvas.stage; return JSON.stringify({expression}); }}")
    )


def point_of(canvas: Locator, view: str, row: int, column: int) -> tuple[float, float]:
    """Where the middle of a cell stands in the window; view: an expression such as stage.painter.pictureView."""
    at = stage_value(canvas, view)
    box = canvas.bounding_box()
    x = box["x"] + at["x"] + (column - at["left"] + 0.5) * at["cell"]
    return x, box["y"] + at["y"] + (row - at["top"] + 0.5) * at["cell"]


PICTURE = "stage.painter.pictureView"


def output(filter_number: int = 0) -> str:
    """The view of a feature map."""
    return f"stage.painter.outputViews[{filter_number}]"


def query(page: Page) -> dict[str, str]:
    """The parameters of the page's link."""
    return page.evaluate("() => Object.fromEntries(new URLSearchParams(location.search))")


def choose(page: Page, label: str, option: str) -> None:
    """Take an option of a select box, by keyboard: a click that first scrolls the page closes the list again.

    So does a rerun of the page that comes late on a busy machine: then it is opened once more, as a person would.
    """
    box, wanted = (
        page.get_by_role("combobox", name=label, exact=True),
        page.get_by_role("option", name=option, exact=True),
    )
    for _ in range(LOOKS):
        box.focus()
        box.press("ArrowDown")
        with suppress(TimeoutError):
            wanted.wait_for(timeout=LOOK)
            break
    wanted.click()
