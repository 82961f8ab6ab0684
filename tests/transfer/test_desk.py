"""The desk as a page reads it, with a Workshop of this process or one that plays along."""

import gc
import threading
import time

import numpy as np
import pytest

from core.transfer.dealing import deal
from core.transfer.desk import DeskView, TransferDesk
from core.transfer.ways import WayResult, WayRun
from tests.compute.waiting import wait_until
from tests.transfer.making import stripes

PATIENCE = 20.0
JPEGS = {"a": b"1" * 10, "b": b"2" * 20}


class Played:
    """A Workshop that answers polls from a list, and remembers what it was told."""

    def __init__(self, *moments: dict):
        self.moments, self.calls, self.here = list(moments), [], set()
        self.released = threading.Event()

    def call(self, method, *arguments):
        self.calls.append((method, *arguments))
        if method == "missing":
            return [key for key in arguments[0] if key not in self.here]
        if method == "add":
            self.here |= set(arguments[0])
        if method == "forget":
            self.here &= set(arguments[0])
        if method == "poll":
            moment = self.moments.pop(0) if len(self.moments) > 1 else self.moments[0]
            return {"message": "", "events": [], "cursor": 0, **moment}
        return None

    def release(self):
        self.released.set()

    def told(self, method: str) -> list:
        return [call[1:] for call in self.calls if call[0] == method]


def ended(desk: TransferDesk) -> DeskView:
    deadline = time.monotonic() + PATIENCE
    while desk.view().is_running and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return desk.view()


def bring(desk: TransferDesk, remote: Played, jpegs: dict[str, bytes]) -> None:
    """Bring pictures and wait until the worker knows what to expect."""
    before = len(remote.told("expect"))
    desk.bring("tiny", jpegs)
    wait_until(lambda: len(remote.told("expect")) > before)


def result(way: str, seed: int = 0) -> WayResult:
    return WayResult(WayRun(way, seed, 2), (), 0, 1.0, 0.1, 5, 0, np.zeros((1, 2)), np.zeros((1, 2)))


def test_pictures_are_sent_once(tmp_path):
    """A second job with one more picture sends only that one."""
    remote = Played({"state": "done"})
    desk = TransferDesk(lambda: remote)
    desk.look("tag", "tiny", JPEGS)
    assert ended(desk).state == "done"
    desk.look("tag", "tiny", {**JPEGS, "c": b"3"})
    ended(desk)
    assert remote.told("add") == [(JPEGS,), ({"c": b"3"},)]


def test_what_is_brought_is_there_when_the_job_begins():
    """It is brought once, the worker is told what to expect, and the job sends nothing; what came since is brought."""
    remote = Played({"state": "done"})
    desk = TransferDesk(lambda: remote)
    for _ in range(3):
        desk.bring("tiny", JPEGS)
    wait_until(lambda: remote.told("expect"))
    assert remote.told("expect") == [("tiny", ["a", "b"])]
    desk.look("tag", "tiny", JPEGS)
    assert ended(desk).state == "done"
    assert remote.told("add") == [(JPEGS,)]
    desk.bring("tiny", {**JPEGS, "c": b"3"})
    wait_until(lambda: len(remote.told("expect")) == 2)
    assert remote.told("add")[1:] == [({"c": b"3"},)]


def test_a_picture_that_was_deleted_does_not_stay_with_the_worker():
    """Brought without it, the others stay and are not sent again; brought with it once more, it is sent once more."""
    remote = Played({"state": "done"})
    desk = TransferDesk(lambda: remote)
    for jpegs in (JPEGS, {"a": JPEGS["a"]}, JPEGS):
        bring(desk, remote, jpegs)
        assert remote.here == set(jpegs)
    assert remote.told("add") == [(JPEGS,), ({"b": JPEGS["b"]},)]


def test_a_picture_that_is_deleted_while_a_job_needs_it_goes_after_the_job():
    """By the next bringing, though the same was brought before."""
    remote = Played({"state": "running"})
    desk = TransferDesk(lambda: remote)
    desk.look("tag", "tiny", JPEGS)
    wait_until(lambda: desk.view().state == "running")
    bring(desk, remote, {"a": JPEGS["a"]})
    assert remote.here == set(JPEGS)
    remote.moments = [{"state": "done"}]
    ended(desk)
    bring(desk, remote, {"a": JPEGS["a"]})
    assert remote.here == {"a"}


