"""The engine: where networks are trained and asked. A Dask client to a cluster, this machine's own by default.

`CONVLAB_SCHEDULER=tcp://host:8786` names another cluster; with TLS: `tls://…`, and `CONVLAB_TLS_CA`, `CONVLAB_TLS_CERT`
and `CONVLAB_TLS_KEY` name the files. The engine starts in the background: no page ever waits for it.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Client, Future, Security, wait
from distributed.comm import CommClosedError

from core.compute.calling import Hosted, call
from core.compute.direct import Caller

HOUSE = Path(__file__).resolve().parents[2]
SCHEDULER = "CONVLAB_SCHEDULER"
ROLES = ("train", "serve")
# The resources that a worker may claim, for each role the best first; where none claims any, all workers do all work.
CLAIMS = {"train": ("GPU", "TRAIN"), "serve": ("SERVE", "GPU")}
START_SECONDS = 60.0  # for a cluster and its workers to be there, on a busy machine
MAKE_SECONDS = 300.0  # for an object in a worker that has yet to import Keras, on a busy machine
CONNECT_SECONDS = 8.0  # for a scheduler that runs to answer
RETRY_SECONDS = 3.0  # between attempts to reach a cluster that went away
CALL_SECONDS = 30.0
NO_ENGINE = "No engine: "
# Dask looks at itself every 10 to 20 ms; less often, an idle cluster takes 2% of a core and not 7%.
CALM = {"DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


class EngineMissing(RuntimeError):
    """There is no cluster to work on now; the message says why."""


class WorkerLost(RuntimeError):
    """The worker that held an object has ended, and the object with it."""


@dataclass(frozen=True)
class Device:
    """One worker, as a page lists it."""

    address: str
    name: str  # "2 cores of Intel Xeon", or "not yet asked"
    kind: str  # "CPU", "GPU"
    roles: tuple[str, ...]  # of ROLES


@dataclass(frozen=True)
class EngineStatus:
    """The engine at one moment."""

    state: str  # "starting", "ready" or "lost"
    message: str  # one line for people
    devices: tuple[Device, ...]
    warm: tuple[str, ...] = ()  # the roles whose workers have Keras imported


class RemoteObject:
    """An object in a worker. Its calls may come from any thread."""

    def __init__(self, future: Future, worker: str, is_there: Callable[[], bool], near: bool = False):
        """Waits until it is made. is_there(): whether the worker still is. near: whether it is on this machine."""
        self._future, self.worker = future, worker
        deadline = time.monotonic() + MAKE_SECONDS
        while not self._future.done():
            if not is_there():
                self._future.cancel()
                raise WorkerLost("The worker that was to do this has ended.")
            if time.monotonic() > deadline:
                self._future.cancel()
                raise TimeoutError(f"No worker was ready in {MAKE_SECONDS:.0f} s.")
            with contextlib.suppress(TimeoutError):
                wait(self._future, timeout=1)
        self._actor = future.result(CALL_SECONDS)
        with _losses_told():
            entrance = self._actor.entrance().result(timeout=CALL_SECONDS) if near else None
        self._direct = None if entrance is None else Caller(entrance)

    def call(self, method: str, *arguments: Any, timeout: float = CALL_SECONDS) -> Any:
        """What the object's method returns.

        Raises WorkerLost when its worker or the cluster is gone, TimeoutError when no answer came in time, and
        whatever the method raises.
        """
        actor = self._actor
        if actor is None or self._future.status != "finished":
            raise WorkerLost("The worker that did this has ended.")
        direct = self._direct
        with _losses_told():
            if direct is not None and method in direct.methods:
                return direct.call(method, arguments, timeout)
            return actor.call(method, *arguments).result(timeout=timeout)

    def release(self) -> None:
        """Let the worker forget the object."""
        self._actor = None  # it holds a reference of its own
        if self._direct is not None:
            self._direct.close()
        with contextlib.suppress(Exception):
            self._future.release()


@contextlib.contextmanager
def _losses_told() -> Iterator[None]:
    """Whatever it is that Dask or a pipe says when a worker is gone, it is WorkerLost."""
    try:
        yield
    except (CommClosedError, ConnectionError) as error:
        raise WorkerLost("The worker that did this has ended.") from error
    except (OSError, ValueError) as error:
        signs = ("Actor", "contact") if isinstance(error, OSError) else ("Worker holding Actor was lost",)
        if any(sign in str(error) for sign in signs):
            raise WorkerLost("The worker that did this has ended.") from error
        raise


class Engine:
    """A connection to a cluster that is kept, and made anew when it breaks. `engine()` gives the process's own."""

    def __init__(self, scheduler: str | None = None):
        self._scheduler = scheduler or os.environ.get(SCHEDULER) or None
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._closed = threading.Event()
        self._client: Client | None = None
        self._process: subprocess.Popen | None = None
        self._message = "The engine is starting."
        self._claims: dict[str, dict[str, float]] = {}  # worker's address -> the resources that it claims
        self._hardware: dict[str, Any] = {}  # worker's address -> its Hardware
        self._asked: dict[str, Future] = {}  # worker's address -> the warming that was asked for
        self._wanted: set[str] = set()  # roles to keep warm
        threading.Thread(target=self._keep, name="engine", daemon=True).start()

    def status(self) -> EngineStatus:
        """What there is now; never waits."""
        client = self._client
        if not self._ready.is_set() or client is None:
            state = "starting" if client is None and not self._message.startswith(NO_ENGINE) else "lost"
            return EngineStatus(state, self._message, ())
        roles = {role: self._workers(role) for role in ROLES}
        addresses = dict.fromkeys(address for of_role in roles.values() for address in of_role)
        devices = tuple(self._device(address, roles) for address in addresses)
        warm = tuple(r for r in ROLES if roles[r] and all(address in self._hardware for address in roles[r]))
        return EngineStatus("ready", "", devices, warm)

    def warm(self, role: str = "train") -> None:
        """Let the workers of a role import Keras, now and whenever one of them starts anew. Returns at once."""
        self._wanted.add(role)
        if self._ready.is_set():
            with contextlib.suppress(Exception):
                self._warm(self._client)

    def submit(self, path: str, *arguments: Any, role: str = "serve") -> Future:
        """Have a named function called in a worker: a Dask future, with done(), result(timeout) and cancel().

        path: "core.module:function". Raises EngineMissing when there is no cluster.
        """
        client, places = self._connected(role)
        return client.submit(call, path, *arguments, workers=places, pure=False)

    def actor(self, path: str, *arguments: Any, role: str = "serve", worker: str | None = None) -> RemoteObject:
        """Make an object of a named class in a worker and keep it there until it is released.

        path: "core.module:Class". worker: an address of `workers(role)`; else any of them.
        Waits for the engine and for the object. Raises EngineMissing, WorkerLost, and what the constructor raises.
        """
        client, places = self._connected(role)
        place = worker or places[0]
        future = client.submit(Hosted, path, *arguments, workers=[place], actor=True, pure=False)
        return RemoteObject(future, place, lambda: place in self._claims, near=self._scheduler is None)

    def workers(self, role: str) -> tuple[str, ...]:
        """The addresses of the workers of a role; empty while there is no cluster."""
        return tuple(self._workers(role)) if self._ready.is_set() else ()

    def close(self) -> None:
        """End the embedded cluster and let go of a remote one."""
        self._closed.set()
        self._drop()

    def _connected(self, role: str) -> tuple[Client, list[str]]:
        """The client and the workers of a role; waits for them, since a worker that died is soon replaced."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            client = self._client
            if self._ready.wait(0.1) and client is not None and client.status == "running":
                if places := self._workers(role):
                    return client, places
            elif self._message.startswith(NO_ENGINE):
                break
            self._closed.wait(0.1)
        raise EngineMissing(self._message if not self._ready.is_set() else f"No worker can {role} now.")

    def _keep(self) -> None:
        """Connect, warm what is wanted, and connect again when the cluster goes away."""
        while not self._closed.is_set():
            try:
                if self._client is None:
                    self._connect()
                elif self._client.status != "running" or (self._process and self._process.poll() is not None):
                    self._drop()
                    self._message = "The engine has gone away; it is being started again."
                    continue
                else:
                    self._list_workers(self._client)
                    self._warm(self._client)
            except Exception as error:  # whatever keeps a cluster from answering must not end the attempts
                self._drop()
                self._message = f"{NO_ENGINE}{_cause(error, self._scheduler)}"
                self._closed.wait(RETRY_SECONDS)
            self._closed.wait(0.5)

    def _connect(self) -> None:
        address = self._scheduler or self._start_own()
        # To workers of this machine calls go straight; those of a cluster may be out of reach but for its scheduler.
        direct = self._scheduler is None
        client = Client(
            address, timeout=CONNECT_SECONDS, security=_security(), name="convlab web", direct_to_workers=direct
        )
        client.wait_for_workers(1, timeout=START_SECONDS)
        self._list_workers(client)
        self._client = client
        self._ready.set()

    def _start_own(self) -> str:
        command = [sys.executable, "-m", "core.compute.cluster"]
        path = os.pathsep.join(filter(None, (str(HOUSE), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            command,
            cwd=HOUSE,
            env={**CALM, **os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("CONVLAB_ENGINE_LOG") else subprocess.DEVNULL,
            # A Ctrl-C for the web app is not one for the workers; they end with their input. A session of their own
            # would do that too, but Linux shares a busy machine out by session first, and niceness counts only within.
            process_group=0,
        )
        address = self._process.stdout.readline().decode().strip()
        if not address:
            raise EngineMissing("the cluster's process ended at its start")
        return address

    def _drop(self) -> None:
        self._ready.clear()
        with self._lock:
            client, self._client = self._client, None
            process, self._process = self._process, None
        self._claims = {}
        self._hardware.clear()
        self._asked.clear()
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=2)
        if process is not None:
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def _warm(self, client: Client) -> None:
        for role in tuple(self._wanted):
            for address in self._workers(role):
                if address not in self._asked:
                    self._asked[address] = client.submit(
                        call, "core.compute.devices:warm", workers=[address], pure=False
                    )
        for address, future in tuple(self._asked.items()):
            if address not in self._hardware and future.status == "finished":
                self._hardware[address] = future.result(CALL_SECONDS)
            elif future.status in ("lost", "cancelled", "error"):
                self._asked.pop(address, None)

    def _workers(self, role: str) -> list[str]:
        """The workers of a role, as the scheduler last listed them."""
        known = self._claims
        for claim in CLAIMS[role]:
            claimed = [address for address, claims in known.items() if claims.get(claim)]
            if claimed:
                return claimed
        # A worker that claims another role waits for that one, even while this role's worker is being replaced.
        every_claim = {claim for claims in CLAIMS.values() for claim in claims}
        return [address for address, claims in known.items() if not every_claim & set(claims)]

    def _list_workers(self, client: Client) -> None:
        listed = client.scheduler_info(n_workers=-1)["workers"]
        self._claims = {address: dict(worker["resources"]) for address, worker in listed.items()}

    def _device(self, address: str, roles: dict[str, list[str]]) -> Device:
        hardware = self._hardware.get(address)
        name, kind = (hardware.name, hardware.kind) if hardware else ("not yet asked", "CPU")
        return Device(address, name, kind, tuple(role for role in ROLES if address in roles[role]))


_engine: Engine | None = None
_engine_lock = threading.Lock()


def engine() -> Engine:
    """The engine of this process; starts at the first call, in the background."""
    global _engine
    with _engine_lock:
        if _engine is None:
            _engine = Engine()
        return _engine


def _security() -> Security | None:
    files = {name: os.environ.get(f"CONVLAB_TLS_{name.upper()}") for name in ("ca", "cert", "key")}
    if not any(files.values()):
        return None
    return Security(
        tls_ca_file=files["ca"], tls_client_cert=files["cert"], tls_client_key=files["key"], require_encryption=True
    )


def _cause(error: Exception, scheduler: str | None) -> str:
    where = f"the cluster at {scheduler} does not answer" if scheduler else "the cluster of this machine does not start"
    return f"{where} ({type(error).__name__}). Trying again."
