"""Memory that was freed between what is still in use goes back to the system."""

import platform
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.ui import freed_memory

HOUSE = Path(__file__).resolve().parents[2]
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to give memory back")


SCRIPT = """
import re
from core.ui import freed_memory

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) >> 10

mixed = [(bytearray(100_000), bytearray(1_000)) for _ in range(1_000)]
mixed = [small for _, small in mixed]  # what stays keeps the holes from closing
full = resident()
assert freed_memory.give_back()
print(full - resident())
"""


@glibc
def test_what_was_freed_between_what_is_in_use_goes_back():
    """Of 100 MB that were freed in a process of its own nearly all is no longer counted as its memory."""
    found = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, cwd=HOUSE)
    assert int(found.stdout) > 60


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
