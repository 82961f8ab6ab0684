"""A cluster elsewhere, as the README says to start it: a scheduler, and workers that claim a GPU."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.compute.engine import Engine
from tests.compute.waiting import wait_until

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler on loopback with two workers that claim a fake GPU and one that claims nothing."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(HOUSE)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)

    file = tmp_path / "scheduler.json"
    quiet = ["--no-dashboard", "--scheduler-file", str(file)]
    start("scheduler", "--host", "127.0.0.1", "--port", "0", *quiet)
    wait_until(file.exists)
    for resources in (["--resources", "GPU=1"], ["--resources", "GPU=1"], []):
        start("worker", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(file), *resources)
    import json

    yield wait_until(lambda: json.loads(file.read_text() or "{}").get("address"))
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)


def test_training_goes_to_the_workers_that_claim_a_gpu(cluster, monkeypatch):
    """CONVLAB_SCHEDULER names the cluster; both GPU workers train, the third worker does not."""
    monkeypatch.setenv("CONVLAB_SCHEDULER", cluster)
    engine = Engine()
    try:
        wait_until(lambda: len(engine.workers("train")) == 2)
        wait_until(lambda: len(engine._client.scheduler_info(n_workers=-1)["workers"]) == 3)
        claims = engine._client.scheduler_info(n_workers=-1)["workers"]
        assert all(claims[address]["resources"] == {"GPU": 1} for address in engine.workers("train"))
        first, second = (
            engine.actor("core.training.view:Curve", role="train", worker=address)
            for address in engine.workers("train")
        )
        assert first.worker != second.worker
        assert engine._process is None, "no cluster of its own beside it"
    finally:
        engine.close()
