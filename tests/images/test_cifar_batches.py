import dataclasses
import hashlib
import io
import struct
import tarfile

import numpy as np
import pytest

from core.images.catalogue import CATALOGUE, CIFAR10, TO_TRAIN_ON, RemoteFile
from core.images.cifar_batches import read_batches
from core.images.datasets import available, load
from core.images.training_sets import load_arrays

BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]


def as_python_2_wrote_it(pixels: np.ndarray, labels: list[int]) -> bytes:
    """A batch in the opcodes of the published files: byte-string keys, and NumPy's module by its old name."""
    rows = struct.pack("<i", len(labels))
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01J" + rows + b"M\x00\x0c\x86"
        b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        b"T" + struct.pack("<i", pixels.size) + pixels.tobytes() + b"tb"
    )
    listed = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    return b"\x80\x02}(U\x04data" + array + b"U\x06labels" + listed + b"U\x0bbatch_labelU\x04nameu."


def archive_of(path, batches: dict[str, bytes]):
    with tarfile.open(path, "w:gz") as members:
        for name, content in batches.items():
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(content)
            members.addfile(info, io.BytesIO(content))
    return path


def small_cifar(seed: int = 1):
    """Six batches of four pictures: their pixels (4, 3072), plane by plane, and their labels."""
    random = np.random.default_rng(seed)
    pixels = {name: random.integers(0, 256, (4, 3072), dtype=np.uint8) for name in BATCHES}
    labels = {name: [int(label) for label in random.integers(0, 10, 4)] for name in BATCHES}
    return pixels, labels


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """A small CIFAR-10 where Keras keeps the archive; returns its pixels, its labels and the archive."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    (tmp_path / "datasets").mkdir()
    pixels, labels = small_cifar()
    path = tmp_path / "datasets" / CIFAR10.files[0].name
    archive_of(path, {name: as_python_2_wrote_it(pixels[name], labels[name]) for name in BATCHES})
    digest = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    files = (RemoteFile("https://example.invalid/", path.name, path.stat().st_size, digest),)
    monkeypatch.setitem(TO_TRAIN_ON, "cifar10", dataclasses.replace(CIFAR10, files=files))
    return pixels, labels, path


def test_pictures_and_labels_come_out_of_the_six_batches(cached):
    """Red, green and blue planes become the three numbers of a pixel; the five training batches follow each other."""
    pixels, labels, _ = cached
    assert available("cifar10") == "Keras cache"
    found = load("cifar10")
    assert found.x_train.shape == (20, 32, 32, 3) and found.x_test.shape == (4, 32, 32, 3)
    for channel in range(3):
        plane = pixels["data_batch_2"][1, channel * 1024 : (channel + 1) * 1024].reshape(32, 32)
        np.testing.assert_array_equal(found.x_train[5, :, :, channel], plane)
    assert found.y_train[4:8].tolist() == labels["data_batch_2"]
    assert found.y_test.tolist() == labels["test_batch"]


def test_a_damaged_archive_counts_as_absent(cached):
    """A byte that is not the published one, and the archive is not looked into."""
    path = cached[2]
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(content)
    assert available("cifar10") is None


def test_the_training_arrays_are_in_colour(cached):
    """load_arrays keeps the three channels and names the classes."""
    arrays = load_arrays("cifar10", count=5, seed=3)
    assert arrays.x_train.shape == (5, 32, 32, 3) and arrays.x_test.shape == (4, 32, 32, 3)
    assert arrays.classes[6] == "frog"


def test_an_npz_of_the_persons_own_may_have_labels_in_a_column(tmp_path, monkeypatch):
    """cifar10.npz in CONVLAB_DATA, saved from what Keras gives: labels (N, 1) are taken as (N,)."""
    x, y = np.zeros((10, 32, 32, 3), np.uint8), np.arange(10, dtype=np.uint8)[:, np.newaxis]
    np.savez(tmp_path / "cifar10.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    assert load("cifar10").y_train.tolist() == list(range(10))
    np.savez(tmp_path / "cifar10.npz", x_train=x[..., 0], y_train=y, x_test=x, y_test=y)
    with pytest.raises(ValueError, match=r"x_train holds 32×32 colour pictures as uint8.*Received: .*\(10, 32, 32\)"):
        load("cifar10")


@pytest.mark.parametrize("call", [b"cos\nsystem\n", b"cbuiltins\neval\n", b"cnumpy\nload\n"])
def test_a_pickle_that_asks_for_more_is_refused(tmp_path, call):
    """Nothing but the three names that rebuild an array can be reached, and nothing is run."""
    bad = b"\x80\x02" + call + b"U\x04\x74\x72\x75\x65\x85R."
    path = archive_of(tmp_path / "bad", dict.fromkeys(BATCHES, bad))
    with pytest.raises(ValueError, match="six batches.*arrays and lists only. Received: "):
        read_batches(path, ("test",))


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x02}.", b"\x80\x02K\x05."])
def test_a_batch_that_is_none_is_refused_by_name(tmp_path, content):
    """An archive with other things in it is one clear line."""
    path = archive_of(tmp_path / "odd", {"test_batch": content})
    with pytest.raises(ValueError, match="CIFAR-10 is an archive with six batches. Received: "):
        read_batches(path, ("test",))


def test_the_grey_stages_are_not_offered_it():
    """Their sets are 28×28 and grey, every one."""
    assert list(CATALOGUE) == ["drawn", "mnist", "fashion_mnist"]
    assert {entry.shape for entry in CATALOGUE.values()} == {(28, 28)}
