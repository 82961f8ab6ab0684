"""A network that a person keeps: one folder, or a ZIP of it, that holds all that is needed to use it elsewhere.

    model.keras     the whole network, from the prepared picture (n, side, side, 3) to its answer
    about.json      class names, preparation, how to read the answer, when it does not know
    classify.py     asks the network about a file, with nothing but Keras, NumPy and Pillow; says when it is none
    notebook.ipynb  the same, step by step
    README.txt

A .keras file can hold code. Here one is opened only after `check_keras_file` has seen that it holds none.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.images.class_names import clean_class_name
from core.transfer.kept_check import MOST_BYTES, check_keras_file

FORMAT, VERSION = "convlab-model", 1
MODEL, ABOUT = "model.keras", "about.json"
FILES = (MODEL, ABOUT, "classify.py", "notebook.ipynb", "README.txt")
OUTPUTS = ("sigmoid", "softmax")
LARGEST_TEXT = 2 << 20  # bytes of about.json and its like
MOST_CLASSES = 1000


@dataclass(frozen=True)
class KeptModel:
    """A kept network, read and checked. Its names are text, never markup."""

    folder: Path
    title: str
    class_names: tuple[str, ...]
    output: str  # "sigmoid": one number, the share of the second class; "softmax": one for each class
    backbone: str  # "" for a network from scratch
    preparation: dict[str, Any]  # as core.transfer.preparation wrote it
    novelty: dict[str, Any] | None  # as core.transfer.novelty wrote it
    feature_layer: str  # the layer that gives the last maps, for Grad-CAM and for "neither"
    accuracy: dict[str, float]  # of "validation", and of "test" where that was asked for
    made: str  # the day
    judged_on: dict[str, int] = field(default_factory=dict)  # part -> pictures, where that is known

    @property
    def model_file(self) -> Path:
        return self.folder / MODEL

    def in_folder(self, folder: Path) -> "KeptModel":
        """The same, elsewhere."""
        return replace(self, folder=folder)

    def file(self) -> bytes:
        """The .keras file."""
        return self.model_file.read_bytes()

    def about(self) -> dict[str, Any]:
        """The content of about.json."""
        fields = {name: value for name, value in vars(self).items() if name != "folder"}
        return {"format": FORMAT, "version": VERSION, **fields, "class_names": list(self.class_names)}

    def probabilities(self, said: np.ndarray) -> np.ndarray:
        """(n, classes) from what the network says, (n, 1) or (n, classes)."""
        said = np.asarray(said, np.float64)
        return np.concatenate([1 - said, said], axis=1) if self.output == "sigmoid" else said


def write_kept(kept: KeptModel, model: bytes, texts: dict[str, str]) -> KeptModel:
    """Put a network into its folder. model: the .keras file; texts: the other files for people, by name."""
    kept.folder.mkdir(parents=True, exist_ok=True)
    for name, text in {ABOUT: json.dumps(kept.about(), indent=1, ensure_ascii=False), **texts}.items():
        (kept.folder / name).write_text(text, encoding="utf-8")
    kept.model_file.write_bytes(model)
    return kept


def read_kept(folder: Path) -> KeptModel:
    """The network in a folder. Raises ValueError, in plain words, for what is none or would run code."""
    about = folder / ABOUT
    if not about.is_file() or not (folder / MODEL).is_file():
        raise ValueError(f"A kept model has {MODEL} and {ABOUT}. Received: {', '.join(_names(folder)) or 'nothing'}")
    if about.stat().st_size > LARGEST_TEXT:
        raise ValueError(f"{ABOUT} is a short text. Received: {about.stat().st_size:,} bytes")
    check_keras_file(folder / MODEL)
    return _read_about(folder, about.read_bytes())


def as_archive(kept: KeptModel) -> bytes:
    """The folder as a ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            if (kept.folder / name).is_file():
                # A .keras file is a ZIP itself and does not become smaller.
                how = zipfile.ZIP_STORED if name == MODEL else zipfile.ZIP_DEFLATED
                archive.write(kept.folder / name, f"convlab-model/{name}", how)
    return stream.getvalue()


def open_archive(data: bytes, folder: Path) -> KeptModel:
    """Unpack a kept model into an empty folder. Only the five files are taken, wherever their folder lies in the ZIP.

    Raises ValueError, in plain words, for what is no such ZIP, is too large or would run code.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"A kept model has at most {MOST_BYTES >> 20} MB. Received: {len(data) / 2**20:.0f} MB")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise ValueError(f"A kept model is a ZIP file. Received: {len(data):,} bytes of something else") from error
    with archive:
        members = {}
        for info in archive.infolist():
            name = info.filename.rsplit("/", 1)[-1]
            if name in FILES and not info.is_dir():
                if name in members:
                    raise ValueError(f"A kept model has one {name}. Received: two of them")
                members[name] = info
        if not {MODEL, ABOUT} <= set(members):
            raise ValueError(f"A kept model has {MODEL} and {ABOUT}. Received: {_listed(archive.namelist())}")
        folder.mkdir(parents=True, exist_ok=True)
        for name, info in members.items():
            (folder / name).write_bytes(_member(archive, info, MOST_BYTES if name == MODEL else LARGEST_TEXT))
    return read_kept(folder)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Its bytes, counted while they are unpacked: what the ZIP says of sizes may be wrong."""
    try:
        with archive.open(info) as stream:
            content = stream.read(most + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise ValueError(f"{info.filename} in the ZIP cannot be read. Received: {error}") from error
    if len(content) > most:
        raise ValueError(f"{info.filename} has at most {most >> 20} MB. Received: more")
    return content


def _read_about(folder: Path, content: bytes) -> KeptModel:
    try:
        about = json.loads(content)
        if about["format"] != FORMAT or about["version"] != VERSION:
            raise ValueError(f"Its format is {FORMAT} {VERSION}. Received: {about['format']} {about['version']}")
        if not isinstance(about["class_names"], list):
            raise ValueError(f"Its class names are a list. Received: {type(about['class_names']).__name__}")
        names = tuple(clean_class_name(name) for name in about["class_names"])
        if not 2 <= len(names) <= MOST_CLASSES or about["output"] not in OUTPUTS:
            raise ValueError(f"It has 2 to {MOST_CLASSES} classes. Received: {len(names)}, output={about['output']!r}")
        return KeptModel(
            folder=folder,
            title=clean_class_name(about["title"]),
            class_names=names,
            output=about["output"],
            backbone=str(about["backbone"])[:40],
            preparation=dict(about["preparation"]),
            novelty=None if about["novelty"] is None else dict(about["novelty"]),
            feature_layer=str(about["feature_layer"])[:120],
            accuracy={str(part)[:20]: float(share) for part, share in about["accuracy"].items()},
            made=str(about["made"])[:40],
            judged_on={str(part)[:20]: int(count) for part, count in about.get("judged_on", {}).items()},
        )
    except ValueError as error:
        raise ValueError(f"{ABOUT} is not that of a kept model. {error}") from error
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{ABOUT} is not that of a kept model. Received: it lacks or misnames {error}") from error


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())[:8] if folder.is_dir() else []


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:5])}{' …' if len(names) > 5 else ''}" if names else "an empty ZIP"
