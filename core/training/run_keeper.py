"""Writes runs to the store. Where the disk takes nothing a run says so and goes on, and is written once it can be."""

import contextlib
import time
from collections.abc import Iterable

from core.training.live_run import LiveRun, without_model
from core.training.store import StorageFull, Store

PAUSE = 5.0  # seconds until what found no room is tried again


class RunKeeper:
    """Keeps the runs of one desk. `write` may be called from any thread, the others from the desk's."""

    def __init__(self, store: Store):
        self._store = store
        self._tried = 0.0  # when what found no room was tried last, by time.monotonic()

    def write(self, run: LiveRun) -> None:
        """Its row and the epochs that are not on disk yet."""
        with run.writing, _storing(run):
            if run.is_deleted:
                return
            self._store.add(run.to_store())
            for epoch, content in run.unwritten():
                self._store.add_epoch(run.id, epoch, content)
                run.is_written(epoch)

    def write_models(self, run: LiveRun) -> None:
        """The models of its last and its best epoch; what is on disk need not be in memory."""
        with run.writing, _storing(run):
            for which, kept in run.kept.items():
                if kept["model"] and not run.is_deleted:
                    self._store.keep_checkpoint(run.id, which, kept)
        if not run.storage_message:
            run.kept = {name: without_model(kept) for name, kept in run.kept.items()}

    def write_again(self, runs: Iterable[LiveRun]) -> None:
        """What found no room, every few seconds."""
        if time.monotonic() < self._tried + PAUSE:
            return
        self._tried = time.monotonic()
        for run in runs:
            if run.storage_message:
                self.write(run)
            if not run.storage_message:
                self.write_models(run)


@contextlib.contextmanager
def _storing(run: LiveRun):
    """Write, and say so where nothing can be written."""
    try:
        yield
        run.storage_message = ""
    except StorageFull as error:
        run.storage_message = str(error)
