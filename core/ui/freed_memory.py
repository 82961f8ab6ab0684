"""Memory that visitors leave behind goes back to the system.

glibc keeps what was freed for later: pictures, decoders and encoders of cameras leave holes between what is still in
use, and a server would keep the most that it ever needed. Elsewhere than on Linux with glibc nothing is done.
"""

import ctypes
import threading

SECONDS = 15.0  # after the last camera's end: by then its connection has let go of what it had

_lock = threading.Lock()
_waiting: threading.Timer | None = None


def give_back_soon() -> None:
    """Give back what will have been freed in a while; from any thread. Calls in between count as one, the last."""
    global _waiting
    with _lock:
        if _waiting is not None:
            _waiting.cancel()
        _waiting = threading.Timer(SECONDS, give_back)
        _waiting.name, _waiting.daemon = "give back memory", True
        _waiting.start()


def give_back() -> bool:
    """Have the allocator give all whole free pages back to the system; False where it cannot be asked."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return False
    return bool(trim(0))
