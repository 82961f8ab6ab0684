"""Classes of pictures from a ZIP or a folder: what is in it and where it belongs. Nothing is unpacked to disk."""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.images.class_names import clean_file_name
from core.images.picture_file import MAX_BYTES
from core.images.picture_layout import Place, lay_out

MOST_ZIP_BYTES = 200 * 1024 * 1024
MOST_FILES = 5_000
MOST_UNPACKED = 400 * 1024 * 1024
MOST_CONTENTS = 4 * 1024 * 1024  # bytes of the list at a ZIP's end: over 30,000 entries
MOST_RATIO = 100  # times smaller than unpacked: pictures hardly shrink, a bomb does
SMALL = 1024 * 1024  # bytes below which a ratio says nothing
HANDBAGS_SHOES = "handbags-shoes"


@dataclass(frozen=True)
class BadFile:
    """A file that was passed over. Name and reason are text, not markup."""

    name: str
    reason: str


@dataclass(frozen=True)
class ArchiveFile:
    """A file that may be a picture."""

    name: str  # below its class's folder
    class_name: str
    part: str | None  # "train", "validation" or "test" where the folders say so
    size: int  # bytes
    read: Callable[[], bytes]  # its content, at most 20 MB and a byte of it; ValueError when it is damaged


@dataclass(frozen=True)
class Archive:
    """What is in a ZIP or a folder, its pictures not yet looked at."""

    classes: tuple[str, ...]  # empty ones too
    files: tuple[ArchiveFile, ...]
    bad: tuple[BadFile, ...]

    @property
    def has_parts(self) -> bool:
        return any(file.part for file in self.files)


def handbags_shoes() -> Path | None:
    """The lecture's two classes in the folder that CONVLAB_DATA names, if they are there."""
    chosen = os.environ.get("CONVLAB_DATA")
    folder = Path(chosen).expanduser() / HANDBAGS_SHOES if chosen else None
    return folder if folder and folder.is_dir() else None


def read_zip(source: bytes | BinaryIO) -> Archive:
    """The classes in a ZIP: one folder for each, or train, validation and test with one folder for each.

    source: the file's bytes, or the file opened for reading; it stays open for `ArchiveFile.read`.
    Files that cannot be taken are listed in `bad`. ValueError, in plain words, refuses the ZIP as a whole: no ZIP, over
    200 MB, over 5,000 files, over 400 MB unpacked, a file that unpacks to more than 100 times its size, a password, no
    folders, a class without a usable name.
    """
    stream = io.BytesIO(source) if isinstance(source, (bytes, bytearray, memoryview)) else source
    size = stream.seek(0, os.SEEK_END)
    if size > MOST_ZIP_BYTES:
        raise ValueError(f"A ZIP has at most {MOST_ZIP_BYTES // 1024**2} MB. Received: {size / 1024**2:.0f} MB")
    members = _opened(stream, size)
    entries = members.infolist()
    files = [entry for entry in entries if not entry.is_dir()]
    _check_whole(files)
    bad, paths = [], {}
    for entry in files:
        reason = _fault(entry)
        if reason:
            bad.append(BadFile(clean_file_name(entry.filename), reason))
        else:
            paths.setdefault(entry.filename.replace("\\", "/"), []).append(entry)
    if files and not paths:
        raise ValueError(f"Nothing in this ZIP can be read. Received: {bad[0].name}. {bad[0].reason}")
    folders = [entry.filename.replace("\\", "/") for entry in entries if entry.is_dir()]
    layout = lay_out(paths, [folder for folder in folders if _stays_inside(folder)])
    found = tuple(
        _file(place, entry.file_size, _reader(members, entry)) for place in layout.places for entry in paths[place.path]
    )
    return Archive(layout.classes, found, (*bad, *_listed(layout.unplaced)))


