"""What is there to stay is not searched for garbage after every run of a page.

Streamlit 1.67 collects garbage after each run and each fragment, and looks through everything that Python keeps track
of: with this house's libraries 40 to 90 ms, in which no other visitor, camera or run of the process moves. What is
there after a run that brought new modules is set apart, so that those searches find only what came later. Once a minute
everything is searched, so that visits that were set apart with it go as well once they are over.
"""

import gc
import sys
import threading

SECONDS = 60.0  # between two searches through everything

_lock = threading.Lock()
_known = 0  # modules that were there when things were last set apart
_searching: threading.Thread | None = None
_over = threading.Event()  # ends that thread; a process that serves never does


def set_apart() -> None:
    """Take what is there now out of the search, where modules were imported since the last time."""
    global _known, _searching
    with _lock:
        if _known == len(sys.modules):
            return
        _known = len(sys.modules)
        _search()
        if _searching is None:
            _searching = threading.Thread(target=_search_on, name="garbage", daemon=True)
            _searching.start()


def _search() -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _search_on() -> None:
    while not _over.wait(SECONDS):
        with _lock:
            _search()
