"""What the process has imported is no longer searched for garbage after every run of a page.

Streamlit 1.67 collects garbage after each run and each fragment, and looks through everything that Python keeps track
of: with this house's libraries 40 to 90 ms, in which no other visitor, camera or run of the process moves. What was
imported stays for good, so it is set apart once it is there; what visits leave behind is found as before.
"""

import gc
import sys
import threading

_lock = threading.Lock()
_known = 0  # modules that were there when things were last set apart


def set_apart() -> None:
    """Take what is there now out of the search, where modules were imported since the last time."""
    global _known
    with _lock:
        if _known == len(sys.modules):
            return
        _known = len(sys.modules)
        gc.collect()  # what is garbage now would otherwise stay for good
        gc.freeze()
