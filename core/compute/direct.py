"""Pipes to objects in a worker of this machine, for calls that come many times a second.

A call through Dask passes two event loops and four threads; for a camera's frame that costs the cores as much as a
small network. A pipe with a thread at its other end costs a tenth.
"""

import contextlib
import secrets
import threading
import time
import weakref
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

AGAIN_SECONDS = 0.05  # after a caller that could not be let in: what keeps it out may keep out the next as well
GONE = (OSError, EOFError, AuthenticationError)  # what a pipe says whose other end is not there


class PipeBroken(ConnectionError):
    """The worker has ended, or has forgotten the object."""


@dataclass(frozen=True)
class Entrance:
    """Where an object's methods can be called."""

    address: str
    key: bytes  # only who was given it is let in
    number: int  # of the object
    methods: tuple[str, ...]


class Doorkeeper:
    """In a worker: lets callers in to the objects that it was told of, and keeps none of these alive.

    abreast: the calls that run at the same time, whoever makes them.
    """

    def __init__(self, abreast: int):
        self._abreast = threading.Semaphore(abreast)
        self._key = secrets.token_bytes(32)
        self._objects: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._listener = Listener(authkey=self._key)
        threading.Thread(target=self._let_in, name="doorkeeper", daemon=True).start()

    def entrance(self, thing: Any, methods: tuple[str, ...]) -> Entrance:
        """The way to an object from now on."""
        number = secrets.randbits(63)
        self._objects[number] = thing
        return Entrance(self._listener.address, self._key, number, methods)

    def _let_in(self) -> None:
        while True:
            try:
                pipe = self._listener.accept()
            except GONE:  # a caller without the key, or one that went at once; or no more files can be opened
                time.sleep(AGAIN_SECONDS)
                continue
            threading.Thread(target=self._answer, args=(pipe,), name="pipe", daemon=True).start()

    def _answer(self, pipe: Connection) -> None:
        """Call after call, until the caller goes or the object is forgotten."""
        with pipe, contextlib.suppress(*GONE):
            while (thing := self._objects.get((asked := pipe.recv())[0])) is not None:
                _, method, arguments = asked
                try:
                    with self._abreast:
                        answer = getattr(thing, method)(*arguments), None
                except Exception as error:
                    answer = None, error
                del thing
                pipe.send(answer)


class Caller:
    """Calls the methods of one object through its entrance; from any thread, each with a pipe of its own meanwhile."""

    def __init__(self, entrance: Entrance):
        self._entrance = entrance
        self._idle: list[Connection] = []
        self._closed = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Those that can be called."""
        return self._entrance.methods

    def call(self, method: str, arguments: tuple, timeout: float) -> Any:
        """What the method returns; raises what it raises.

        timeout: seconds. Raises TimeoutError when no answer came in time, PipeBroken when none can come.
        """
        try:
            pipe = self._pipe()
            pipe.send((self._entrance.number, method, arguments))
            if not pipe.poll(timeout):
                pipe.close()  # an answer that comes late is nobody's
                raise TimeoutError(f"No answer to {method} in {timeout:.0f} s.")
            answer, error = pipe.recv()
        except TimeoutError:
            raise
        except GONE as error:
            raise PipeBroken("The other end of the pipe is gone.") from error
        self._idle.append(pipe)
        if self._closed:
            self.close()
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        """Let go of the pipes, each as soon as its call is answered."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _pipe(self) -> Connection:
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        return Client(self._entrance.address, authkey=self._entrance.key)