def read_folder(folder: Path, without: frozenset[str] = frozenset()) -> Archive:
    """The classes in a folder on this machine, laid out as in a ZIP. Links in it are not followed.

    without: files to leave out, as paths below the folder: "shoes/shoe_001.jpg".
    ValueError when it is no folder, has more than 5,000 files or is laid out otherwise.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"A folder of pictures is there. Received: {folder}")
    bad, paths = [], {}
    for path in _walked(folder):
        name = path.relative_to(folder).as_posix()
        if name in without:
            continue
        if path.is_symlink():
            bad.append(BadFile(clean_file_name(name), "A link is not followed."))
            continue
        paths[name] = path
        if len(paths) > MOST_FILES:
            raise ValueError(f"A folder has at most {MOST_FILES:,} files. Received: more in {folder.name}")
    empty = [f"{path.name}/" for path in sorted(folder.iterdir()) if path.is_dir() and not path.is_symlink()]
    layout = lay_out(paths, empty)
    found = tuple(_file(place, paths[place.path].stat().st_size, _opener(paths[place.path])) for place in layout.places)
    return Archive(layout.classes, found, (*bad, *_listed(layout.unplaced)))


def read_sent(files: Iterable[tuple[str, int, Callable[[], bytes]]]) -> Archive:
    """The classes in a folder that a browser sent, file by file, laid out as in a ZIP.

    files: path from the folder on, "pets/cats/1.jpg", size in bytes, and what gives the content.
    ValueError, in plain words, for over 5,000 files, over 200 MB, or another layout.
    """
    sent = {path.replace("\\", "/"): (size, read) for path, size, read in files}
    if len(sent) > MOST_FILES:
        raise ValueError(f"A folder has at most {MOST_FILES:,} files. Received: {len(sent):,}")
    whole = sum(size for size, _ in sent.values())
    if whole > MOST_ZIP_BYTES:
        raise ValueError(f"A folder has at most {MOST_ZIP_BYTES // 1024**2} MB. Received: {whole / 1024**2:,.0f} MB")
    inside = {path: of_file for path, of_file in sent.items() if _stays_inside(path)}
    bad = [BadFile(clean_file_name(path), "Its path leads out of the folder.") for path in sent if path not in inside]
    layout = lay_out(inside)
    found = tuple(_file(place, *inside[place.path]) for place in layout.places)
    return Archive(layout.classes, found, (*bad, *_listed(layout.unplaced)))


class _Guarded:
    """A stream in which the list at a ZIP's end is read only if it is short enough for the memory it will take."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self.guards = True

    def read(self, count: int = -1) -> bytes:
        if self.guards and count > MOST_CONTENTS:
            raise ValueError(f"A ZIP has at most {MOST_FILES:,} files. Received: far more")
        return self._stream.read(count)

    def __getattr__(self, name):
        return getattr(self._stream, name)


def _opened(stream: BinaryIO, size: int) -> zipfile.ZipFile:
    guarded = _Guarded(stream)
    try:
        members = zipfile.ZipFile(guarded)
    except (zipfile.BadZipFile, OSError, NotImplementedError, OverflowError, UnicodeDecodeError) as error:
        kind = "an empty file" if size == 0 else f"a file of {size:,} bytes"
        raise ValueError(f"This file is no ZIP, or a broken one. Received: {kind}") from error
    guarded.guards = False
    return members


def _check_whole(files: list[zipfile.ZipInfo]) -> None:
    """Refuse what no honest ZIP of pictures has."""
    if len(files) > MOST_FILES:
        raise ValueError(f"A ZIP has at most {MOST_FILES:,} files. Received: {len(files):,}")
    unpacked = sum(entry.file_size for entry in files)
    if unpacked > MOST_UNPACKED:
        raise ValueError(
            f"A ZIP unpacks to at most {MOST_UNPACKED // 1024**2} MB. Received: {unpacked / 1024**2:,.0f} MB"
        )
    for entry in files:
        if entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size):
            raise ValueError(
                f"A file in a ZIP unpacks to at most {MOST_RATIO} times its size. Received: "
                f"{clean_file_name(entry.filename)}, {entry.compress_size:,} bytes that become {entry.file_size:,}"
            )
        if entry.flag_bits & 0x1:
            raise ValueError(f"A ZIP has no password. Received: {clean_file_name(entry.filename)}, which is encrypted")


def _fault(entry: zipfile.ZipInfo) -> str | None:
    """Why a file is passed over unread."""
    if not _stays_inside(entry.filename.replace("\\", "/")):
        return "Its path leads out of the ZIP."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "A link is not followed."
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "It is packed in an unusual way. Make the ZIP again with the system's own tool."
    return None


def _stays_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/") and path[1:2] != ":"


def _file(place: Place, size: int, read: Callable[[], bytes]) -> ArchiveFile:
    return ArchiveFile(place.name, place.class_name, place.part, size, read)


def _listed(unplaced: tuple[tuple[str, str], ...]) -> tuple[BadFile, ...]:
    return tuple(BadFile(clean_file_name(path), reason) for path, reason in unplaced)


def _reader(members: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with members.open(entry) as stream:
                return stream.read(MAX_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise ValueError("It is damaged in the ZIP.") from error

    return read


def _opener(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise ValueError(f"It cannot be read ({error.strerror}).") from error

    return read


def _walked(folder: Path) -> Iterator[Path]:
    """All files below a folder, in the order of their names."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield Path(place) / name
