"""Fetching a picture set into the Keras cache: checked, all or nothing, watched and stopped from any thread."""

import contextlib
import errno
import hashlib
import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.images.catalogue import DatasetEntry, RemoteFile
from core.images.datasets import is_intact, keras_folders

CONNECT_SECONDS = 5.0  # for one address of the server
OPEN_SECONDS = 10.0  # until the server's answer begins: name, all its addresses, TLS and redirects together
READ_SECONDS = 15.0  # of silence in the middle of a file
CHUNK = 64 * 1024
STALE_SECONDS = 3600.0  # a partial file this old was left by a process that died


class DownloadError(Exception):
    """A download that did not succeed; the message is meant for the person who asked for it."""


class DownloadCancelled(DownloadError):
    """Somebody stopped it."""


@dataclass(frozen=True)
class Progress:
    """A download at one moment."""

    state: str  # "running", "done", "failed" or "cancelled"
    done: int  # bytes
    total: int  # bytes; 0: not known
    rate: float  # bytes a second, since the start
    message: str  # one line for people

    @property
    def fraction(self) -> float:
        return self.done / self.total if self.total else float(self.state == "done")

    @property
    def seconds_left(self) -> float | None:
        return (self.total - self.done) / self.rate if self.rate > 0 and self.total else None


class Transfer:
    """Something on its way here, in a thread of its own, watched and stopped from any other."""

    def __init__(self, title: str, name: str, total: int = 0):
        self.title = title  # in the messages for people
        self._name = name
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._state, self._message = "running", f"Downloading {title}"
        self._done, self._total = 0, total
        self._began = self._ended = time.monotonic()

    def start(self):
        threading.Thread(target=self._run, name=f"download {self._name}", daemon=True).start()
        return self

    def progress(self) -> Progress:
        with self._lock:
            ended = time.monotonic() if self._state == "running" else self._ended
            rate = self._done / (ended - self._began) if ended > self._began else 0.0
            return Progress(self._state, self._done, self._total, rate, self._message)

    def cancel(self) -> None:
        """Stop, for all who share it. It counts at once; the thread ends when its read returns, and keeps nothing."""
        self._end("cancelled", f"The download of {self.title} was stopped.")

    def wait(self, seconds: float | None = None) -> Progress:
        """The progress once it has ended, or after that many seconds."""
        self._finished.wait(seconds)
        return self.progress()

    def _receive(self) -> None:
        """Fetch it; tells _expect and _arrived how far it is, and raises DownloadError."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            self._receive()
            self._end("done", f"{self.title[:1].upper()}{self.title[1:]} is here.")
        except DownloadError as error:
            self._end("failed", str(error))
        finally:  # after a surprise, whose traceback goes to the log, the bar must not stand for ever
            self._end("failed", f"No download of {self.title}: a fault in ConvLab. The log says more.")

    def _expect(self, total: int) -> None:
        with self._lock:
            self._total = total
            self._began = time.monotonic()

    def _arrived(self, count: int) -> None:
        with self._lock:
            if self._state == "running":
                self._done += count

    def _end(self, state: str, message: str) -> None:
        with self._lock:
            if self._state != "running":
                return
            self._state, self._message, self._ended = state, message, time.monotonic()
        self._finished.set()


class Download(Transfer):
    """One picture set on its way into the cache. `start_download` shares a running one among all who ask."""

    def __init__(self, entry: DatasetEntry):
        super().__init__(entry.title, entry.name, entry.download_bytes)
        self.entry = entry

    def _receive(self) -> None:
        folder = keras_folders()[0] / self.entry.cache_folder
        missing = [file for file in self.entry.files if not is_intact(folder / file.name, file)]
        self._expect(sum(file.size for file in missing))
        for file in missing:
            fetch(file, folder, self._arrived, self._finished.is_set)


_running: dict[str, Download] = {}
_running_lock = threading.Lock()


def start_download(entry: DatasetEntry) -> Download:
    """The running download of that set, whoever began it, or a new one."""
    with _running_lock:
        current = _running.get(entry.name)
        if current is None or current.progress().state != "running":
            current = _running[entry.name] = Download(entry).start()
        return current


def current_download(name: str) -> Download | None:
    """The last download of that set in this process, running or ended, for a page that is opened again."""
    with _running_lock:
        return _running.get(name)


def fetch(
    file: RemoteFile,
    folder: Path,
    arrived: Callable[[int], None] = lambda count: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Download one file into `folder`. It appears under its name only when it is complete and its digest is right.

    arrived: told the number of bytes after each piece. cancelled: asked before each piece.
    Raises DownloadError with a line for people; whatever was there before is then untouched.
    """
    partial = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, file)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=folder)
        partial = Path(name)
        with os.fdopen(handle, "wb") as stream:
            _receive(file, stream, arrived, cancelled)
            stream.flush()
            os.fsync(stream.fileno())
        partial.chmod(0o644)  # mkstemp's files are private, but a cache may be shared
        if cancelled():
            raise DownloadCancelled("The download was stopped.")
        os.replace(partial, folder / file.name)
        partial = None
        return folder / file.name
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DownloadError(
                f"There is no room for {file.name} ({file.size / 1e6:.1f} MB) in {folder}. "
                "Make room there, or let KERAS_HOME name another folder."
            ) from error
        raise DownloadError(
            f"{file.name} cannot be written in {folder} ({error.strerror}). Let KERAS_HOME name another folder."
        ) from error
    finally:
        if partial:
            with contextlib.suppress(OSError):
                partial.unlink()


