"""The names that people give to their classes and files. They are text; whoever shows them as markup escapes them."""

import unicodedata

LONGEST_NAME = 40
LONGEST_FILE_NAME = 120


def clean_class_name(name: str) -> str:
    """The name without invisible characters and with single spaces.

    ValueError when nothing is left of it, or when more than 40 characters are.
    """
    cleaned = _visible(name)
    if not cleaned:
        raise ValueError(f"A class needs a name. Received: {name[:LONGEST_NAME]!r}")
    if len(cleaned) > LONGEST_NAME:
        raise ValueError(
            f"The name of a class has at most {LONGEST_NAME} characters. Received: {cleaned[:LONGEST_NAME]}… "
            f"with {len(cleaned)}"
        )
    return cleaned


def clean_file_name(name: str) -> str:
    """The name of a file as it is listed: visible, and at most 120 characters of its end."""
    cleaned = _visible(name) or "(no name)"
    return cleaned if len(cleaned) <= LONGEST_FILE_NAME else "…" + cleaned[1 - LONGEST_FILE_NAME :]


def same_name(one: str, other: str) -> bool:
    """True for names that people would not tell apart: capitals do not count."""
    return one.casefold() == other.casefold()


def _visible(name: str) -> str:
    spaced = (" " if _is_invisible(letter) else letter for letter in name)
    return unicodedata.normalize("NFC", " ".join("".join(spaced).split()))


def _is_invisible(letter: str) -> bool:
    # Category C: control characters, and those that turn the direction of writing round; the joiners spell words.
    return letter not in "\u200c\u200d" and unicodedata.category(letter).startswith(("C", "Z"))
