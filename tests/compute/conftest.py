"""A real engine for the tests of this folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.compute.engine import Engine
from tests.compute.waiting import wait_until

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def engine():
    """An embedded cluster."""
    made = Engine()
    yield made
    made.close()


@pytest.fixture
def start_cluster(tmp_path):
    """Starts a scheduler on loopback and a worker for each list of options; gives the scheduler's address.

    `start_cluster.processes` are those that were started, the scheduler first.
    """
    started = []

    def run(*arguments):
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        output = subprocess.DEVNULL
        environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
        started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=output, stderr=output))

    def start(workers, *shared, port=0):
        file = tmp_path / "scheduler.json"
        file.unlink(missing_ok=True)
        shared = ["--no-dashboard", "--scheduler-file", str(file), *shared]
        run("scheduler", "--host", "127.0.0.1", "--port", str(port), *shared)
        address = wait_until(lambda: file.exists() and json.loads(file.read_text() or "{}").get("address"))
        for options in workers:
            run("worker", "--nthreads", "1", *options, *shared)
        return address

    start.processes = started
    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)
