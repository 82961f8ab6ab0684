"""The visitor's kept network: what is refused leaves nothing behind."""

import io
import zipfile

import pytest

from core.ui import kept


def test_what_is_refused_leaves_nothing_on_the_disk(tmp_path, monkeypatch):
    """A refused upload's folder goes with the refusal, however often it is tried."""
    monkeypatch.setattr(kept, "fresh_folder", lambda: (tmp_path / "one").mkdir() or tmp_path / "one")
    upload = io.BytesIO()
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("model.keras", b"no model")
        archive.writestr("about.json", b"{}")
    for _ in range(2):
        with pytest.raises(ValueError, match="not a .keras file"):
            kept.load(upload.getvalue())
        assert not list(tmp_path.iterdir())
