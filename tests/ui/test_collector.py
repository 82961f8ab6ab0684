"""The search for garbage after every run leaves out what was imported, and still finds what visits leave behind."""

import gc
import sys
import threading
import types
import weakref

import pytest

from core.ui import collector
from tests.compute.waiting import wait_until


class Visit:
    """Refers to itself, as sessions and their callbacks do."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    """Nothing stays set apart for the tests after this one, and nobody searches on."""
    over = threading.Event()
    monkeypatch.setattr(collector, "_known", 0)
    monkeypatch.setattr(collector, "_over", over)
    monkeypatch.setattr(collector, "_searching", threading.current_thread())  # none is begun
    yield
    over.set()
    if collector._searching is not threading.current_thread():
        collector._searching.join()
    gc.unfreeze()


def test_what_was_imported_is_not_searched_again():
    """After the first run of a page next to nothing is left to look through."""
    before = len(gc.get_objects())
    collector.set_apart()
    assert len(gc.get_objects()) < before / 20


def test_what_a_visit_leaves_behind_is_still_found():
    """A cycle that was made later goes with the next search."""
    collector.set_apart()
    visit = Visit()
    gone = weakref.ref(visit)
    del visit
    gc.collect()
    assert gone() is None


def test_a_visit_that_was_set_apart_is_found_once_it_is_over(monkeypatch):
    """Not by every search, but by the one through everything: with it go its pictures in a worker."""
    monkeypatch.setattr(collector, "SECONDS", 0.2)
    monkeypatch.setattr(collector, "_searching", None)
    visit = Visit()
    gone = weakref.ref(visit)
    collector.set_apart()
    del visit
    wait_until(lambda: gone() is None, 10)


def test_garbage_of_before_does_not_stay_for_good():
    """What was unreachable already is collected, not set apart."""
    visit = Visit()
    gone = weakref.ref(visit)
    del visit
    collector.set_apart()
    assert gone() is None


def test_later_imports_are_set_apart_too(monkeypatch):
    """A page that brings its own library is followed by another look; without news there is none."""
    collector.set_apart()
    alive = Visit()
    collector.set_apart()
    assert any(found is alive for found in gc.get_objects())
    monkeypatch.setitem(sys.modules, "brought_by_a_page", types.ModuleType("brought_by_a_page"))
    collector.set_apart()
    assert not any(found is alive for found in gc.get_objects())
