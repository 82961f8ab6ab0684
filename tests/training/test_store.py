"""Runs on disk: what is written comes back, and a disk that takes nothing is said, not fatal."""

import errno
import os
import shutil
import subprocess

import numpy as np
import pytest

from core.training.store import StorageFull, Store, new_run

CHECKPOINT = {
    "epoch": 3,
    "step": 40,
    "learning_rate": 0.01,
    "seconds": 12.5,
    "accuracy": 0.9,
    "loss": 0.3,
    "model": b"a network" * 100,
    "optimiser": [np.int64(40), np.float32([1.5, 2.5]), np.ones((3, 3, 1, 4), np.float32)],
}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "home")


def test_a_run_comes_back_as_it_was_written(store):
    """Also by another process, which is another Store on the same folder; the newest first."""
    first, second = new_run("a1", "ann", "Ünder & <b>", "{}"), new_run("b2", "bob", "", "{}")
    store.add(first)
    store.add(second)
    store.add_epoch("a1", 1, {"loss": 0.5})
    store.add_epoch("a1", 0, {"loss": 0.75})
    store.add_epoch("a1", 1, {"loss": 0.25})
    other = Store(store.folder)
    assert other.run("a1") == first
    assert [run.id for run in other.runs()] == ["b2", "a1"]
    assert other.epochs("a1") == [{"loss": 0.75}, {"loss": 0.25}]
    assert other.run("c3") is None and other.epochs("c3") == []


def test_unfinished_runs_are_those_that_some_process_left_in_the_middle(store):
    from dataclasses import replace

    for name, state in (("a", "running"), ("b", "finished"), ("c", "queued"), ("d", "lost"), ("e", "failed")):
        store.add(replace(new_run(name, "ann", "", "{}"), state=state))
    assert {run.id for run in store.unfinished()} == {"a", "c"}


def test_a_checkpoint_comes_back_to_the_digit(store):
    """The model, the optimiser's arrays with their types, and where the run was."""
    assert store.checkpoint("a1") is None
    store.keep_checkpoint("a1", "last", CHECKPOINT)
    read = store.checkpoint("a1")
    assert {name: read[name] for name in CHECKPOINT if name != "optimiser"} == {
        name: value for name, value in CHECKPOINT.items() if name != "optimiser"
    }
    for written, found in zip(CHECKPOINT["optimiser"], read["optimiser"], strict=True):
        np.testing.assert_array_equal(written, found)
        assert np.asarray(written).dtype == found.dtype
    store.keep_checkpoint("a1", "best", {**CHECKPOINT, "model": b"better"})
    assert store.model("a1", "best") == b"better" and store.model("a1", "last") == CHECKPOINT["model"]


def test_a_deleted_run_leaves_nothing_behind(store):
    store.add(new_run("a1", "ann", "", "{}"))
    store.add_epoch("a1", 0, {})
    store.keep_checkpoint("a1", "last", CHECKPOINT)
    store.delete("a1")
    assert store.run("a1") is None and store.epochs("a1") == [] and store.model("a1", "last") is None
    assert not list((store.folder / "runs").iterdir())


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "a b"])
def test_a_name_leads_to_no_other_folder(store, name):
    with pytest.raises(ValueError, match="letters and digits"):
        store.model(name)


def test_a_file_in_place_of_the_folder_is_said(tmp_path):
    """Reading gives nothing, writing says where and why; once the folder can be made, all is written."""
    place = tmp_path / "home"
    place.write_text("in the way")
    store = Store(place)
    assert store.runs() == [] and store.unfinished() == []
    for write in (
        lambda: store.add(new_run("a1", "ann", "", "{}")),
        lambda: store.keep_checkpoint("a1", "last", CHECKPOINT),
    ):
        with pytest.raises(StorageFull, match=f"{place}.*The run goes on"):
            write()
    place.unlink()
    store.add(new_run("a1", "ann", "", "{}"))
    assert store.run("a1")


def test_a_folder_that_was_removed_is_made_again(store):
    """Somebody empties ~/.convlab while ConvLab runs: what comes next is kept again, after one message at most."""
    store.add(new_run("a1", "ann", "", "{}"))
    shutil.rmtree(store.folder)
    try:
        store.add(new_run("b2", "ann", "", "{}"))
    except StorageFull:
        store.add(new_run("b2", "ann", "", "{}"))
    assert Store(store.folder).run("b2")


def test_a_disk_that_fills_up_in_the_middle_leaves_the_checkpoint_before(store, monkeypatch):
    """Model and optimiser belong together: neither is replaced unless both are complete."""
    store.keep_checkpoint("a1", "last", CHECKPOINT)

    def full(stream, **arrays):
        stream.write(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(StorageFull, match="No space left on device"):
        store.keep_checkpoint("a1", "last", {**CHECKPOINT, "epoch": 4, "model": b"newer"})
    assert store.checkpoint("a1")["epoch"] == 3 and store.checkpoint("a1")["model"] == CHECKPOINT["model"]
    assert not [file for file in (store.folder / "runs" / "a1").iterdir() if file.name.endswith(".part")]


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 256 kB, where this machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("No file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_real_disk_that_is_full(tiny_disk):
    """Both the table and the files say so, what was written before is still read, and room again is used again."""
    store = Store(tiny_disk / "home")
    store.add(new_run("a1", "ann", "", "{}"))
    store.keep_checkpoint("a1", "last", CHECKPOINT)
    with pytest.raises(StorageFull, match="No space left"):
        store.keep_checkpoint("a1", "best", {**CHECKPOINT, "model": bytes(10**6)})
    filler = tiny_disk / "filler"
    with open(filler, "wb", buffering=0) as stream, pytest.raises(OSError):
        while True:
            stream.write(bytes(4096))
    with pytest.raises(StorageFull, match=str(tiny_disk)):
        for number in range(1000):
            store.add_epoch("a1", number, {"text": "x" * 1000})
    assert store.run("a1") and store.checkpoint("a1")["model"] == CHECKPOINT["model"]
    filler.unlink()
    store.add_epoch("a1", 0, {"loss": 1})
    assert {"loss": 1} in store.epochs("a1")
