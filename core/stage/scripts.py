"""The browser half of a stage as one script: the modules of assets/stage joined in the order they import each other."""

import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "stage"
_IMPORT = re.compile(r'^import \{.*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def joined(entry: str) -> str:
    """The module `entry` and all that it imports, as one text whose only export is the entry's default.

    A component takes its script as one text; the modules stay plain ES modules that any tool can read. Names at the
    top of the modules share one scope here, so that no two modules may use the same one.
    """
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        if name in texts:
            return
        texts[name] = ""  # its place is kept while what it imports goes before it
        source = (ASSETS / name).read_text(encoding="utf-8")
        for imported in _IMPORT.findall(source):
            add(imported)
        del texts[name]
        texts[name] = _EXPORT.sub("", _IMPORT.sub("", source))

    add(entry)
    return "\n".join(texts.values())


def styles() -> str:
    """The style sheet that all stages share."""
    return (ASSETS / "stage.css").read_text(encoding="utf-8")
