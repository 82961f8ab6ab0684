"""Turns in a worker: one at a time, first come first served, and nobody waits for the end of a long training."""

import threading

import pytest

from core.compute.turns import Line, Turn
from tests.compute.waiting import wait_until


def never() -> bool:
    return False


def asking(turn: Turn, log: list, interrupted=never) -> threading.Thread:
    """A thread that waits for its turn and writes down that it has it, or that it was interrupted."""

    def ask():
        log.append((turn, turn.take(interrupted)))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread


def in_line(line: Line, count: int) -> None:
    wait_until(lambda: len(line.places) == count)


def test_those_who_wait_come_in_their_order():
    """Each has its turn once the one before has left."""
    line, log = Line(), []
    first, second, third = (Turn(line) for _ in range(3))
    assert first.take(never) and not first.is_shared
    asking(second, log)
    in_line(line, 2)
    asking(third, log)
    in_line(line, 3)
    assert log == [] and first.is_shared
    first.give()
    wait_until(lambda: log == [(second, True)])
    assert second.is_mine and not third.is_mine
    second.give()
    wait_until(lambda: log == [(second, True), (third, True)])


@pytest.mark.parametrize("held", [0.0, 1000.0], ids=["trained long enough", "just begun"])
def test_a_long_training_makes_way_and_comes_back_behind(held):
    """Only where it has had its seconds, and only where somebody waits."""
    line, log = Line(held), []
    long, short = Turn(line), Turn(line)
    long.take(never)
    assert long.take(never), "nobody waits: it goes on"
    asking(short, log)
    in_line(line, 2)
    assert long.is_due == (held == 0)
    if long.is_due:
        asking(long, log)
        wait_until(lambda: log == [(short, True)])
        short.give()
        wait_until(lambda: log == [(short, True), (long, True)])
    else:
        assert long.take(never) and log == []


def test_whoever_is_interrupted_keeps_its_place():
    """A command is obeyed in between; nobody overtakes meanwhile."""
    line, log, interrupted = Line(), [], threading.Event()
    first, second, third = (Turn(line) for _ in range(3))
    first.take(never)
    asking(second, log, interrupted.is_set)
    in_line(line, 2)
    interrupted.set()
    wait_until(lambda: log == [(second, False)])
    asking(third, log)
    in_line(line, 3)
    interrupted.clear()
    asking(second, log, interrupted.is_set)
    first.give()
    wait_until(lambda: log[1:] == [(second, True)])


def test_who_gives_up_holds_nobody():
    """Whether it had its turn or waited, and twice as well as once."""
    line, log = Line(), []
    first, second, third = (Turn(line) for _ in range(3))
    first.take(never)
    asking(second, log, lambda: True).join(5)
    asking(third, log)
    in_line(line, 3)
    second.give()
    second.give()
    first.give()
    wait_until(lambda: third.is_mine)
