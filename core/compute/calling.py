"""How the web process names work that it must not import: by a text "module:name", looked up in the worker."""

from importlib import import_module
from typing import Any


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

    All actors of one worker share a thread, so their calls must be quick: long work runs in the object's own thread.
    """

    def __init__(self, path: str, *arguments: Any):
        self._object = named(path)(*arguments)

    def call(self, method: str, *arguments: Any) -> Any:
        """What the object's method returns."""
        return getattr(self._object, method)(*arguments)
