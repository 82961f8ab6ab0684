"""How fast a live run trains against plain `model.fit`, epoch by epoch in turns: `make bench-training`, by hand.

The live run goes through the desk and the engine, with points, snapshots and a poller as the page has; with `--page`
through ConvLab's server and a real Train page in Chromium. The plain fit has the same arrays and the same priority,
Keras's accuracy metric, batches of 64, and no ConvLab. Only one of them trains at a time.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.compute.cluster import NICE
from core.compute.devices import processor
from core.compute.engine import Engine
from core.nets.presets import PRESETS
from core.training.desk import RunDesk
from core.training.pictures import validation_count
from core.training.spec import RunSpec
from core.training.store import Store
from tests.benchmarks.measuring import chromium
from tests.browser.serving import HOUSE, served
from tests.compute.waiting import wait_until

MOST_EPOCHS = 100
PATIENCE = 900.0  # s for an epoch on a busy machine
LOOK_SECONDS = 0.25  # between two looks of the page
WAYS = {"as it comes": "auto", "without XLA": ""}  # of compiling the plain fit: jit_compile

Epoch = Callable[[], tuple[float, float]]  # trains one; seconds of the training alone, and with validation and keeping


@contextmanager
def live_run(spec: RunSpec) -> Iterator[Epoch]:
    """A run at a desk of this process, with a thread that looks at it as a page does."""
    engine, over = Engine(), threading.Event()
    with tempfile.TemporaryDirectory() as home:
        desk = RunDesk(engine, Store(Path(home)))
        name = desk.start(spec, "benchmark", "benchmark")

        def look():
            while not over.wait(LOOK_SECONDS):
                desk.view(name)

        threading.Thread(target=look, daemon=True).start()
        wait_until(lambda: desk.view(name).state != "queued", PATIENCE)
        desk.command(name, "pause")
        state = wait_until(lambda: (now := desk.view(name).state) not in ("preparing", "running") and now, PATIENCE)
        if state != "paused":
            raise RuntimeError(f"The run is {state}: {desk.view(name).message}")

        def epoch() -> tuple[float, float]:
            before = desk.view(name)
            desk.command(name, "step_epoch")
            wait_until(lambda: len(desk.view(name).epochs) > len(before.epochs), PATIENCE)
            wait_until(lambda: desk.view(name).state == "paused", PATIENCE)
            after = desk.view(name)
            return after.seconds - before.seconds, after.epochs[-1].seconds

        try:
            yield epoch
        finally:
            over.set()
            desk.command(name, "stop")
            desk.close()
            engine.close()


@contextmanager
def page_run(spec: RunSpec, net: str) -> Iterator[Epoch]:
    """The same run on the Train page of a server of its own, open in Chromium."""
    with tempfile.TemporaryDirectory() as home, served(CONVLAB_HOME=home) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(
            f"{address}/train?data={spec.data}&net={net}&count={spec.picture_count}&epochs={spec.epochs}",
            wait_until="commit",
        )
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Resume").wait_for()
        store = Store(Path(home))
        (run,) = store.runs()

        def epoch() -> tuple[float, float]:
            seconds, count = store.run(run.id).facts["seconds"], len(store.epochs(run.id))
            page.get_by_role("button", name="One epoch").click()
            wait_until(lambda: len(store.epochs(run.id)) > count, PATIENCE)
            page.get_by_role("button", name="Resume").wait_for()
            return store.run(run.id).facts["seconds"] - seconds, store.epochs(run.id)[-1]["seconds"]

        yield epoch


class Plain:
    """model.fit in a process of its own, with the niceness of the worker that trains; one epoch for each question."""

    def __init__(self, spec: RunSpec, jit: str):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.live_training", "--plain", spec.to_json(), "--jit", jit],
            cwd=HOUSE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def epoch(self) -> float:
        """Seconds."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(60)


def fit_plainly(spec: RunSpec, jit: str) -> None:
    """What `Plain` runs."""
    os.nice(NICE["TRAIN"])
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from core.nets.keras_model import keras_model
    from core.training.pictures import pictures_of, prepared

    pictures, model = pictures_of(spec), keras_model(spec.network, spec.seed)
    x, y = prepared(pictures.x_train, spec.network), pictures.y_train
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=jit or False)
    for _ in sys.stdin:
        began = time.monotonic()
        model.fit(x, y, batch_size=spec.batch_size, verbose=0)
        print(time.monotonic() - began, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--net", default="lecture", choices=PRESETS)
    parser.add_argument("--pictures", type=int, default=20_000, help="before the split")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", action="store_true", help="with the Train page open in Chromium")
    parser.add_argument("--plain", help=argparse.SUPPRESS)
    parser.add_argument("--jit", default="auto", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.plain:
        fit_plainly(RunSpec.from_json(chosen.plain), chosen.jit)
        return
    network = PRESETS[chosen.net].network
    spec = RunSpec(network, data=chosen.data, picture_count=chosen.pictures, epochs=MOST_EPOCHS)
    trained = chosen.pictures - validation_count(chosen.pictures, spec.validation_split)
    plain = {way: Plain(spec, jit) for way, jit in WAYS.items()}
    times: dict[str, list[float]] = {f"plain fit, {way}": [] for way in WAYS}
    times |= {"live run": [], "live run with validation and keeping": []}
    with page_run(spec, chosen.net) if chosen.page else live_run(spec) as epoch:
        for turn in range(chosen.rounds + 1):
            seconds = {f"plain fit, {way}": fit.epoch() for way, fit in plain.items()}
            seconds["live run"], seconds["live run with validation and keeping"] = epoch()
            if turn:  # the first round compiles
                for name, took in seconds.items():
                    times[name].append(took)
    for fit in plain.values():
        fit.close()
    print(f"{processor()}; {chosen.net} on {trained:,} pictures of {chosen.data}; {chosen.rounds} rounds in turns")
    print("| what | pictures/s, median | slowest | fastest |\n|---|---|---|---|")
    for name, measured in times.items():
        rates = [trained / took for took in measured]
        print(f"| {name} | {statistics.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} |")
    for way in WAYS:
        ratios = [fitted / live for fitted, live in zip(times[f"plain fit, {way}"], times["live run"])]
        print(f"live run / plain fit {way}: {statistics.median(ratios):.2f}× (median of the rounds' ratios)")


if __name__ == "__main__":
    main()
