"""Runs on disk: a SQLite file and a folder of models for each run, under CONVLAB_HOME (~/.convlab by default).

Nothing of a person's own pictures is written here.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HOME = "CONVLAB_HOME"
ENDED = ("finished", "stopped", "failed")
_TABLES = """
create table if not exists runs (
    id text primary key, visitor text not null, title text not null, spec text not null, state text not null,
    message text not null default '', device text not null default '', created real not null,
    facts text not null default '{}', test text not null default ''
);
create table if not exists epochs (
    run text not null references runs(id) on delete cascade, epoch integer not null, content text not null,
    primary key (run, epoch)
);
"""


class StorageFull(OSError):
    """Nothing can be written under CONVLAB_HOME; the message says where and why."""


def home() -> Path:
    """The folder that ConvLab writes to."""
    return Path(os.environ.get(HOME) or "~/.convlab").expanduser()


@dataclass(frozen=True)
class StoredRun:
    """One run as it was last written."""

    id: str
    visitor: str
    title: str
    spec: str  # RunSpec as JSON
    state: str
    message: str
    device: str
    created: float  # seconds since 1970
    facts: dict[str, Any]  # counts, classes, points of the curves: what the desk wrote
    test: dict[str, Any] | None  # what the test set said


class Store:
    """The runs of one installation. Its methods may be called from any thread.

    Writing raises StorageFull where the disk does not take it; what was there before stays.
    """

    def __init__(self, folder: Path | None = None):
        self.folder = folder or home()
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def add(self, run: StoredRun) -> None:
        """Write a new run, or a known one anew."""
        self._write(
            "insert into runs (id, visitor, title, spec, state, message, device, created, facts, test) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set state=excluded.state, "
            "message=excluded.message, device=excluded.device, facts=excluded.facts, test=excluded.test",
            (
                run.id,
                run.visitor,
                run.title,
                run.spec,
                run.state,
                run.message,
                run.device,
                run.created,
                json.dumps(run.facts),
                json.dumps(run.test) if run.test else "",
            ),
        )

    def add_epoch(self, run_id: str, epoch: int, content: dict[str, Any]) -> None:
        """Write what an epoch brought; plain JSON values."""
        self._write("insert or replace into epochs values (?, ?, ?)", (run_id, epoch, json.dumps(content)))

    def run(self, run_id: str) -> StoredRun | None:
        """The run of that name."""
        found = self._read("select * from runs where id = ?", (run_id,))
        return _as_run(found[0]) if found else None

    def runs(self, limit: int = 100) -> list[StoredRun]:
        """The newest first."""
        return [_as_run(row) for row in self._read("select * from runs order by created desc limit ?", (limit,))]

    def epochs(self, run_id: str) -> list[dict[str, Any]]:
        """The epochs of a run, in order."""
        rows = self._read("select content from epochs where run = ? order by epoch", (run_id,))
        return [json.loads(row["content"]) for row in rows]

    def unfinished(self) -> list[StoredRun]:
        """Runs that some earlier process left in the middle."""
        marks = ", ".join("?" * len(ENDED))
        return [_as_run(r) for r in self._read(f"select * from runs where state not in ({marks}, 'lost')", ENDED)]

    def delete(self, run_id: str) -> None:
        """Forget a run and its models."""
        self._write("delete from epochs where run = ?", (run_id,))
        self._write("delete from runs where id = ?", (run_id,))
        shutil.rmtree(self._place(run_id), ignore_errors=True)

    def keep_checkpoint(self, run_id: str, which: str, checkpoint: dict[str, Any]) -> None:
        """Keep what TrainingRun.checkpoint gave: <which>.keras, and for the last epoch all that resuming needs."""
        folder = self._place(run_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with contextlib.ExitStack() as files:  # both take their names once both are complete
                model = files.enter_context(_replacing(folder / f"{which}.keras"))
                model.write(checkpoint["model"])
                model.flush()
                if which == "last":
                    rest = {name: checkpoint[name] for name in ("epoch", "step", "learning_rate", "seconds")}
                    arrays = {f"optimiser_{i}": array for i, array in enumerate(checkpoint["optimiser"])}
                    scores = {"accuracy": checkpoint["accuracy"], "loss": checkpoint["loss"]}
                    stream = files.enter_context(_replacing(folder / "resume.npz"))
                    np.savez(stream, about=json.dumps(rest | scores), **arrays)
                    stream.flush()
        except OSError as error:
            raise _full(self.folder, error) from error

    def model(self, run_id: str, which: str = "best") -> bytes | None:
        """The .keras file of the "best" or the "last" epoch."""
        path = self._place(run_id) / f"{which}.keras"
        return path.read_bytes() if path.is_file() else None

    def checkpoint(self, run_id: str) -> dict[str, Any] | None:
        """What a run needs to go on after its last epoch."""
        path, model = self._place(run_id) / "resume.npz", self.model(run_id, "last")
        if model is None or not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as arrays:
            about = json.loads(str(arrays["about"]))
            count = sum(name.startswith("optimiser_") for name in arrays.files)
            return {**about, "model": model, "optimiser": [arrays[f"optimiser_{i}"] for i in range(count)]}

    def _place(self, run_id: str) -> Path:
        if not run_id.isalnum():
            raise ValueError(f"A run's name has letters and digits only. Received: {run_id[:40]!r}")
        return self.folder / "runs" / run_id

    def _connected(self) -> sqlite3.Connection:
        file = self.folder / "convlab.sqlite"
        if self._connection is None or not file.exists():  # somebody may have emptied the folder
            self.folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(file, check_same_thread=False, timeout=10)
            connection.row_factory = sqlite3.Row
            connection.execute("pragma journal_mode = wal")
            connection.executescript(_TABLES)
            self._connection = connection
        return self._connection

    def _write(self, statement: str, values: tuple) -> None:
        with self._lock:
            try:
                with self._connected() as connection:
                    connection.execute(statement, values)
            except (sqlite3.Error, OSError) as error:
                self._connection = None  # the folder may be another one by the next attempt
                raise _full(self.folder, error) from error

    def _read(self, statement: str, values: tuple) -> list[sqlite3.Row]:
        with self._lock:
            try:
                return self._connected().execute(statement, values).fetchall()
            except (sqlite3.Error, OSError):
                return []


class _replacing:
    """A file that takes its name only when it is complete."""

    def __init__(self, path: Path):
        self._path = path

    def __enter__(self):
        handle, self._part = tempfile.mkstemp(prefix=f".{self._path.name}.", suffix=".part", dir=self._path.parent)
        self._stream = os.fdopen(handle, "wb")
        return self._stream

    def __exit__(self, kind, *_):
        try:
            self._stream.close()
        except OSError:
            kind = OSError
            raise
        finally:
            if kind is None:
                os.replace(self._part, self._path)
            else:
                os.unlink(self._part)


def new_run(run_id: str, visitor: str, title: str, spec: str) -> StoredRun:
    """A run that waits."""
    return StoredRun(run_id, visitor, title, spec, "queued", "", "", time.time(), {}, None)


def _as_run(row: sqlite3.Row) -> StoredRun:
    content = {**dict(row), "facts": json.loads(row["facts"]), "test": json.loads(row["test"]) if row["test"] else None}
    return StoredRun(**content)


def _full(folder: Path, error: Exception) -> StorageFull:
    why = getattr(error, "strerror", None) or str(error)
    words = f"Nothing can be written in {folder} ({why}). The run goes on, but it is not kept until there is room."
    return StorageFull(words)
