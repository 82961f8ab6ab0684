"""The network that this visitor kept: in a folder of its own on this machine, deleted with the session."""

import datetime
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import streamlit as st

from core.compute.engine import engine
from core.transfer.kept_check import check_keras_file
from core.transfer.kept_models import KeptModel, open_archive, write_kept
from core.transfer.preparation import about_preparation
from core.ui import visitor_folders

FOLDER, MODEL, NEW = "folder of kept models", "kept model", "kept model is new"
LOAD_SECONDS = 60.0  # with a worker that has yet to import Keras


def current() -> KeptModel | None:
    """The model that the visitor kept or loaded last; None before."""
    return st.session_state.get(MODEL)


def keep(model: KeptModel, file: bytes, texts: dict[str, str]) -> KeptModel:
    """Write a model down (its own folder is put in) and let it be the current one. Raises OSError without room."""
    return _let_be_current(write_kept(model.in_folder(fresh_folder()), file, texts))


def load(archive: bytes) -> KeptModel:
    """Take a kept model's ZIP back in. ValueError, in plain words, for what is none or would run code."""
    with _folder() as folder:
        return _let_be_current(open_archive(archive, folder))


def load_bare(file: bytes) -> KeptModel:
    """Take a .keras file alone: its classes are only numbered. ValueError, in plain words, as in `load`.

    Waits for a worker, which opens it in Keras's safe mode.
    """
    with _folder() as folder:
        path = folder / "model.keras"
        path.write_bytes(file)
        check_keras_file(path)
        told = engine().submit("core.transfer.kept_keras:described", file).result(timeout=LOAD_SECONDS)
        names = tuple(f"class {number + 1}" for number in range(told["answers"]))
        model = KeptModel(
            folder, "A model file", names, told["output"], "", about_preparation(told["side"]), None,
            told["feature_layer"], {}, datetime.date.today().isoformat(),
        )  # fmt: skip
        return _let_be_current(write_kept(model, file, {}))


def is_new() -> bool:
    """Whether the current model has come since this was last asked."""
    return st.session_state.pop(NEW, False)


def forget() -> None:
    """Delete all that this visitor kept here."""
    st.session_state.pop(MODEL, None)
    st.session_state.pop(NEW, None)
    if folder := st.session_state.pop(FOLDER, None):
        folder.cleanup()


def _let_be_current(model: KeptModel) -> KeptModel:
    st.session_state[MODEL], st.session_state[NEW] = model, True
    return model


@contextmanager
def _folder() -> Iterator[Path]:
    """A fresh folder, which goes again where what was to be put into it is refused."""
    folder = fresh_folder()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def fresh_folder() -> Path:
    """A new, empty place in the visitor's folder, which goes when the session goes."""
    if FOLDER not in st.session_state:
        st.session_state[FOLDER] = tempfile.TemporaryDirectory(
            dir=visitor_folders.of_this_server(), ignore_cleanup_errors=True
        )
    folder = Path(st.session_state[FOLDER].name) / uuid4().hex
    folder.mkdir()
    return folder
