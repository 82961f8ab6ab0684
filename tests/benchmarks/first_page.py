"""How long until the first page can be used, against an empty Streamlit app. Run by hand: `make bench`.

Usable means for ConvLab that the stage is painted, for the empty app that its one word is there. Both servers are warm;
each visit is a new browser profile with nothing cached; the pages take turns.
"""

import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser

from tests.benchmarks.measuring import HEADER, chromium, row
from tests.browser.serving import served

VISITS = 12


def visit(browser: Browser, address: str, usable: str) -> float:
    """ms from the start of the navigation until the selector is visible, in a fresh profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(usable).wait_for()
    took = (time.perf_counter() - start) * 1000
    context.close()
    return took


def main() -> None:
    with chromium() as browser, served(Path(__file__).parent / "empty_app.py") as empty, served() as convlab:
        pages = {
            "empty Streamlit app": (empty, "text=ready"),
            "ConvLab, home": (convlab, "canvas[data-painted]"),
            "ConvLab, Filters": (f"{convlab}/filters", "canvas[data-painted]"),
        }
        times = {name: [] for name in pages}
        for turn in range(VISITS + 1):
            for name, where in pages.items():
                took = visit(browser, *where)
                if turn:  # the first round warms the servers
                    times[name].append(took)
    print(HEADER)
    for name, measured in times.items():
        print(row(name, measured))
    base = statistics.median(times["empty Streamlit app"])
    for name in list(pages)[1:]:
        print(f"\n{name}: {statistics.median(times[name]) / base:.2f} × the empty app")


if __name__ == "__main__":
    main()
