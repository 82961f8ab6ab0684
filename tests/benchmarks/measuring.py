"""What the benchmarks share: a browser, and a table at the end."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from scripts.get_chromium import find


@contextmanager
def chromium() -> Iterator[Browser]:
    """The same Chromium that the browser tests use."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def row(name: str, times: list[float]) -> str:
    """A line of a table: name, median, fastest and slowest, in ms."""
    return f"| {name} | {statistics.median(times):.1f} | {min(times):.1f} | {max(times):.1f} |"


HEADER = "| what | median, ms | fastest | slowest |\n|---|---|---|---|"
