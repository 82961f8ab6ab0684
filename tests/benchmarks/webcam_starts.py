"""Starts of the camera in a real Chromium, and what the server keeps of visitors whose tabs were killed.

    python -m tests.benchmarks.webcam_starts

Each visitor opens the page, starts the camera, waits for a verdict and is killed: the renderer crashes, nobody says
goodbye. After each round, and one more visitor, for Streamlit lets go of lost sessions when the next one comes, the
server's threads and memory are compared with those after the first visitor. What a second round adds is a leak; what
only the first one adds is what the process keeps for later.
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

ROUNDS, CYCLES = 2, 20
SETTLE_SECONDS = 135.0  # a lost peer is noticed after 30, a lost session after 120


def main() -> None:
    with TemporaryDirectory() as folder, served() as address, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", *arguments(drawn_film(Path(folder)))]
        browser = playwright.chromium.launch(executable_path=find(), args=options)
        process = server_process(address)
        killed(started(browser, address)[0])  # warms the engine
        found, times, failed = {"after the first visitor": settled(browser, address, process)}, [], 0
        for turn in range(ROUNDS):
            for number in range(CYCLES):
                try:
                    page, took = started(browser, address)
                except (Error, AssertionError) as error:
                    failed += 1
                    print(f"start {number + 1} failed: {str(error).splitlines()[0]}", flush=True)
                    continue
                times.append(took)
                killed(page)
            done = (turn + 1) * CYCLES
            found[f"right after {done} killed tabs"] = of(process)
            found[f"once these {done} were noticed"] = settled(browser, address, process)
        browser.close()
    print(HEADER)
    print(row("from “Start the camera” to a verdict with its heat map", times))
    print(f"\n{ROUNDS * CYCLES - failed} of {ROUNDS * CYCLES} starts; median {statistics.median(times) / 1000:.1f} s\n")
    print("| server | threads | memory, MB |\n|---|---|---|")
    for when, (threads, memory) in found.items():
        print(f"| {when} | {threads} | {memory} |")


def settled(browser, address: str, process: Path) -> tuple[int, int]:
    """Threads and memory when everything lost was noticed and one more visitor has come and gone."""
    time.sleep(SETTLE_SECONDS)
    page = browser.new_context().new_page()
    page.goto(address)
    page.locator("h1").first.wait_for()
    page.context.close()
    time.sleep(5)
    return of(process)


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


def of(process: Path) -> tuple[int, int]:
    """Threads, and resident memory in MB, of the server alone."""
    status = (process / "status").read_text()
    threads, kilobytes = (int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1]) for name in ("Threads", "VmRSS"))
    return threads, round(kilobytes / 1024)


if __name__ == "__main__":
    main()
