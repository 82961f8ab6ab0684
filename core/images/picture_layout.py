"""Which class and which part a file belongs to, told from the folders it lies in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.images.class_names import clean_class_name, same_name

PART_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
PICTURES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"}
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar"}
NOTES = {".txt", ".csv", ".tsv", ".md", ".json", ".xml", ".html"}  # beside the folders they are no news
MOST_CLASSES = 10


@dataclass(frozen=True)
class Place:
    """Where a file belongs."""

    path: str  # as it was given
    name: str  # below its class's folder
    class_name: str
    part: str | None  # "train", "validation", "test", or None where the folders do not say


@dataclass(frozen=True)
class Layout:
    """All files, each at its place or with the reason why it has none."""

    classes: tuple[str, ...]
    places: tuple[Place, ...]
    unplaced: tuple[tuple[str, str], ...]  # path and reason


def lay_out(paths: Iterable[str], folders: Iterable[str] = ()) -> Layout:
    """The classes among files: one folder for each, or train, validation and test with one folder for each.

    paths: of files, with "/" between folders. folders: of folders, with or without "/" at their end; one without files
    is an empty class. One folder round it all, hidden files and what systems leave behind do not count.
    ValueError when there are no folders, more than ten classes, a class without a usable name, or two of one name.
    """
    split = {path: parts for path in paths if not _is_hidden(parts := PurePosixPath(path).parts)}
    wrapper = _wrapper(split.values())
    split = {path: _inside(wrapper, parts) or parts[-1:] for path, parts in split.items()}
    around = [parts for folder in folders if not _is_hidden(parts := PurePosixPath(folder).parts)]
    around = [_inside(wrapper, parts) for parts in around]
    by_parts = _is_by_parts(split.values())
    depth = 2 if by_parts else 1
    unplaced, places = [], []
    for path, parts in split.items():
        part = PART_FOLDERS.get(parts[0].casefold()) if by_parts else None
        if len(parts) <= depth or (by_parts and part is None):
            if PurePosixPath(path).suffix.lower() not in NOTES:
                unplaced.append((path, _why_unplaced(by_parts)))
        elif PurePosixPath(path).suffix.lower() in ARCHIVES:
            unplaced.append((path, "An archive inside the archive is not opened."))
        else:
            places.append(Place(path, "/".join(parts[depth:]), parts[depth - 1], part))
    empty = [parts[depth - 1] for parts in around if len(parts) == depth and (not by_parts or _is_part(parts[0]))]
    names = _named(dict.fromkeys([*(place.class_name for place in places), *empty]), by_parts)
    if not names:
        raise ValueError("Pictures lie in one folder for each class. Received: " + _described(split))
    placed = tuple(Place(place.path, place.name, names[place.class_name], place.part) for place in places)
    return Layout(tuple(sorted(set(names.values()), key=str.casefold)), placed, tuple(unplaced))


def _is_hidden(parts: tuple[str, ...]) -> bool:
    """True for what systems leave in archives, and for a path without a name."""
    return not parts or any(
        part.startswith(".") or part.casefold() in ("__macosx", "thumbs.db", "desktop.ini") for part in parts
    )


def _is_part(folder: str) -> bool:
    return folder.casefold() in PART_FOLDERS


def _wrapper(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders that lie round everything and are no class themselves."""
    inside, wrapper = [parts for parts in paths if len(parts) > 1], ()
    while len({parts[0] for parts in inside}) == 1:
        below = [parts[1:] for parts in inside]
        direct = [parts for parts in below if len(parts) == 1 and PurePosixPath(parts[0]).suffix.lower() in PICTURES]
        deeper = [parts for parts in below if len(parts) > 1]
        if not deeper or (direct and len({parts[0] for parts in deeper}) < 2):
            break
        wrapper += (inside[0][0],)
        inside = deeper
    return wrapper


def _inside(wrapper: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...]:
    """A path without the folders round everything; empty for one that lies elsewhere."""
    return parts[len(wrapper) :] if parts[: len(wrapper)] == wrapper else ()


def _is_by_parts(paths: Iterable[tuple[str, ...]]) -> bool:
    """True for the lecture's layout: a folder train beside validation or test, with folders in them."""
    parts = {PART_FOLDERS[path[0].casefold()] for path in paths if len(path) > 2 and _is_part(path[0])}
    return "train" in parts and len(parts) > 1


def _why_unplaced(by_parts: bool) -> str:
    if by_parts:
        return "It lies in no class's folder below train, validation or test."
    return "It lies in no class's folder."


def _named(folders: Iterable[str], by_parts: bool) -> dict[str, str]:
    """The name of each folder's class. train/Shoes and test/shoes are one; Shoes and shoes side by side are refused."""
    names: dict[str, str] = {}
    for folder in folders:
        name = clean_class_name(folder)
        twin = next((taken for taken in names.values() if same_name(name, taken)), None)
        if twin and not by_parts:
            raise ValueError(f"Two classes have two names. Received: two folders called {name}")
        names[folder] = twin or name
    different = list(dict.fromkeys(names.values()))
    if len(different) > MOST_CLASSES:
        shown = ", ".join(different[:MOST_CLASSES])
        raise ValueError(f"There are at most {MOST_CLASSES} classes. Received: {len(different)} folders, {shown}, …")
    return names


def _described(split: dict) -> str:
    return f"{len(split):,} file{'' if len(split) == 1 else 's'} without folders" if split else "no files"
