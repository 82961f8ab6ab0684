"""Whether the pages stay quick while a training uses all cores: `python -m tests.benchmarks.busy_machine`, by hand.

A run waits and trains in turns. In each turn a filter's cell is edited on the stage (edit → repainted), and an
activation is chosen with Streamlit's own control (click → a rerun in Python → the other map on screen).
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import ElementHandle, Page

from core.compute.engine import Engine
from core.nets.presets import PRESETS
from core.training.desk import RunDesk
from core.training.spec import RunSpec
from core.training.store import Store
from tests.benchmarks.edit_to_repaint import EDIT
from tests.benchmarks.measuring import HEADER, chromium, row
from tests.browser.driving import open_stage, settle
from tests.browser.serving import served
from tests.compute.waiting import wait_until

ROUNDS = 4  # of idle and busy in turns
EDITS = 15  # of a cell in each turn
CHOICES = ("none", "ReLU") * 3  # of an activation in each turn
PATIENCE = 600.0  # s

# Clicks a radio button; answers how long until the stage has another activation and has drawn it.
CHOOSE = """async ([radio, canvas]) => {
    const activation = () => canvas.stage.settings.activation;
    const before = activation(), began = performance.now();
    radio.click();
    while (activation() === before) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""


def edits(page: Page) -> list[float]:
    """ms from an edit of the filter's middle cell to the painted canvas."""
    field = page.get_by_role("textbox", name="Filter 1, row 2, column 2").element_handle()
    times = []
    for n in range(EDITS):
        painted, _ = page.evaluate("([field, value]) => (" + EDIT + ")(field, value)", [field, f"{n / 10}"])
        times.append(painted)
    settle(page)
    return times


def reruns(page: Page, canvas: ElementHandle) -> list[float]:
    """ms from a click on an activation to its map."""
    times = []
    for name in CHOICES:
        radio = page.get_by_role("radio", name=name, exact=True).element_handle()
        times.append(page.evaluate(CHOOSE, [radio, canvas]))
        settle(page)
    return times


def main() -> None:
    times: dict[str, dict[str, list[float]]] = {state: {"edit": [], "rerun": []} for state in ("idle", "busy")}
    engine = Engine()
    with tempfile.TemporaryDirectory() as home, served() as address, chromium() as browser:
        desk = RunDesk(engine, Store(Path(home)))
        name = desk.start(RunSpec(PRESETS["lecture"].network, epochs=500), "benchmark", "benchmark")
        wait_until(lambda: desk.view(name).epochs, PATIENCE)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE * 1000)
        canvas = open_stage(page, f"{address}/filters").element_handle()
        reruns(page, canvas)  # the first ones warm the server
        rates = []
        for _ in range(ROUNDS):
            desk.command(name, "pause")
            wait_until(lambda: desk.view(name).state == "paused", PATIENCE)
            times["idle"]["edit"] += edits(page)
            times["idle"]["rerun"] += reruns(page, canvas)
            desk.command(name, "resume")
            step = desk.view(name).step
            wait_until(lambda step=step: desk.view(name).step > step, PATIENCE)
            times["busy"]["edit"] += edits(page)
            times["busy"]["rerun"] += reruns(page, canvas)
            rates.append(desk.view(name).pictures_per_second)
        desk.command(name, "stop")
        desk.close()
    engine.close()
    print(HEADER)
    for state, measured in times.items():
        print(row(f"{state}: edit of a cell → repainted", measured["edit"]))
        print(row(f"{state}: click on an activation → its map", measured["rerun"]))
    print(f"\nThe run trained {statistics.median(rates):,.0f} pictures/s meanwhile.")
    for what in ("edit", "rerun"):
        ratio = statistics.median(times["busy"][what]) / statistics.median(times["idle"][what])
        print(f"{what}: busy / idle = {ratio:.2f}")


if __name__ == "__main__":
    main()
