"""The desk's own part, on workers that only play: the queue, limits, deleted and lost runs, what is kept of epochs."""

import threading
from concurrent.futures import CancelledError

import numpy as np
import pytest

from core.compute.engine import WorkerLost
from core.images.training_sets import TRAINING_SETS
from core.training.desk import MOST_UNFINISHED, RunDesk
from core.training.run_queue import MOST_IN_WORKER
from core.training.store import Store, new_run
from tests.compute.waiting import wait_until
from tests.training.making import small
from tests.training.played import PlayedEngine, trained


def test_a_visitor_has_a_limit_and_the_others_are_not_held_up(desk, work):
    """One run too many is refused with a reason; who else comes is next after the run that trains."""
    first, played = trained(desk, work)
    more = [desk.start(small(), "ann", "") for _ in range(MOST_UNFINISHED - 1)]
    with pytest.raises(ValueError, match=f"At most {MOST_UNFINISHED} runs"):
        desk.start(small(), "ann", "")
    other = desk.start(small(), "bob", "")
    assert desk.view(first).ahead == 0
    assert desk.view(other).ahead == 1
    assert [desk.view(name).ahead for name in more] == [2, 3, 4]
    desk.command(more[0], "stop")
    assert desk.view(more[0]).state == "stopped" and "before it began" in desk.view(more[0]).message
    played.end()
    wait_until(lambda: len(work.runs) == 2 and work.runs[1].started)
    assert desk.view(other).state == "preparing" and desk.view(more[1]).ahead == 1


def test_a_paused_run_keeps_nobody_waiting(desk, work):
    """The next one begins beside it, up to as many as a worker's memory is for; then they wait again."""
    names = []
    for number in range(MOST_IN_WORKER):
        names.append(desk.start(small(), f"visitor {number}", ""))
        wait_until(lambda: len(work.runs) == len(names) and work.runs[-1].started)
        work.runs[-1].events.append({"kind": "state", "state": "paused"})
        wait_until(lambda: desk.view(names[-1]).state == "paused")
    waiting = desk.start(small(), "one more", "")
    assert desk.view(waiting).ahead == MOST_IN_WORKER
    work.runs[0].end()
    wait_until(lambda: len(work.runs) == MOST_IN_WORKER + 1 and work.runs[-1].started)
    assert work.runs[1].released is False


def test_after_the_end_the_matrix_is_that_of_the_network_that_is_kept(desk, work, tmp_path):
    """While it trains, of the last epoch; afterwards, and read from the disk, of the best."""
    name, played = trained(desk, work, epochs=2)
    played.epoch(0, 0.9)
    played.epoch(1, 0.6)
    wait_until(lambda: len(desk.view(name).epochs) == 2)
    np.testing.assert_array_equal(desk.view(name).confusion, 2 * np.eye(10))
    played.end()
    wait_until(lambda: desk._store.run(name).state == "finished")
    later = RunDesk(work, Store(tmp_path / "home"))
    try:
        for known in (desk, later):
            np.testing.assert_array_equal(known.view(name).confusion, np.eye(10))
    finally:
        later.close()


@pytest.mark.parametrize("ending", ["stop", "delete"])
def test_a_run_that_is_given_up_while_its_worker_makes_ready_never_trains(desk, work, ending):
    """And the worker is free for the next one."""
    work.gate.clear()
    name = desk.start(small(), "ann", "")
    wait_until(lambda: desk.view(name).state == "preparing")
    desk.command(name, "stop") if ending == "stop" else desk.delete(name)
    work.gate.set()
    _, played = trained(desk, work)
    assert len(work.runs) == 2 and not work.runs[0].started and work.runs[0].released
    view = desk.view(name)
    assert view is None if ending == "delete" else view.state == "stopped"


def test_commands_that_come_while_a_worker_makes_ready_are_not_lost(desk, work):
    """They reach the run before it begins, in their order."""
    work.gate.clear()
    name = desk.start(small(), "ann", "")
    wait_until(lambda: desk.view(name).state == "preparing")
    desk.command(name, "pause")
    desk.set_learning_rate(name, 0.5)
    work.gate.set()
    wait_until(lambda: work.runs and work.runs[0].started)
    assert work.runs[0].commands == [("pause", None), ("learning_rate", 0.5)]


