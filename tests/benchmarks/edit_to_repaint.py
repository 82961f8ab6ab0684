"""From an edit of a filter cell to the repainted map: the stage against a data editor with two Plotly heat maps.

Run by hand on a quiet machine: `make bench`. Both are measured in one run, in the same Chromium.
"""

import statistics
from pathlib import Path

from playwright.sync_api import Browser

from tests.benchmarks.measuring import HEADER, chromium, row
from tests.browser.driving import open_stage
from tests.browser.serving import served

EDITS = 40
WIDGET_EDITS = 15

# Writes a number into the filter's middle cell; answers how long until the canvas is painted, and until the next frame.
EDIT = """async (field, value) => {
    const before = performance.now();
    field.value = value;
    field.dispatchEvent(new Event("input"));
    const painted = performance.now() - before;
    await new Promise(requestAnimationFrame);
    return [painted, performance.now() - before];
}"""

# Watches for the moment when Plotly has put a new picture of the feature map on the page after Enter was pressed.
WATCH = """() => {
    window.edited = null;
    const began = (event) => { if (event.key === "Enter") window.started = performance.now(); };
    document.addEventListener("keydown", began, true);
    // A changed figure is a new chart; its map is there when an <image> with other contents is.
    const source = (image) => image.getAttribute("href") ?? image.getAttribute("xlink:href");
    const pictures = () => [...document.querySelectorAll(".js-plotly-plot image")].map(source);
    let shown = pictures().at(-1);
    new MutationObserver(() => {
        const now = pictures().at(-1);
        if (!now || now === shown) return;
        shown = now;
        window.edited = performance.now() - window.started;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def stage_times(browser: Browser) -> tuple[list[float], list[float]]:
    with served() as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        open_stage(page, f"{address}/filters")
        field = page.get_by_role("textbox", name="Filter 1, row 2, column 2").element_handle()
        times = [
            page.evaluate("([field, value]) => (" + EDIT + ")(field, value)", [field, f"{n / 10}"])
            for n in range(EDITS)
        ]
        page.close()
    return [painted for painted, _ in times], [frame for _, frame in times]


def widget_times(browser: Browser) -> list[float]:
    with served(Path(__file__).parent / "widget_app.py") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.goto(address)
        page.locator(".js-plotly-plot").nth(1).locator("image").wait_for()
        table = page.get_by_test_id("stDataFrame")
        box = table.bounding_box()
        page.evaluate(WATCH)
        times = []
        for n in range(WIDGET_EDITS):
            page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 35 * 2.5)
            page.keyboard.press("Enter")
            page.locator("#portal input").fill(f"{n + 2}")
            page.evaluate("() => { window.edited = null; }")
            page.keyboard.press("Enter")
            page.wait_for_function("() => window.edited !== null")
            times.append(page.evaluate("() => window.edited"))
        page.close()
    return times


def main() -> None:
    with chromium() as browser:
        painted, frame = stage_times(browser)
        widgets = widget_times(browser)
    print(HEADER)
    print(row("stage: edit → canvas painted", painted))
    print(row("stage: edit → next frame", frame))
    print(row("st.data_editor + two st.plotly_chart: edit → heat map redrawn", widgets))
    print(
        f"\nThe stage is {statistics.median(widgets) / statistics.median(frame):.0f} times as fast to the next frame."
    )


if __name__ == "__main__":
    main()
