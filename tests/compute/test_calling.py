"""Work that is named by a text."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.compute import calling
from core.compute.calling import Hosted, call, named


def test_a_name_leads_to_the_thing_itself():
    """ "core.module:name" is what an import of that name gives."""
    from core.ops.sizes import output_size

    assert named("core.ops.sizes:output_size") is output_size
    assert call("core.ops.sizes:output_size", 28, 3) == 26


@pytest.mark.parametrize("path", ["os:system", "core.ops.sizes", "subprocess:run", "core.ops.sizes:", "", ":x"])
def test_only_things_of_the_house_can_be_named(path):
    """A worker calls nothing outside core, whatever text arrives."""
    with pytest.raises(ValueError, match="core.module:name"):
        named(path)


class Meeting:
    """Where two callers can meet, and two cannot."""

    BESIDE = ("meet",)

    def __init__(self):
        self.barrier = threading.Barrier(2)
        self.inside = self.most = 0

    def meet(self):
        return self.barrier.wait(10)

    def alone(self):
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.01)
        self.inside -= 1


def asked(hosted: Hosted, method: str, *arguments, times: int = 1) -> list:
    """What so many calls at once return; in a thread, for that of the tests may have a loop of its own."""

    async def ask() -> list:
        return await asyncio.gather(*(hosted.call(method, *arguments) for _ in range(times)))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def test_a_hosted_object_keeps_its_state_between_calls():
    """Calls go to one object, made once."""
    hosted = Hosted("core.training.view:Curve")
    asked(hosted, "add", 1, 2.0, 0.5)
    asked(hosted, "add", 2, 1.0, 0.7)
    assert hosted._object.points == [(1, 2.0, 0.5), (2, 1.0, 0.7)]


def test_calls_come_one_at_a_time_but_for_those_that_a_class_allows(monkeypatch):
    """Two that wait for each other meet; those that are not allowed to never do."""
    monkeypatch.setattr(calling, "named", lambda path: Meeting)
    hosted = Hosted("core.meeting")
    assert sorted(asked(hosted, "meet", times=2)) == [0, 1]
    asked(hosted, "alone", times=5)
    assert hosted._object.most == 1
