"""Where on this machine visitors' files lie while they are here, and what a server that was killed left behind.

A session that ends deletes its own. A server that is killed cannot: the next one does it when it starts.
"""

import os
import shutil
from functools import cache
from pathlib import Path


def of_this_server() -> Path:
    """This server's folder under CONVLAB_HOME. Raises OSError where nothing can be written."""
    mine = _visitors() / str(os.getpid())
    mine.mkdir(parents=True, exist_ok=True)
    return mine


@cache
def sweep() -> None:
    """Delete, once, what servers left that no longer run; to be called before this one keeps anything."""
    if not (visitors := _visitors()).is_dir():
        return
    from psutil import pid_exists  # comes with distributed; only what was left behind asks for it

    for left in visitors.iterdir():
        if not left.name.isdecimal() or int(left.name) == os.getpid() or not pid_exists(int(left.name)):
            shutil.rmtree(left, ignore_errors=True)


def _visitors() -> Path:
    return Path(os.environ.get("CONVLAB_HOME") or "~/.convlab").expanduser() / "visitors"