def test_commands_to_a_run_that_waits_or_has_ended_say_so(desk, work):
    name, played = trained(desk, work)
    waiting = desk.start(small(), "ann", "")
    with pytest.raises(ValueError, match="has not begun"):
        desk.command(waiting, "pause")
    played.end()
    wait_until(lambda: desk.view(name).state == "finished")
    wait_until(lambda: played.released)
    with pytest.raises(ValueError, match="has ended"):
        desk.command(name, "pause")
    with pytest.raises(ValueError, match="There is no such run"):
        desk.command("nobody", "pause")
    with pytest.raises(ValueError, match="one of pause"):
        desk.command(name, "explode")


def test_the_best_epoch_is_kept_also_when_several_end_between_two_polls(desk, work):
    """Neither the first nor the last of them was the best."""
    name, played = trained(desk, work)
    with desk._lock:  # the desk asks for nothing meanwhile
        for number, accuracy in enumerate((0.3, 0.8, 0.5)):
            played.epoch(number, accuracy)
        played.end()
    wait_until(lambda: desk.view(name).state == "finished")
    wait_until(lambda: played.released)
    assert desk.model_file(name, "best") == b"model 1"
    assert desk.model_file(name, "last") == b"model 2"
    assert desk.view(name).best_epoch == 1


def test_who_sees_that_a_run_has_ended_may_ask_for_its_model(desk, work):
    """The last epoch's model is here before the view says so, however long it travels."""
    name, played = trained(desk, work)
    arriving, seen = threading.Event(), []
    fetch = played._checkpoint

    def slow(which, known=()):
        seen.append(desk.view(name).state)
        arriving.set()
        return fetch(which, known)

    played._checkpoint = slow
    played.epoch(0, 0.5)
    played.end()
    assert arriving.wait(60)
    wait_until(lambda: desk.view(name).state == "finished")
    assert desk.model_file(name, "best") == b"model 0"
    assert seen == ["preparing", "preparing"]


def test_a_lost_run_goes_on_from_its_last_epoch_and_keeps_its_best(desk, work):
    """What it says, what the next worker gets, and that a worse epoch later does not replace the best model."""
    name, played = trained(desk, work, epochs=4)
    played.epoch(0, 0.4)
    played.epoch(1, 0.9)
    played.epoch(2, 0.6)
    wait_until(lambda: len(desk.view(name).epochs) == 3)
    played.lost = True
    wait_until(lambda: desk.view(name).state == "lost")
    assert "go on from epoch 4" in desk.view(name).message
    desk.close()
    fresh_work = PlayedEngine()
    fresh = RunDesk(fresh_work, Store(desk._store.folder))
    assert fresh.view(name).state == "lost"
    fresh.resume_lost(name)
    with pytest.raises(ValueError, match="Only a run whose worker ended"):
        fresh.resume_lost(name)
    again = wait_until(lambda: fresh_work.runs and fresh_work.runs[0])
    assert again.resumed["epoch"] == 2 and again.resumed["model"] == b"model 2"
    again.kept["best"] = again.resumed
    again.epoch(3, 0.7)
    again.end()
    wait_until(lambda: fresh.view(name).state == "finished")
    wait_until(lambda: again.released)
    assert fresh.model_file(name, "best") == b"model 1" and fresh.model_file(name, "last") == b"model 3"
    assert [epoch.epoch for epoch in fresh.view(name).epochs] == [0, 1, 2, 3]
    fresh.close()


def test_a_run_goes_on_from_memory_where_the_disk_took_nothing_more(desk, work, tmp_path):
    """The disk has epoch 1, memory has epoch 2: nothing is trained twice, and all is written once there is room."""
    name, played = trained(desk, work, epochs=4)
    played.epoch(0, 0.5)
    wait_until(lambda: desk.model_file(name, "last") == b"model 0")
    home = tmp_path / "home"
    home.rename(tmp_path / "away")
    home.write_text("in the way")
    played.epoch(1, 0.6)
    wait_until(lambda: "Nothing can be written" in desk.view(name).storage_message)
    wait_until(lambda: desk.model_file(name, "last") == b"model 1")  # the row of epoch 0 may have found no room first
    played.lost = True
    wait_until(lambda: desk.view(name).state == "lost")
    home.unlink()
    (tmp_path / "away").rename(home)
    desk.resume_lost(name)
    wait_until(lambda: len(work.runs) == 2 and work.runs[1].started)
    assert work.runs[1].resumed["epoch"] == 1
    work.runs[1].epoch(2, 0.7)
    work.runs[1].end()
    wait_until(lambda: work.runs[1].released)
    assert not desk.view(name).storage_message
    assert len(desk._store.epochs(name)) == 3