def _receive(file: RemoteFile, stream, arrived: Callable[[int], None], cancelled: Callable[[], bool]) -> None:
    """Write the file's bytes to `stream`, and be sure that they are the published ones."""
    import requests  # 0.2 s, which most visitors never need

    host = urlsplit(file.url).hostname
    digest = hashlib.new(file.algorithm)
    done = 0
    try:
        response = _answer(file.url)
    except requests.exceptions.SSLError as error:
        raise DownloadError(
            f"The connection to {host} is not trustworthy, so {file.name} was not downloaded. A network that reads "
            "along, or a wrong clock on this machine, is the usual cause."
        ) from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise DownloadError(
            f"No connection to {host}, so {file.name} was not downloaded. Without internet, what is built in "
            "works, and so does a folder of data that CONVLAB_DATA names."
        ) from error
    except requests.RequestException as error:
        raise DownloadError(f"{file.name} cannot be fetched from {host}: {error}") from error
    try:
        with response:
            if response.status_code != 200:
                raise DownloadError(
                    f"{host} does not give {file.name}: it answered {response.status_code} {response.reason}."
                )
            for piece in response.iter_content(CHUNK):
                if cancelled():
                    raise DownloadCancelled("The download was stopped.")
                done += len(piece)
                if done > file.size:
                    break
                digest.update(piece)
                stream.write(piece)
                arrived(len(piece))
    except requests.RequestException as error:
        raise DownloadError(
            f"The connection to {host} ended after {done / 1e6:.1f} of {file.size / 1e6:.1f} MB of {file.name}. "
            "What had arrived of it was not kept; try again."
        ) from error
    if done != file.size or f"{file.algorithm}:{digest.hexdigest()}" != file.digest:
        raise DownloadError(
            f"What arrived from {host} is not the published {file.name} (its checksum or size differs), so it was "
            "thrown away. A network's login page may have answered instead: open any web page, then try again."
        )


def _answer(url: str):
    """The server's answer, its body not yet read. Raises what `requests` raises, ConnectTimeout after OPEN_SECONDS."""
    import requests

    answers: queue.SimpleQueue = queue.SimpleQueue()

    def ask() -> None:
        try:
            # Without "identity" a server may pack the .gz once more, and the bytes counted are not the file's.
            answer = requests.get(
                url, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS), headers={"Accept-Encoding": "identity"}
            )
        except Exception as error:  # raised again below, in the thread that waits
            answer = error
        answers.put(answer)

    # Neither the name look-up nor the number of a server's addresses, each tried for CONNECT_SECONDS, has a limit of
    # its own; where a firewall swallows packets they add up to minutes.
    threading.Thread(target=ask, name=f"open {url}", daemon=True).start()
    try:
        answer = answers.get(timeout=OPEN_SECONDS)
    except queue.Empty:
        raise requests.ConnectTimeout(f"no answer from {url} in {OPEN_SECONDS:g} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _sweep(folder: Path, file: RemoteFile) -> None:
    """Remove partial files of a process that was killed."""
    for left in folder.glob(f".{file.name}.*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                left.unlink()
