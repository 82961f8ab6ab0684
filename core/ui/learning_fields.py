"""How the learning lesson's own things are written in a link: a filter that is to stay a secret, a marked number."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from core.stage.parts import Traced
from core.ui import fields
from core.ui.links import Field

LARGEST_SECRET = 5  # cells on a side: of larger ones the small grids cannot be read


def secret(default: tuple) -> Field:
    """A filter as a tuple of rows, packed so that who sees the link does not see its numbers."""
    plain = fields.kernel(default)

    def read(text: str) -> tuple:
        try:
            written = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        except ValueError:
            raise ValueError("must be a filter that was hidden on this page") from None
        rows = plain.read(written)
        if max(len(rows), len(rows[0])) > LARGEST_SECRET:
            raise ValueError(f"must have at most {LARGEST_SECRET} rows and columns")
        return rows

    return Field(default, read, lambda rows: urlsafe_b64encode(plain.write(rows).encode()).decode().rstrip("="))


def marked(kinds: tuple[str, ...]) -> Field:
    """What is marked on a stage, by its kind, row and column from 0: weight_0_2."""

    def read(text: str) -> Traced:
        match = re.fullmatch(rf"({'|'.join(kinds)})_(\d{{1,3}})_(\d{{1,3}})", text)
        if not match:
            raise ValueError(f"must be a place such as {kinds[0]}_0_2. Received: {text[:40]!r}")
        return Traced(match[1], int(match[2]), int(match[3]))

    return Field(None, read, lambda cell: f"{cell.on}_{cell.row}_{cell.column}")