def test_a_job_waits_for_what_is_being_brought():
    """One worker is hired, and no picture is sent twice."""
    found, remotes = threading.Event(), []

    def make():
        found.wait(PATIENCE)
        remotes.append(Played({"state": "done"}))
        return remotes[-1]

    desk = TransferDesk(make)
    desk.bring("tiny", JPEGS)
    desk.look("tag", "tiny", JPEGS)
    found.set()
    assert ended(desk).state == "done"
    (remote,) = remotes
    assert remote.told("add") == [(JPEGS,)]


def test_what_cannot_be_brought_is_nobody_s_trouble():
    """No engine: nothing is said and nothing is tried again; the job that is begun later finds a worker."""
    made = []

    def make():
        made.append(Played({"state": "done"}))
        if len(made) == 1:
            raise RuntimeError("No engine.")
        return made[-1]

    desk = TransferDesk(make)
    desk.bring("tiny", JPEGS)
    wait_until(lambda: made)
    desk.bring("tiny", JPEGS)
    assert desk.view().state == "idle"
    desk.look("tag", "tiny", JPEGS)
    assert ended(desk).state == "done"
    assert len(made) == 2


@pytest.mark.parametrize("at", ["missing", "add", "expect"])
def test_a_worker_that_is_lost_while_pictures_are_brought_is_not_asked_again(at):
    """It is let go, and the job finds another, with all pictures."""

    class Lost(Played):
        def call(self, method, *arguments):
            if method == at:
                raise RuntimeError("The worker that did this has ended.")
            return super().call(method, *arguments)

    lost, other = Lost({"state": "done"}), Played({"state": "done"})
    remotes = [lost, other]
    desk = TransferDesk(lambda: remotes.pop(0))
    desk.bring("tiny", JPEGS)
    assert lost.released.wait(PATIENCE)
    desk.look("tag", "tiny", JPEGS)
    assert ended(desk).state == "done"
    assert other.told("add") == [(JPEGS,)]


def test_what_is_forgotten_while_it_is_brought_reaches_no_worker():
    """The pictures were on their way when all was deleted: the worker that was being hired is let go unseen."""
    found, remote = threading.Event(), Played({"state": "done"})
    desk = TransferDesk(lambda: (found.wait(PATIENCE), remote)[1])
    desk.bring("tiny", JPEGS)
    desk.forget()
    found.set()
    assert remote.released.wait(PATIENCE)
    assert not remote.calls


def test_a_visitor_who_leaves_while_pictures_are_brought_leaves_none_behind():
    """The worker that was being hired is let go unseen."""
    found, remote = threading.Event(), Played({"state": "done"})
    desk = TransferDesk(lambda: (found.wait(PATIENCE), remote)[1])
    desk.bring("tiny", JPEGS)
    del desk
    gc.collect()
    found.set()
    assert remote.released.wait(PATIENCE)
    assert not remote.calls


def test_a_job_s_worker_outlives_what_was_brought_to_it():
    """All is forgotten while a job runs and pictures are brought: the worker is told to stop before it is let go."""
    remote = Played({"state": "running"})
    desk = TransferDesk(lambda: remote)
    desk.look("tag", "tiny", JPEGS)
    wait_until(lambda: remote.told("poll"))
    desk.bring("tiny", {"c": b"3"})
    wait_until(lambda: remote.told("expect"))
    desk.forget()
    assert not remote.released.is_set()
    wait_until(lambda: remote.told("cancel"))
    remote.moments = [{"state": "cancelled"}]
    assert remote.released.wait(PATIENCE)


def test_progress_and_results_are_there_while_it_runs():
    """Epochs and results are told with the pictures that they belong to."""
    one, two = result("scratch"), result("head")
    remote = Played(
        {"state": "running", "message": "epoch 1", "done": 1, "total": 4, "unit": "epochs", "rate": 2.0},
        {"state": "running", "events": [{"kind": "result", "result": one}]},
        {"state": "done", "events": [{"kind": "result", "result": two}]},
    )
    desk = TransferDesk(lambda: remote)
    desk.go("these", [one.run, two.run], deal(stripes(3), 2, (0,)), JPEGS)
    view = ended(desk)
    assert view.results_of("these") == (one, two)
    assert view.results_of("others") == ()


