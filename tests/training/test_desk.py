"""The desk with a real engine: runs in a worker process, and everything that can go wrong with one."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from core.compute.engine import Engine
from core.training.desk import RunDesk
from core.training.store import Store
from tests.compute.waiting import wait_until
from tests.training.making import BATCHES, small

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("runs") / "home"


@pytest.fixture(scope="module")
def desk(engine, home):
    engine.warm("train")
    engine.warm("serve")
    made = RunDesk(engine, Store(home))
    yield made
    made.close()


@pytest.fixture(scope="module")
def finished(desk):
    """The name of a run that was trained to its end."""
    name = desk.start(small(epochs=4, learning_rate=0.02), "ann", "A <small> run")
    reaches(desk, name, "finished")
    wait_until(lambda: desk._store.run(name).state == "finished")
    return name


def reaches(desk, name, *states):
    """The view of a run, once it is in one of these states."""
    return wait_until(lambda: (view := desk.view(name)).state in states and view)


def held(desk, visitor="ann", **changes):
    """A run that has done one epoch of four and waits, in the middle."""
    name = desk.start(small(epochs=4, **changes), visitor, "held")
    wait_until(lambda: desk.view(name).state in ("preparing", "running"))
    desk.command(name, "pause")
    reaches(desk, name, "paused")
    while not desk.view(name).epochs:
        desk.command(name, "step_epoch")
        wait_until(lambda: desk.view(name).epochs)
    return name


def pid_of(engine, role):
    (address,) = engine.workers(role)
    return engine._client.run(os.getpid, workers=[address])[address]


def test_a_run_is_trained_in_a_worker_to_its_end(desk, finished):
    """Its view has all that a page shows; it learns."""
    view = desk.view(finished)
    assert [epoch.epoch for epoch in view.epochs] == [0, 1, 2, 3]
    assert view.epochs[-1].validation_loss < view.epochs[0].validation_loss
    assert view.points[-1][0] == view.step == 4 * BATCHES
    assert (view.training_count, view.validation_count, view.test_count) == (320, 80, 2000)
    assert view.classes == tuple("0123456789") and view.picture_shape == (28, 28, 1)
    assert view.confusion.sum() == 80 and view.batches == BATCHES and view.seconds > 0
    assert "core" in view.device or "GPU" in view.device
    assert view.snapshot.kernels.shape == (3, 3, 1, 4) and view.snapshot.maps
    assert not view.message and not view.storage_message and not view.is_active


def test_another_process_reads_the_run_as_it_was(desk, engine, home, finished):
    """A fresh desk on the same folder: the history to the digit, the model, the export; and the run in its list."""
    later = RunDesk(engine, Store(home))
    try:
        ours, theirs = desk.view(finished), later.view(finished)
        assert theirs.epochs == ours.epochs and theirs.points == ours.points and theirs.spec == ours.spec
        assert (theirs.state, theirs.title, theirs.device) == ("finished", "A <small> run", ours.device)
        np.testing.assert_array_equal(theirs.confusion, ours.confusion)
        assert later.model_file(finished, "best") == desk.model_file(finished, "best")
        assert later.model_file(finished, "best").startswith(b"PK")
        assert finished in [run.id for run in later.runs()]
        lines = later.history_csv(finished).splitlines()
        assert len(lines) == 5 and lines[1].startswith("1,")
    finally:
        later.close()


def test_the_test_set_is_asked_once(desk, finished):
    """In the background; the view says when it is there, and asking again changes nothing."""
    assert desk.view(finished).test is None
    desk.evaluate(finished)
    view = wait_until(lambda: (view := desk.view(finished)).test and not view.testing and view)
    assert np.sum(view.test["confusion"]) == view.test["pictures"] == 2000
    desk.evaluate(finished)
    assert not desk.view(finished).testing and desk.view(finished).test == view.test
    assert [run.test_accuracy for run in desk.runs() if run.id == finished] == [view.test["accuracy"]]
    assert json.loads(json.dumps(view.test)) == desk._store.run(finished).test


def test_an_ended_run_shows_its_mistakes_and_takes_other_filters(desk, finished):
    """Pictures of a confusion cell; its inside; a silenced filter; the learnt filters; a filter that does not fit."""
    found = desk.wrong(finished, 3, 3)
    assert found and all(picture.shape == (28, 28, 1) for _, picture in found)
    assert desk.kernels(finished).shape == (3, 3, 1, 4)
    assert desk.look(finished, 3).watched == 3
    tried = desk.try_filter(finished, 0, None, 3)
    assert 0 <= tried.accuracy <= 1 and tried.before == pytest.approx(desk.view(finished).best_accuracy)
    assert tried.snapshot.watched == 3 and not tried.snapshot.kernels[..., 0].any()
    with pytest.raises(ValueError, match="has 4 filters"):
        desk.try_filter(finished, 7, None)


def test_a_run_obeys_while_it_trains(desk):
    """Pause, one batch, another learning rate, another picture, stop: each is seen in the view."""
    name = held(desk)
    step = desk.view(name).step
    desk.command(name, "step_batch")
    wait_until(lambda: desk.view(name).step == step + 1)
    desk.set_learning_rate(name, 0.5)
    wait_until(lambda: desk.view(name).learning_rate == 0.5)
    assert desk.view(name).rates[-1] == (step + 1, 0.5)
    desk.watch(name, 7)
    wait_until(lambda: desk.view(name).snapshot.watched == 7)
    with pytest.raises(ValueError, match="more than 0"):
        desk.set_learning_rate(name, -1)
    with pytest.raises(ValueError, match="once the run has ended"):
        desk.evaluate(name)
    desk.command(name, "stop")
    view = reaches(desk, name, "stopped")
    assert view.epochs[-1].share < 1 and "best epoch is kept" in view.message


def test_two_people_share_the_worker(desk):
    """The second waits and is told how many are ahead; it trains while the first is paused, which then goes on."""
    first = desk.start(small(epochs=500), "ann", "")
    reaches(desk, first, "running")
    second = desk.start(small(), "bob", "")
    view = desk.view(second)
    assert view.state == "queued" and view.ahead == 1
    desk.command(first, "pause")
    assert reaches(desk, second, "finished").ahead == 0
    step = reaches(desk, first, "paused").step
    desk.command(first, "resume")
    wait_until(lambda: desk.view(first).step > step)
    third = desk.start(small(), "bob", "")
    desk.command(first, "stop")
    reaches(desk, third, "finished")


def test_a_killed_worker_is_told_and_the_run_goes_on(desk, engine):
    """kill -9 in the middle: a clear message, the epochs are there, and resumed it has all epochs of a whole run."""
    name = held(desk, learning_rate=0.02)
    (before,) = desk.view(name).epochs
    os.kill(pid_of(engine, "train"), signal.SIGKILL)
    view = reaches(desk, name, "lost")
    assert "has ended" in view.message and "go on from epoch 2" in view.message
    assert view.epochs == (before,)
    desk.resume_lost(name)
    view = reaches(desk, name, "finished")
    assert [epoch.epoch for epoch in view.epochs] == [0, 1, 2, 3] and view.epochs[0] == before
    assert view.epochs[1].step == 2 * BATCHES
    assert [step for step, *_ in view.points] == sorted({step for step, *_ in view.points})


def test_a_cluster_that_goes_away_is_told_and_the_run_goes_on_when_it_is_back(start_cluster, tmp_path, monkeypatch):
    """Scheduler and worker of another machine are killed in the middle of a run, then started again."""
    monkeypatch.setattr("core.compute.engine.RETRY_SECONDS", 0.2)
    gpu = ["--resources", "GPU=1"]
    address = start_cluster([gpu])
    engine = Engine(address)
    desk = RunDesk(engine, Store(tmp_path / "home"))
    try:
        name = held(desk)
        for process in start_cluster.processes:
            process.kill()
        view = reaches(desk, name, "lost")
        assert "go on from epoch 2" in view.message and len(view.epochs) == 1
        status = wait_until(lambda: (now := engine.status()).state == "lost" and now)
        assert status.message
        desk.resume_lost(name)
        start_cluster([gpu], port=int(address.rpartition(":")[2]))
        assert [epoch.epoch for epoch in reaches(desk, name, "finished").epochs] == [0, 1, 2, 3]
    finally:
        desk.close()
        engine.close()


def test_where_nothing_can_be_written_the_run_is_trained_all_the_same(engine, tmp_path):
    """A file in place of the folder: a message that names it, and model, history and test set from memory."""
    place = tmp_path / "home"
    place.write_text("in the way")
    desk = RunDesk(engine, Store(place))
    try:
        name = desk.start(small(), "ann", "unkept")
        view = reaches(desk, name, "finished")
        assert str(place) in view.storage_message and "not kept" in view.storage_message
        assert len(view.epochs) == 2
        assert desk.model_file(name, "best").startswith(b"PK")
        assert [run.id for run in desk.runs()] == [name]
        desk.evaluate(name)
        wait_until(lambda: desk.view(name).test)
    finally:
        desk.close()


def test_the_web_side_never_imports_keras(engine, tmp_path):
    """A process that plays a run through the desk, as a page would, has neither Keras nor TensorFlow at its end."""
    script = """
        import sys, time
        from core.compute.engine import engine
        from core.training.desk import desk
        from tests.training.making import small

        name = desk().start(small(), "ann", "a run")
        deadline = time.monotonic() + 120
        while desk().view(name).state != "finished" and time.monotonic() < deadline:
            time.sleep(0.05)
        desk().evaluate(name)
        while not desk().view(name).test and time.monotonic() < deadline:
            time.sleep(0.05)
        print(len(desk().view(name).epochs), desk().view(name).snapshot.kernels.shape, bool(desk().view(name).test))
        print(sorted({m.split(".")[0] for m in sys.modules} & {"keras", "tensorflow", "jax", "torch"}))
        engine().close()
    """
    played = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=HOUSE,
        env={
            **os.environ,
            "PYTHONPATH": str(HOUSE),
            "CONVLAB_HOME": str(tmp_path),
            "CONVLAB_SCHEDULER": engine._client.scheduler.address,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert played.stdout.splitlines() == ["2 (3, 3, 1, 4) True", "[]"], played.stderr


def test_a_deleted_run_is_gone(desk, home):
    """Also one that trains: it is stopped first; no files are left."""
    name = held(desk)
    assert (home / "runs" / name / "last.keras").is_file()
    desk.delete(name)
    assert desk.view(name) is None and name not in [run.id for run in desk.runs()]
    assert not (home / "runs" / name).exists()
    with pytest.raises(ValueError, match="There is no such run"):
        desk.model_file(name)


def test_a_scheduler_that_goes_away_is_told_and_the_run_goes_on_with_the_next(desk, engine):
    """The cluster's process is killed: the run says so at once, and can be resumed when there is an engine again."""
    name = held(desk)
    engine._process.kill()
    view = reaches(desk, name, "lost")
    assert "go on from epoch 2" in view.message and len(view.epochs) == 1
    desk.resume_lost(name)
    assert desk.view(name).state in ("queued", "preparing")
    view = reaches(desk, name, "finished")
    assert [epoch.epoch for epoch in view.epochs] == [0, 1, 2, 3]
