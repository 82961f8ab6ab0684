"""Starts ConvLab as a visitor meets it: a process of its own, ended with the test."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds for a cold start on a busy machine


@contextmanager
def served(script: Path = HOUSE / "app.py", **environment: str) -> Iterator[str]:
    """The address of a server that runs `script`, with these additions to the environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address=127.0.0.1"]
    command += [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as complaints:  # a pipe that nobody empties would stop a server with much to say
        process = subprocess.Popen(
            command, cwd=HOUSE, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=complaints
        )
        try:
            _wait_for(f"{address}/_stcore/health", process, complaints)
            yield address
        finally:
            _end(process)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen, complaints: BinaryIO) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            complaints.seek(0)
            raise RuntimeError(f"The server ended at its start: {complaints.read().decode()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            process.poll() or time.sleep(0.05)
    raise TimeoutError(f"No answer from {url} in {PATIENCE:.0f} s")
