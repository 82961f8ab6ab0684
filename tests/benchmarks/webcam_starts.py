"""Starts of the camera in a real Chromium, and what the server keeps of visitors whose tabs were killed.

    python -m tests.benchmarks.webcam_starts

Each visitor opens the page, starts the camera, waits for a verdict and is killed: the renderer crashes, nobody says
goodbye. At the end the server's threads and memory are compared with those after the first visitor.
"""

import re
import statistics
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Error, Page, sync_playwright

from scripts.get_chromium import find
from tests.benchmarks.measuring import HEADER, row
from tests.browser.fake_camera import arguments, drawn_film
from tests.browser.serving import served
from tests.browser.test_webcam import expect_live, press

CYCLES = 20
SETTLE_SECONDS = 170.0  # a lost peer is noticed after 30, a lost session after 120


def main() -> None:
    with TemporaryDirectory() as folder, served() as address, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", *arguments(drawn_film(Path(folder)))]
        browser = playwright.chromium.launch(executable_path=find(), args=options)
        process = server_process(address)
        killed(started(browser, address)[0])  # warms the engine
        settle(process, 0)
        before = of(process)
        times, failed = [], 0
        for number in range(CYCLES):
            try:
                page, took = started(browser, address)
            except (Error, AssertionError) as error:
                failed += 1
                print(f"start {number + 1} failed: {str(error).splitlines()[0]}", flush=True)
                continue
            times.append(took)
            killed(page)
        at_end = of(process)
        settle(process, before["Threads"])
        after = of(process)
        browser.close()
    print(HEADER)
    print(row("from “Start the camera” to a verdict with its heat map", times))
    print(f"\n{CYCLES - failed} of {CYCLES} starts")
    print("\n| server | after the first visitor | right after the last killed tab | once they were noticed |")
    print("|---|---|---|---|")
    for name, unit in (("Threads", ""), ("VmRSS", " MB")):
        print(f"| {name} | {before[name]}{unit} | {at_end[name]}{unit} | {after[name]}{unit} |")
    print(f"\nmedian start {statistics.median(times) / 1000:.1f} s")


def started(browser, address: str) -> tuple[Page, float]:
    """A visitor with verdicts on the page, and the ms that it took from the press of the button."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/webcam")
    page.locator(".verdict-words").wait_for()
    began = time.perf_counter()
    press(page, "Start the camera")
    expect_live(page)
    return page, (time.perf_counter() - began) * 1000


def killed(page: Page) -> None:
    """The tab crashes, as when its process is killed."""
    with suppress(Error):  # a crashed page answers nothing
        page.goto("chrome://crash", timeout=2000)
    page.context.close()


def server_process(address: str) -> Path:
    """/proc/<number> of the server behind an address."""
    port = address.rpartition(":")[-1].encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"streamlit" in words and b"--server.port=" + port in words:
            return process
    raise SystemExit("This benchmark reads /proc: it runs on Linux.")


def of(process: Path) -> dict[str, int]:
    """Threads, and resident memory in MB, of the server alone."""
    status = (process / "status").read_text()
    threads, kilobytes = (int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1]) for name in ("Threads", "VmRSS"))
    return {"Threads": threads, "VmRSS": round(kilobytes / 1024)}


def settle(process: Path, threads: int) -> None:
    """Wait until the threads are no more than so many, or until everything lost must have been noticed."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline and of(process)["Threads"] > threads:
        time.sleep(1)


if __name__ == "__main__":
    main()
