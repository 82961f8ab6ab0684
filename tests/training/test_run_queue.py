"""Who waits for a worker, and for whom one is free."""

import pytest

from core.training.live_run import LiveRun
from core.training.run_queue import MOST_IN_WORKER, RunQueue
from core.training.store import new_run
from tests.training.making import small

WORKER, OTHER = "tcp://one", "tcp://another"


@pytest.fixture
def queue():
    return RunQueue()


def run(name: str, visitor: str = "ann") -> LiveRun:
    return LiveRun(new_run(name, visitor, "", small().to_json()), small())


def test_a_worker_trains_one_run_at_a_time(queue):
    """The next one waits until the first has gone; another worker takes it at once."""
    first, second, third = (run(name) for name in "abc")
    for one in (first, second, third):
        queue.add(one)
    assert queue.next_for(WORKER) is first and first not in queue
    assert queue.next_for(WORKER) is None
    assert queue.next_for(OTHER) is second
    assert queue.ahead(third) == 2
    queue.remove(first)
    assert queue.next_for(WORKER) is third and queue.ahead(third) == 0


def test_paused_runs_make_way_until_the_worker_is_full(queue):
    """So many of them lie in its memory, then the next one waits."""
    for number in range(MOST_IN_WORKER):
        one = run(str(number), f"visitor {number}")
        queue.add(one)
        assert queue.next_for(WORKER) is one
        one.state = "paused"
    queue.add(last := run("last"))
    assert queue.next_for(WORKER) is None and queue.ahead(last) == MOST_IN_WORKER
    queue.remove(one)
    assert queue.next_for(WORKER) is last


def test_a_run_that_comes_back_is_the_first_of_its_visitor(queue):
    """Its worker went away before it had it; what is taken back waits no longer."""
    early, late = run("early"), run("late")
    queue.add(early)
    queue.add(late)
    assert queue.next_for(WORKER) is early
    queue.remove(early)
    queue.add(early, first=True)
    assert queue.next_for(WORKER) is early
    queue.remove(late)
    assert late not in queue and queue.next_for(OTHER) is None
