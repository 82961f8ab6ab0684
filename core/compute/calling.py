"""How the web process names work that it must not import: by a text "module:name", looked up in the worker."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib import import_module
from typing import Any

from core.compute.direct import Doorkeeper, Entrance

ABREAST = max(2, (os.cpu_count() or 1) // 2)  # calls that a worker answers at once, of methods in BESIDE


def named(path: str) -> Any:
    """The function or class behind "module:name". Raises ValueError for any other text."""
    module, _, name = path.partition(":")
    if not name or not module.startswith("core."):
        raise ValueError(f'Work is named "core.module:name". Received: path={path!r}')
    return getattr(import_module(module), name)


def call(path: str, *arguments: Any) -> Any:
    """What the named function returns; runs in a worker."""
    return named(path)(*arguments)


class Hosted:
    """An object of a named class, kept in a worker as a Dask actor.

    The calls of all objects of one worker share a thread, so they must be quick: long work runs in the object's own
    thread. Methods that a class names in BESIDE may be called from several threads at once and have such.
    """

    def __init__(self, path: str, *arguments: Any):
        self._object = named(path)(*arguments)
        self._beside = getattr(self._object, "BESIDE", ())

    async def call(self, method: str, *arguments: Any) -> Any:
        """What the object's method returns."""
        threads = _beside if method in self._beside else _in_turn
        work = partial(getattr(self._object, method), *arguments)
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def entrance(self) -> Entrance | None:
        """Where the methods of BESIDE can be called without Dask, on this machine; None where that cannot be."""
        try:
            return doorkeeper().entrance(self._object, self._beside) if self._beside else None
        except OSError:  # no pipes here: Dask does it too
            return None


@cache
def doorkeeper() -> Doorkeeper:
    """The worker's own."""
    return Doorkeeper(ABREAST)


_in_turn = ThreadPoolExecutor(1, "calls")
_beside = ThreadPoolExecutor(ABREAST, "calls beside")
