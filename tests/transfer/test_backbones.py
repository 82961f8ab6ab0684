"""The registry of backbones: limits of what is built in, and where weights are looked for."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from core.transfer import backbones
from core.transfer.backbones import BACKBONES, BUILT_IN, WEIGHTS_FOLDER, backbone_of, weights_at

COMPACT = BACKBONES["compact_resnet"]


def test_the_built_in_backbone_keeps_its_limits():
    """At most 3 million parameters, at most 6 MB of float16, pictures of 96 to 128 pixels a side."""
    file = WEIGHTS_FOLDER / COMPACT.weights
    assert COMPACT.parameters <= 3_000_000
    assert file.stat().st_size <= 6_000_000
    assert 96 <= COMPACT.side <= 128
    with np.load(file, allow_pickle=False) as arrays:
        assert sum(arrays[name].size for name in arrays.files) == COMPACT.parameters
        assert all(np.isfinite(arrays[name]).all() for name in arrays.files)


def test_resnet50_is_the_lectures():
    """7×7×2048 maps and 23,587,712 parameters."""
    assert BACKBONES["resnet50"].feature_shape == (7, 7, 2048)
    assert BACKBONES["resnet50"].parameters == 23_587_712


def test_what_is_built_in_is_always_here(monkeypatch):
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    where, path = weights_at("compact_resnet")
    assert where == BUILT_IN
    assert path.is_file()


@pytest.fixture
def published(monkeypatch):
    """A small file in the part of ResNet50's weights."""
    content = b"weights"
    digest = "md5:" + hashlib.md5(content).hexdigest()
    remote = replace(BACKBONES["resnet50"].remote, size=len(content), digest=digest)
    monkeypatch.setitem(BACKBONES, "resnet50", replace(BACKBONES["resnet50"], remote=remote))
    return remote.name, content


@pytest.mark.parametrize("below", ["", "weights"])
def test_the_folder_of_data_comes_first(monkeypatch, tmp_path, published, below):
    """CONVLAB_DATA or its folder "weights", before Keras's cache."""
    name, content = published
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    (tmp_path / below).mkdir(exist_ok=True)
    (tmp_path / below / name).write_bytes(content)
    assert weights_at("resnet50") == ("CONVLAB_DATA", tmp_path / below / name)


def test_a_broken_download_counts_as_absent(monkeypatch, tmp_path, published):
    """Keras's cache is used when the file in it is the published one, to the byte."""
    name, content = published
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    monkeypatch.setattr(backbones, "keras_folders", lambda: (tmp_path,))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / name).write_bytes(content[:-1] + b"?")
    assert weights_at("resnet50") is None
    (tmp_path / "models" / name).write_bytes(content)
    assert weights_at("resnet50") == ("Keras cache", tmp_path / "models" / name)


def test_an_unknown_backbone_is_refused():
    with pytest.raises(ValueError, match="A backbone is one of compact_resnet, resnet50. Received: name='vgg'"):
        backbone_of("vgg")
