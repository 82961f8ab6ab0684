"""Pipes to an object: who may call it, what comes back, and what is said when it is gone."""

import gc
import threading

import numpy as np
import pytest

from core.compute.direct import Caller, Doorkeeper, Entrance, PipeBroken
from tests.compute.waiting import wait_until


class Room:
    """Something to call."""

    def __init__(self):
        self.both = threading.Barrier(2)
        self.go = threading.Event()
        self.inside = 0

    def twice(self, numbers):
        return 2 * numbers

    def meet(self):
        return self.both.wait(10)

    def stay(self):
        self.inside += 1
        self.go.wait(10)
        self.inside -= 1

    def refuse(self, what):
        raise ValueError(f"No. Received: {what}")


@pytest.fixture
def room():
    return Room()


@pytest.fixture
def caller(room):
    made = Caller(Doorkeeper(2).entrance(room, ("twice", "meet", "stay", "refuse")))
    yield made
    made.close()


def side_by_side(*calls) -> list:
    """What calls return that are made at once."""
    answers = []
    threads = [threading.Thread(target=lambda call=call: answers.append(call())) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return answers


def pipes() -> int:
    return sum(thread.name == "pipe" for thread in threading.enumerate())


def test_an_answer_comes_back(caller):
    """An array goes there and another one comes back; the same pipe serves the next call."""
    before = pipes()
    for _ in range(3):
        np.testing.assert_array_equal(caller.call("twice", (np.arange(4),), 10), [0, 2, 4, 6])
    assert pipes() <= before + 1


def test_what_a_method_raises_is_raised_and_the_pipe_stays(caller):
    """Its words arrive; the next call is answered."""
    with pytest.raises(ValueError, match="No. Received: this"):
        caller.call("refuse", ("this",), 10)
    assert caller.call("twice", (1,), 10) == 2


def test_calls_from_two_threads_meet(caller):
    """Each has a pipe of its own."""
    assert sorted(side_by_side(*[lambda: caller.call("meet", (), 10)] * 2)) == [0, 1]


def test_no_more_calls_run_than_may(room, caller):
    """The third waits until one of two has ended."""
    threads = [threading.Thread(target=caller.call, args=("stay", (), 10)) for _ in range(3)]
    for thread in threads:
        thread.start()
    wait_until(lambda: room.inside == 2 and pipes() >= 3)
    assert room.inside == 2
    room.go.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_a_late_answer_is_nobodys(room, caller):
    """The call says so after its time; the next one is not given the old answer."""
    with pytest.raises(TimeoutError, match="No answer to stay"):
        caller.call("stay", (), 0.05)
    room.go.set()
    assert caller.call("twice", (3,), 10) == 6


def test_an_object_that_is_gone_is_told():
    """Nobody but its owner keeps it alive; a call then says that there is nobody."""
    room = Room()
    caller = Caller(Doorkeeper(2).entrance(room, ("twice",)))
    assert caller.call("twice", (1,), 10) == 2
    del room
    gc.collect()
    with pytest.raises(PipeBroken):
        caller.call("twice", (1,), 10)


def test_whoever_lacks_the_key_is_not_let_in(room):
    """And the next who has it is."""
    entrance = Doorkeeper(2).entrance(room, ("twice",))
    with pytest.raises(PipeBroken):
        Caller(Entrance(entrance.address, b"guessed", entrance.number, entrance.methods)).call("twice", (1,), 10)
    assert Caller(entrance).call("twice", (1,), 10) == 2


def test_closing_ends_the_threads_at_the_other_end(room):
    """Also that of a call which was on its way."""
    before = pipes()
    caller = Caller(Doorkeeper(2).entrance(room, ("stay", "twice")))
    caller.call("twice", (1,), 10)
    late = threading.Thread(target=caller.call, args=("stay", (), 10))
    late.start()
    wait_until(lambda: room.inside == 1)
    caller.close()
    room.go.set()
    late.join(10)
    wait_until(lambda: pipes() <= before)
