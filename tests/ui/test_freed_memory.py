"""Memory that was freed between what is still in use goes back to the system."""

import platform
import re
import threading
from pathlib import Path

import pytest

from core.ui import freed_memory

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to give memory back")


def resident() -> int:
    """Bytes of this process in memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[1])


def holes() -> list[bytearray]:
    """What stays in use between 100 MB that were freed."""
    mixed = [(bytearray(100_000), bytearray(1_000)) for _ in range(1_000)]  # both too small for pages of their own
    return [small for _, small in mixed]


@glibc
def test_what_was_freed_between_what_is_in_use_goes_back():
    """Holes between small things that stay are no longer counted as the process's memory."""
    freed_memory.give_back()
    staying = holes()
    full = resident()
    assert freed_memory.give_back()
    assert full - resident() > 60 << 20
    assert len(staying) == 1_000


def test_many_ends_give_back_once_after_the_last(monkeypatch):
    """A class that leaves at once costs one look at the memory, and it comes by itself."""
    given = []
    done = threading.Event()
    monkeypatch.setattr(freed_memory, "SECONDS", 0.1)
    monkeypatch.setattr(freed_memory, "give_back", lambda: (given.append(1), done.set()))
    for _ in range(30):
        freed_memory.give_back_soon()
    assert done.wait(10)
    assert len(given) == 1


def test_a_system_without_that_allocator_is_left_alone(monkeypatch):
    """Nothing is raised where there is no malloc_trim."""
    monkeypatch.setattr(freed_memory.ctypes, "CDLL", lambda name: object())
    assert freed_memory.give_back() is False
