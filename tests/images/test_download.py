import dataclasses
import errno
import hashlib
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.images import download
from core.images.catalogue import CATALOGUE, RemoteFile
from core.images.datasets import is_intact
from core.images.download import DownloadCancelled, DownloadError, current_download, fetch, start_download

CONTENT = os.urandom(300_000)
SECONDS = 10  # longer than anything here takes; a test that waits so long has failed


class Server:
    """A web server on this machine that can be held in the middle of a file."""

    def __init__(self):
        self.asked: list[str] = []
        self.half_sent, self.go_on = threading.Event(), threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append(self.path)
                getattr(server, self.path.strip("/").split("/")[0])(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def head(self, handler, length):
        handler.send_response(200)
        handler.send_header("Content-Length", str(length))
        handler.end_headers()

    def good(self, handler):
        self.head(handler, len(CONTENT))
        handler.wfile.write(CONTENT)

    def unannounced(self, handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(CONTENT)

    def other(self, handler):
        self.head(handler, len(CONTENT))
        handler.wfile.write(CONTENT[::-1])

    def login(self, handler):
        page = b"<html>Please log in</html>"
        self.head(handler, len(page))
        handler.wfile.write(page)

    def endless(self, handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(200):  # 60 MB: more than any socket buffers
                handler.wfile.write(CONTENT)
        except OSError:
            self.go_on.set()

    def cut(self, handler):
        self.head(handler, len(CONTENT))
        handler.wfile.write(CONTENT[:200_000])

    def held(self, handler):
        self.head(handler, len(CONTENT))
        try:
            handler.wfile.write(CONTENT[:200_000])
            handler.wfile.flush()
            self.half_sent.set()
            self.go_on.wait(SECONDS)
            handler.wfile.write(CONTENT[200_000:])
        except OSError:
            pass

    def moved(self, handler):
        handler.send_response(302)
        handler.send_header("Location", f"{self.base}/nowhere")
        handler.end_headers()

    def nowhere(self, handler):
        handler.send_error(404)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Server()
    yield running
    running.go_on.set()
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture(autouse=True)
def keras_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(download, "_running", {})
    return tmp_path / "keras"


def remote(url: str, name: str = "set.npz") -> RemoteFile:
    return RemoteFile(url, name, len(CONTENT), f"sha256:{hashlib.sha256(CONTENT).hexdigest()}")


def entry_from(*files: RemoteFile):
    return dataclasses.replace(CATALOGUE["mnist"], files=files)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def ended(thread_name: str) -> None:
    """Wait until the threads of that name have ended."""
    for thread in threading.enumerate():
        if thread.name == thread_name:
            thread.join(SECONDS)
            assert not thread.is_alive()


def some_bytes_of(running) -> None:
    deadline = time.monotonic() + SECONDS
    while running.progress().done == 0 and time.monotonic() < deadline:
        running.wait(0.01)


@pytest.mark.parametrize("kind", ["good", "unannounced"])
def test_a_good_file_arrives_whole(server, tmp_path, kind):
    """The bytes lie under the file's name, every one was counted, and nothing else is in the folder."""
    pieces = []
    path = fetch(remote(f"{server.base}/{kind}"), tmp_path / "new" / "folder", pieces.append)
    assert path == tmp_path / "new" / "folder" / "set.npz"
    assert path.read_bytes() == CONTENT
    assert sum(pieces) == len(CONTENT) and len(pieces) > 1
    assert left_in(path.parent) == ["set.npz"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "kind, words",
    [
        ("other", "not the published set.npz .*thrown away"),
        ("login", "not the published set.npz .*login page"),
        ("endless", "not the published set.npz"),
        ("cut", r"ended after 0\.\d of 0\.3 MB of set\.npz.*try again"),
        ("moved", "127.0.0.1 does not give set.npz: it answered 404"),
        ("nowhere", "127.0.0.1 does not give set.npz: it answered 404"),
    ],
)
def test_a_bad_answer_leaves_everything_as_it_was(server, tmp_path, kind, words):
    """A wrong file, a login page, too much, too little, a dead link: a clear line, and the old file untouched."""
    old = tmp_path / "set.npz"
    old.write_bytes(b"old")
    with pytest.raises(DownloadError, match=words):
        fetch(remote(f"{server.base}/{kind}"), tmp_path)
    assert left_in(tmp_path) == ["set.npz"]
    assert old.read_bytes() == b"old"


def test_too_much_is_not_read_to_its_end(server, tmp_path):
    """A server that never stops is left once it sent more than the file's size."""
    with pytest.raises(DownloadError):
        fetch(remote(f"{server.base}/endless"), tmp_path)
    assert server.go_on.wait(SECONDS)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_a_connection_the_person_learns_what_works(tmp_path, monkeypatch):
    """A refused connection is one clear line within the time limit."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    began = time.monotonic()
    with pytest.raises(DownloadError, match="No connection to 127.0.0.1, .*what is built in works.*CONVLAB_DATA"):
        fetch(remote(f"http://127.0.0.1:{closed_port()}/x"), tmp_path)
    assert time.monotonic() - began < download.CONNECT_SECONDS
    assert left_in(tmp_path) == []


def test_an_unknown_host_is_no_connection(tmp_path, monkeypatch):
    """So is a name that cannot be looked up; .invalid never can."""
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(DownloadError, match="No connection to data.invalid"):
        fetch(remote("https://data.invalid/x"), tmp_path)


def test_a_network_that_swallows_packets_does_not_hang_the_download(tmp_path, monkeypatch):
    """However many addresses and look-ups there are, an answer that does not begin in time counts as offline."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "OPEN_SECONDS", 0.2)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DownloadError, match="No connection"):
        fetch(remote(f"http://127.0.0.1:{silent.getsockname()[1]}/x"), tmp_path)
    assert time.monotonic() - began < download.READ_SECONDS / 2


def test_silence_in_the_middle_ends_it(server, tmp_path, monkeypatch):
    """A connection that dies without a word is given up after READ_SECONDS."""
    monkeypatch.setattr(download, "READ_SECONDS", 0.2)
    with pytest.raises(DownloadError, match=r"ended after 0\.\d of 0\.3 MB"):
        fetch(remote(f"{server.base}/held"), tmp_path)
    assert left_in(tmp_path) == []


def test_a_full_disk_is_called_so(server, tmp_path, monkeypatch):
    """No room is a line with the size and the folder."""

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    with pytest.raises(DownloadError, match=r"no room for set\.npz \(0\.3 MB\) in .*KERAS_HOME"):
        fetch(remote(f"{server.base}/good"), tmp_path)
    assert left_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_named(server, tmp_path):
    """A file where the folder should be is a line, not a traceback."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match=r"cannot be written in .*file.datasets"):
        fetch(remote(f"{server.base}/good"), tmp_path / "file" / "datasets")
    assert server.asked == []


def test_the_bytes_are_on_disk_before_the_name_is(server, tmp_path, monkeypatch):
    """The file is synced, complete and checked at the moment when it is given its name."""
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(download.os, "fsync", lambda handle: order.append("fsync") or fsync(handle))

    def watched(source, target):
        order.append("replace")
        assert Path(source).read_bytes() == CONTENT
        assert Path(source).parent == Path(target).parent
        replace(source, target)

    monkeypatch.setattr(download.os, "replace", watched)
    fetch(remote(f"{server.base}/good"), tmp_path)
    assert order == ["fsync", "replace"]


def test_what_a_killed_process_left_is_swept_away(server, tmp_path):
    """An old partial file goes; one that another process is writing now stays."""
    old, fresh = tmp_path / ".set.npz.abc.part", tmp_path / ".set.npz.def.part"
    for path in (old, fresh):
        path.write_bytes(b"partial")
    os.utime(old, (time.time() - 2 * download.STALE_SECONDS,) * 2)
    fetch(remote(f"{server.base}/good"), tmp_path)
    assert left_in(tmp_path) == [".set.npz.def.part", "set.npz"]


def test_a_fetch_can_be_told_to_stop(server, tmp_path):
    """It stops at the next piece and keeps nothing."""
    pieces = []
    with pytest.raises(DownloadCancelled):
        fetch(remote(f"{server.base}/good"), tmp_path, pieces.append, lambda: len(pieces) == 2)
    assert len(pieces) == 2
    assert left_in(tmp_path) == []


def test_a_set_is_downloaded_file_by_file(server, keras_home):
    """All files land where Keras looks; the progress ends at the full size with a rate."""
    entry = entry_from(remote(f"{server.base}/good/a", "a.gz"), remote(f"{server.base}/good/b", "b.gz"))
    end = start_download(entry).wait(SECONDS)
    assert (end.state, end.done, end.total, end.fraction) == ("done", 600_000, 600_000, 1.0)
    assert end.rate > 0 and end.seconds_left == 0
    assert end.message == "MNIST is here."
    assert left_in(keras_home / "datasets") == ["a.gz", "b.gz"]
    assert all(is_intact(keras_home / "datasets" / file.name, file) for file in entry.files)


def test_only_what_is_missing_or_damaged_is_fetched(server, keras_home):
    """A whole file in the cache stays; a truncated one is fetched again, and only it is counted."""
    entry = entry_from(remote(f"{server.base}/good/a", "a.gz"), remote(f"{server.base}/good/b", "b.gz"))
    folder = keras_home / "datasets"
    folder.mkdir(parents=True)
    (folder / "a.gz").write_bytes(CONTENT)
    (folder / "b.gz").write_bytes(CONTENT[:1000])
    end = start_download(entry).wait(SECONDS)
    assert (end.state, end.done, end.total) == ("done", 300_000, 300_000)
    assert server.asked == ["/good/b"]
    assert (folder / "b.gz").read_bytes() == CONTENT


def test_progress_is_seen_while_it_runs(server):
    """In the middle of a file the snapshot says how far it is and how long it may take."""
    running = start_download(entry_from(remote(f"{server.base}/held")))
    assert server.half_sent.wait(SECONDS)
    some_bytes_of(running)
    now = running.progress()
    assert now.state == "running" and 0 < now.done < now.total == 300_000
    assert 0 < now.fraction < 1 and now.rate > 0 and now.seconds_left > 0
    assert now.message == "Downloading MNIST"
    with pytest.raises(dataclasses.FrozenInstanceError):
        now.done = 0
    server.go_on.set()
    assert running.wait(SECONDS).state == "done"


def test_cancel_counts_at_once_and_leaves_nothing(server, keras_home):
    """Cancelling in the middle of a silent connection is seen immediately; what arrived later is not kept."""
    running = start_download(entry_from(remote(f"{server.base}/held")))
    assert server.half_sent.wait(SECONDS)
    some_bytes_of(running)
    running.cancel()
    stopped = running.progress()
    assert stopped.state == "cancelled" and stopped.message == "The download of MNIST was stopped."
    server.go_on.set()
    ended("download mnist")
    assert running.progress() == stopped
    assert left_in(keras_home) == []


def test_a_second_visitor_joins(server):
    """Two who ask at once watch one download; one request goes out."""
    entry = entry_from(remote(f"{server.base}/held"))
    asked_together = []
    together = threading.Barrier(2)

    def visitor():
        together.wait()
        asked_together.append(start_download(entry))

    visitors = [threading.Thread(target=visitor) for _ in range(2)]
    for thread in visitors:
        thread.start()
    for thread in visitors:
        thread.join()
    first, second = asked_together
    assert first is second is current_download("mnist")
    server.go_on.set()
    assert second.wait(SECONDS).state == "done"
    assert server.asked == ["/held"]


def test_after_an_end_the_next_one_starts_anew(server):
    """A cancelled download can be begun again, and finds its own way to the end."""
    entry = entry_from(remote(f"{server.base}/held"))
    first = start_download(entry)
    assert server.half_sent.wait(SECONDS)
    first.cancel()
    server.go_on.set()
    second = start_download(entry)
    assert second is not first
    assert second.wait(SECONDS).state == "done"
    assert first.progress().state == "cancelled"


def test_a_failure_is_the_message_of_the_download(server, keras_home):
    """What went wrong in the thread reaches the one who watches, and the bar stops."""
    end = start_download(entry_from(remote(f"{server.base}/other"))).wait(SECONDS)
    assert end.state == "failed"
    assert "not the published set.npz" in end.message
    assert left_in(keras_home) == []


def test_a_surprise_in_the_thread_is_a_failure_too(monkeypatch):
    """Even an error that nobody thought of ends the bar with a line, and its traceback goes to the log."""
    logged = []
    monkeypatch.setattr(threading, "excepthook", lambda args: logged.append(args.exc_type))
    monkeypatch.setattr(download, "fetch", lambda *_: 1 / 0)
    end = start_download(entry_from(remote("http://127.0.0.1/x"))).wait(SECONDS)
    assert end.state == "failed"
    assert end.message.startswith("No download of MNIST: a fault in ConvLab.")
    ended("download mnist")
    assert logged == [ZeroDivisionError]


def test_nothing_was_asked_of_a_set_yet():
    """Before the first download there is none to show."""
    assert current_download("mnist") is None