def test_the_models_of_an_ended_run_are_written_once_there_is_room(desk, work, tmp_path, monkeypatch):
    """The run ended while the disk took nothing; nobody has to do anything but make room."""
    monkeypatch.setattr("core.training.run_keeper.PAUSE", 0.1)
    name, played = trained(desk, work, epochs=1)
    home = tmp_path / "home"
    home.rename(tmp_path / "away")
    home.write_text("in the way")
    played.epoch(0, 0.5)
    played.end()
    wait_until(lambda: desk.view(name).state == "finished" and desk.view(name).storage_message)
    home.unlink()
    (tmp_path / "away").rename(home)
    wait_until(lambda: not desk.view(name).storage_message)
    later = Store(home)
    assert later.model(name, "best") == later.model(name, "last") == b"model 0"
    wait_until(lambda: later.run(name).state == "finished" and len(later.epochs(name)) == 1)


def test_a_run_whose_worker_ended_in_its_first_epoch_begins_anew(desk, work):
    name, played = trained(desk, work)
    played.lost = True
    wait_until(lambda: desk.view(name).state == "lost")
    assert "from epoch 1" in desk.view(name).message
    desk.resume_lost(name)
    wait_until(lambda: len(work.runs) == 2 and work.runs[1].started)
    assert work.runs[1].resumed is None


def test_an_answer_that_nobody_understands_ends_one_run_not_the_desk(desk, work):
    """The desk's thread survives, says so at that run, and trains the next one."""
    name, played = trained(desk, work)
    played.events.append({"kind": "from another version"})
    wait_until(lambda: desk.view(name).state == "lost")
    assert "lost sight" in desk.view(name).message
    other = desk.start(small(), "bob", "")
    wait_until(lambda: len(work.runs) == 2 and work.runs[1].started)
    work.runs[1].end()
    wait_until(lambda: desk.view(other).state == "finished")


def test_a_deleted_run_stays_deleted(desk, work):
    """It is stopped, its worker is free, and nothing that still arrives writes it anew."""
    name, played = trained(desk, work)
    played.epoch(0, 0.5)
    wait_until(lambda: desk.view(name).epochs)
    desk.delete(name)
    assert ("stop", None) in played.commands
    other, _ = trained(desk, work)
    assert desk.view(name) is None
    assert [run.id for run in desk.runs()] == [other]


def test_what_another_version_wrote_hides_nothing(tmp_path):
    """A run whose settings cannot be read is left out; the others are listed."""
    store = Store(tmp_path)
    store.add(new_run("a1", "ann", "readable", small().to_json()))
    store.add(new_run("b2", "ann", "not", '{"network": "of the future"}'))
    desk = RunDesk(PlayedEngine(), store)
    assert [run.id for run in desk.runs()] == ["a1"]
    assert desk.view("a1").state == "lost" and desk.view("b2") is None
    desk.close()


def test_pictures_and_network_are_checked_before_a_run_waits(desk):
    """Unknown data, pictures of another shape, no pictures of one's own."""
    with pytest.raises(ValueError, match=f"one of {', '.join(TRAINING_SETS)}"):
        desk.start(small(data="imagenet"), "ann", "")
    with pytest.raises(ValueError, match="takes pictures of 28×28×1, these are 32×32×3"):
        desk.start(small(data="cifar10"), "ann", "")
    with pytest.raises(ValueError, match="needs them"):
        desk.start(small(data="own"), "ann", "")
    assert desk.runs() == []


def test_a_worker_that_goes_before_it_has_the_run_does_not_lose_it(desk, work, monkeypatch):
    """The run waits for the next worker; what was asked for meanwhile is not forgotten."""
    monkeypatch.setattr("core.training.desk.LAUNCH_PAUSE", 0.01)
    make, gone = work.actor, iter([WorkerLost("gone"), CancelledError()])

    def actor(*arguments, **named):
        if (error := next(gone, None)) is not None:
            raise error
        return make(*arguments, **named)

    monkeypatch.setattr(work, "actor", actor)
    name = desk.start(small(), "ann", "unlucky")
    wait_until(lambda: work.runs and work.runs[-1].started)
    assert desk.view(name).state == "preparing"


def test_a_run_that_no_worker_can_take_is_lost_at_once(desk, work, monkeypatch):
    """An error of the run's own is told, not tried again."""

    def actor(*_, **__):
        raise ValueError("no such network")

    monkeypatch.setattr(work, "actor", actor)
    name = desk.start(small(), "ann", "broken")
    wait_until(lambda: desk.view(name).state == "lost")
    assert "no such network" in desk.view(name).message