def test_a_repeated_run_takes_the_place_of_the_first():
    """The table counts it once."""
    first, again = result("head"), result("head")
    events = [{"kind": "result", "result": first}, {"kind": "result", "result": again}]
    desk = TransferDesk(lambda: Played({"state": "done", "events": events}))
    desk.look("tag", "tiny", {})
    assert ended(desk).results_of("tag") == (again,)


def test_asking_never_waits_and_one_thing_runs_at_a_time():
    """While the worker is still being found the page goes on; a second wish is refused in words."""
    found = threading.Event()
    desk = TransferDesk(lambda: (found.wait(PATIENCE), Played({"state": "done"}))[1])
    began = time.monotonic()
    desk.look("tag", "tiny", JPEGS)
    assert time.monotonic() - began < 1
    assert desk.view().state == "waiting"
    with pytest.raises(ValueError, match="One thing at a time"):
        desk.look("tag", "tiny", JPEGS)
    found.set()
    assert ended(desk).state == "done"


def test_stop_reaches_the_worker():
    """Cancel is told once, and the view says how it ended."""
    remote = Played({"state": "running"}, {"state": "running"}, {"state": "cancelled", "message": "Stopped."})
    desk = TransferDesk(lambda: remote)
    desk.look("tag", "tiny", JPEGS)
    desk.cancel()
    view = ended(desk)
    assert view.state == "cancelled"
    assert len(remote.told("cancel")) <= 1


def test_a_worker_that_is_lost_is_said_and_the_next_one_gets_the_pictures_again():
    """No traceback: one line; the next wish finds another worker."""

    class Lost(Played):
        def call(self, method, *arguments):
            if method == "start":
                raise RuntimeError("The worker that did this has ended.")
            return super().call(method, *arguments)

    remotes = [Lost({"state": "done"}), Played({"state": "done"})]
    second = remotes[1]
    desk = TransferDesk(lambda: remotes.pop(0))
    desk.look("tag", "tiny", JPEGS)
    view = ended(desk)
    assert (view.state, view.message) == ("lost", "The worker that did this has ended. Try again.")
    desk.look("tag", "tiny", JPEGS)
    assert ended(desk).state == "done"
    assert second.told("add") == [(JPEGS,)]


def test_a_visitor_who_leaves_takes_the_worker_s_pictures_along():
    """When the session drops its desk, the Workshop is released, also in the middle of a job."""
    idle, busy = Played({"state": "done"}), Played({"state": "running"})
    for remote in (idle, busy):
        desk = TransferDesk(lambda remote=remote: remote)
        desk.look("tag", "tiny", JPEGS)
        if remote is idle:
            ended(desk)
        else:
            while not remote.told("poll"):
                threading.Event().wait(0.01)
            remote.moments = [{"state": "cancelled"}]
        del desk
        gc.collect()
        assert remote.released.wait(PATIENCE)


def test_forgetting_drops_everything_at_once():
    """Results are gone from the page, and the Workshop from the worker."""
    remote = Played({"state": "done", "events": [{"kind": "result", "result": result("head")}]})
    desk = TransferDesk(lambda: remote)
    desk.look("tag", "tiny", JPEGS)
    ended(desk)
    desk.forget()
    assert desk.view().results == ()
    assert remote.released.wait(PATIENCE)


def test_what_is_forgotten_in_the_middle_of_a_job_stays_forgotten():
    """The job is stopped and its worker let go; late news stay away, and the next job has its own worker."""
    late = {"state": "cancelled", "events": [{"kind": "result", "result": result("head")}]}
    first, second = Played({"state": "running"}), Played({"state": "done"})
    remotes = [first, second]
    desk = TransferDesk(lambda: remotes.pop(0))
    desk.look("tag", "tiny", JPEGS)
    while not first.told("poll"):
        threading.Event().wait(0.01)
    desk.forget()
    assert desk.view().state == "idle"
    desk.look("other", "tiny", JPEGS)
    first.moments = [late]
    assert first.released.wait(PATIENCE)
    assert first.told("cancel")
    view = ended(desk)
    assert (view.state, view.tag, view.results) == ("done", "other", ())
    assert not second.released.is_set()
