"""Visitors' files: each server has its folder, and what a killed one left is deleted by the next."""

import os
import subprocess
import sys

import pytest

from core.ui import visitor_folders


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path))
    visitor_folders.sweep.cache_clear()
    yield tmp_path
    visitor_folders.sweep.cache_clear()


def test_what_a_server_left_that_no_longer_runs_is_deleted(home):
    """Also what an earlier one with the same number left, and what has no number; a living one keeps its own."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (ended.pid, os.getpid(), os.getppid(), "tmpabc"):
        (home / "visitors" / str(name) / "model").mkdir(parents=True)
    visitor_folders.sweep()
    assert [left.name for left in (home / "visitors").iterdir()] == [str(os.getppid())]


def test_it_is_done_once(home):
    """What this server keeps afterwards stays, however often a page is opened."""
    visitor_folders.sweep()
    assert list(home.iterdir()) == []
    kept = visitor_folders.of_this_server()
    visitor_folders.sweep()
    assert kept.is_dir() and kept.parent == home / "visitors"
