"""A visitor's own classes of pictures: kept in memory, seen by nobody else, gone with the visit."""

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from core.images.archives import Archive, BadFile
from core.images.class_names import clean_class_name, clean_file_name, same_name
from core.images.kept_picture import PARTS, Picture, packed, packed_array
from core.images.picture_layout import MOST_CLASSES

MOST_PICTURES = 5_000
MOST_BYTES = 64 * 1024 * 1024  # of JPEGs in memory: a picture takes about 7 to 25 kB, so 3,000 of them and more
LOPSIDED = 2.0  # times as many pictures in the largest class as in the smallest


@dataclass(frozen=True)
class _File:
    """A file to be taken in: as `archives.ArchiveFile`, for files that came one by one."""

    name: str
    class_name: str
    part: str | None
    data: bytes

    def read(self) -> bytes:
        return self.data


class PictureSet:
    """Two to ten classes and their pictures. Every method may be called from any thread."""

    def __init__(self):
        self._lock = threading.RLock()
        self._classes: list[str] = []
        self._pictures: dict[int, Picture] = {}  # in the order in which they came
        self._bad: list[BadFile] = []
        self._next = 0
        self._bytes = 0
        self._revision = 0

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names in the order in which they were made: label i is classes[i]."""
        return tuple(self._classes)

    @property
    def counts(self) -> dict[str, int]:
        with self._lock:
            counts = dict.fromkeys(self._classes, 0)
            for picture in self._pictures.values():
                counts[picture.class_name] += 1
            return counts

    @property
    def bad_files(self) -> tuple[BadFile, ...]:
        """Every file that was not taken in, with the reason, until `forget_bad_files`."""
        return tuple(self._bad)

    @property
    def kept_bytes(self) -> int:
        return self._bytes

    @property
    def revision(self) -> int:
        """Another number after every change."""
        return self._revision

    @property
    def fingerprint(self) -> str:
        """The same for the same pictures in the same classes and parts, in the same order."""
        with self._lock:
            lines = [f"{picture.class_name}\n{picture.part}\n{picture.key}" for picture in self._pictures.values()]
            return hashlib.sha256("\n".join([*self._classes, *lines]).encode()).hexdigest()[:16]

    @property
    def has_parts(self) -> bool:
        """True when some pictures belong to a part, train, validation or test, by the person's own layout."""
        return any(picture.part for picture in self.all_pictures())

    @property
    def lopsided(self) -> str | None:
        """A warning when one class has more than twice as many pictures as another."""
        counts = {name: count for name, count in self.counts.items() if count}
        if len(counts) < 2:
            return None
        most, least = max(counts, key=counts.get), min(counts, key=counts.get)
        if counts[most] <= LOPSIDED * counts[least]:
            return None
        right = counts[most] / sum(counts.values())  # of always saying the same
        return (
            f"{most} has {counts[most]:,} pictures and {least} {counts[least]:,}: of the smaller class little is "
            f"learnt, and a network that always says “{most}” would be right {right:.0%} of the time. Add to the "
            "smaller class, or compare with that."
        )

    def all_pictures(self) -> tuple[Picture, ...]:
        with self._lock:
            return tuple(self._pictures.values())

    def pictures(self, class_name: str, part: str | None = None) -> tuple[Picture, ...]:
        """The pictures of a class, or those of them that belong to one part of the person's own layout."""
        self._known(class_name)
        return tuple(
            picture
            for picture in self.all_pictures()
            if picture.class_name == class_name and part in (None, picture.part)
        )

    def picture(self, number: int) -> Picture | None:
        return self._pictures.get(number)

    def add_class(self, name: str) -> str:
        """Make an empty class and return its name as it is kept. ValueError: taken, no name, too long, too many."""
        with self._lock:
            name = clean_class_name(name)
            self._check_free(name)
            if len(self._classes) == MOST_CLASSES:
                raise ValueError(f"There are at most {MOST_CLASSES} classes. Received: an eleventh, {name}")
            self._classes.append(name)
            self._revision += 1
            return name

    def rename_class(self, old: str, new: str) -> str:
        """Give a class another name, at its old place; pictures stay in it. Returns the name as it is kept."""
        with self._lock:
            self._known(old)
            new = clean_class_name(new)
            self._check_free(new, but=old)
            self._classes[self._classes.index(old)] = new
            for number, picture in self._pictures.items():
                if picture.class_name == old:
                    self._pictures[number] = replace(picture, class_name=new)
            self._revision += 1
            return new

    def delete_class(self, name: str) -> None:
        """Forget a class and its pictures."""
        with self._lock:
            self._known(name)
            for picture in self.pictures(name):
                self.delete(picture.number)
            self._classes.remove(name)
            self._revision += 1

    def delete(self, number: int) -> None:
        """Forget one picture; nothing happens if it is gone already."""
        with self._lock:
            picture = self._pictures.pop(number, None)
            if picture:
                self._bytes -= len(picture.jpeg)
                self._revision += 1

    def move(self, number: int, class_name: str) -> None:
        """Put a picture into another class."""
        with self._lock:
            self._known(class_name)
            if number not in self._pictures:
                raise ValueError(f"A picture that is moved is in the set. Received: number={number!r}")
            self._pictures[number] = replace(self._pictures[number], class_name=class_name)
            self._revision += 1

    def copy(self) -> "PictureSet":
        """A set of its own with the same classes and pictures; their bytes are shared."""
        fresh = PictureSet()
        with self._lock:
            fresh._classes, fresh._pictures, fresh._bad = [*self._classes], dict(self._pictures), [*self._bad]
            fresh._next, fresh._bytes, fresh._revision = self._next, self._bytes, self._revision
        return fresh

    def clear(self) -> None:
        """Forget all pictures, classes and bad files."""
        with self._lock:
            self._classes.clear()
            self._pictures.clear()
            self._bad.clear()
            self._bytes = 0
            self._revision += 1

    def forget_bad_files(self) -> None:
        with self._lock:
            self._bad.clear()

    def add_files(
        self,
        class_name: str,
        files: Iterable[tuple[str, bytes]],
        part: str | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> tuple[BadFile, ...]:
        """Take in files (name, content) as pictures of one class, which is made if it is not there.

        told: told how many files are done and how many there are, after each.
        returns: the files that were not taken in. ValueError only for the class's name or the part.
        """
        class_name = self._at_hand(class_name)
        _check_part(part)
        return self._take_in([_File(name, class_name, part, data) for name, data in files], told)

    def add_archive(self, archive: Archive, told: Callable[[int, int], None] | None = None) -> tuple[BadFile, ...]:
        """Take in a ZIP's or a folder's classes; those that are there already grow. Results as in `add_files`.

        ValueError, and nothing is taken in, when there would be more than ten classes.
        """
        with self._lock:
            fresh = [name for name in archive.classes if not any(same_name(name, there) for there in self._classes)]
            if len(self._classes) + len(fresh) > MOST_CLASSES:
                raise ValueError(
                    f"There are at most {MOST_CLASSES} classes. Received: {len(self._classes)} that are here and "
                    f"{len(fresh)} more"
                )
            names = {name: self._at_hand(name) for name in archive.classes}
            self._bad.extend(archive.bad)
        files = [replace(file, class_name=names[file.class_name]) for file in archive.files]
        return (*archive.bad, *self._take_in(files, told))

    def add_capture(
        self, class_name: str, picture: bytes | np.ndarray, name: str = "photo", part: str | None = None
    ) -> Picture:
        """Take in one picture from a camera: a file's bytes, or (H, W, 3) uint8. The same one twice is welcome.

        ValueError in plain words when it is no usable picture, or the set is full.
        """
        class_name = self._at_hand(class_name)
        _check_part(part)
        kept = packed_array(picture) if isinstance(picture, np.ndarray) else packed(picture)
        with self._lock:
            taken = sum(there.name.startswith(f"{name} ") for there in self._pictures.values())
            return self._keep(f"{name} {taken + 1}", class_name, part, kept)

    def _take_in(self, files: list, told: Callable[[int, int], None] | None) -> tuple[BadFile, ...]:
        bad = []
        # Twins would end up on both sides of a split and make the test easier than it is.
        known = {picture.jpeg: picture.name for picture in self.all_pictures()}
        taken = {(picture.class_name, picture.name) for picture in self.all_pictures()}
        for done, file in enumerate(files, start=1):
            try:
                kept = packed(file.read())
                if kept[0] in known:
                    raise ValueError(f"Each picture counts once. Received: the same picture as {known[kept[0]]}")
                name = _free_name(file, taken)
                with self._lock:
                    self._keep(name, file.class_name, file.part, kept)
                known[kept[0]] = name
                taken.add((file.class_name, name))
            except ValueError as error:
                bad.append(BadFile(clean_file_name(f"{file.class_name}/{file.name}"), str(error)))
            if told:
                told(done, len(files))
        with self._lock:
            self._bad.extend(bad)
            self._revision += 1
        return tuple(bad)

    def _keep(self, name: str, class_name: str, part: str | None, kept: tuple[bytes, int, int]) -> Picture:
        jpeg, rows, columns = kept
        if class_name not in self._classes:
            raise ValueError(f"The class of a picture is there. Received: {class_name}, deleted meanwhile")
        if len(self._pictures) >= MOST_PICTURES:
            raise ValueError(f"There are at most {MOST_PICTURES:,} pictures. Received: one more")
        if self._bytes + len(jpeg) > MOST_BYTES:
            raise ValueError(
                f"All pictures together take at most {MOST_BYTES // 1024**2} MB once they are made small. "
                f"Received: one more on top of {self._bytes / 1024**2:.0f} MB"
            )
        picture = Picture(self._next, name, class_name, part, jpeg, rows, columns)
        self._pictures[picture.number] = picture
        self._next += 1
        self._bytes += len(jpeg)
        self._revision += 1
        return picture

    def _at_hand(self, name: str) -> str:
        """The name of that class, which is made if it is not there."""
        with self._lock:
            name = clean_class_name(name)
            there = next((known for known in self._classes if same_name(known, name)), None)
            return there or self.add_class(name)

    def _known(self, name: str) -> None:
        if name not in self._classes:
            raise ValueError(f"A class is one of {', '.join(self._classes) or 'none so far'}. Received: {name!r}")

    def _check_free(self, name: str, but: str | None = None) -> None:
        if there := next((there for there in self._classes if there != but and same_name(name, there)), None):
            raise ValueError(f"There is already a class called {there}. Choose another name. Received: name={name!r}")


def _free_name(file, taken: set[tuple[str, str]]) -> str:
    """The file's name, with a number behind it when the class has a picture of that name."""
    name = free = clean_file_name(file.name)
    count = 1
    while (file.class_name, free) in taken:
        count += 1
        free = f"{name} ({count})"
    return free


def _check_part(part: str | None) -> None:
    if part is not None and part not in PARTS:
        raise ValueError(f"A part is one of {', '.join(PARTS)}. Received: part={part!r}")
