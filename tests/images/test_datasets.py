import dataclasses
import gzip
import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from core.images import datasets
from core.images.catalogue import CATALOGUE, RemoteFile
from core.images.datasets import DatasetMissing, available, load, sample

REAL = Path(os.environ.get("CONVLAB_DATA") or "/nowhere")
ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def small_set(seed: int) -> dict[str, np.ndarray]:
    """Sixty training and thirty test pictures, three of each class in the test half."""
    random = np.random.default_rng(seed)
    return {
        "x_train": random.integers(0, 256, (60, 28, 28), dtype=np.uint8),
        "y_train": np.repeat(np.arange(10, dtype=np.uint8), 6),
        "x_test": random.integers(0, 256, (30, 28, 28), dtype=np.uint8),
        "y_test": np.tile(np.arange(10, dtype=np.uint8), 3),
    }


def published(path: Path) -> RemoteFile:
    """The catalogue's line for a file, as if this one were the published one."""
    content = path.read_bytes()
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return RemoteFile("https://example.invalid/", path.name, len(content), digest)


def put_idx(folder: Path, arrays: dict[str, np.ndarray]) -> tuple[RemoteFile, ...]:
    """The four gzipped IDX files, as Zalando packs them."""
    folder.mkdir(parents=True)
    for half, prefix in (("train", "train"), ("test", "t10k")):
        for letter, kind in (("x", "images-idx3"), ("y", "labels-idx1")):
            array = arrays[f"{letter}_{half}"]
            header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
            (folder / f"{prefix}-{kind}-ubyte.gz").write_bytes(gzip.compress(header + array.tobytes()))
    return tuple(published(path) for path in sorted(folder.iterdir()))


@pytest.fixture(autouse=True)
def homes(tmp_path, monkeypatch):
    """An empty Keras folder, and no CONVLAB_DATA unless a test sets it."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    return tmp_path


@pytest.fixture
def cached_mnist(homes, monkeypatch):
    """A small MNIST in the Keras cache; returns its arrays and its path."""
    arrays, folder = small_set(1), homes / "keras" / "datasets"
    folder.mkdir(parents=True)
    np.savez_compressed(folder / "mnist.npz", **arrays)
    files = (published(folder / "mnist.npz"),)
    monkeypatch.setitem(CATALOGUE, "mnist", dataclasses.replace(CATALOGUE["mnist"], files=files))
    return arrays, folder / "mnist.npz"


@pytest.fixture
def cached_fashion(homes, monkeypatch):
    arrays, folder = small_set(2), homes / "keras" / "datasets" / "fashion-mnist"
    files = put_idx(folder, arrays)
    monkeypatch.setitem(CATALOGUE, "fashion_mnist", dataclasses.replace(CATALOGUE["fashion_mnist"], files=files))
    return arrays, folder


@pytest.fixture
def own_mnist(homes, monkeypatch):
    """A small MNIST in the folder that CONVLAB_DATA names."""
    arrays, folder = small_set(3), homes / "stick"
    folder.mkdir()
    np.savez_compressed(folder / "mnist.npz", **arrays)
    monkeypatch.setenv("CONVLAB_DATA", str(folder))
    return arrays, folder / "mnist.npz"


def assert_holds(dataset, arrays):
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(dataset, name), arrays[name])


def test_the_named_folder_comes_before_the_cache(cached_mnist, own_mnist):
    """CONVLAB_DATA is looked in first; without its file the Keras cache serves."""
    assert available("mnist") == "CONVLAB_DATA"
    assert_holds(load("mnist"), own_mnist[0])
    own_mnist[1].unlink()
    assert available("mnist") == "Keras cache"
    assert_holds(load("mnist"), cached_mnist[0])


def test_four_idx_files_are_one_set(cached_fashion):
    """Fashion-MNIST is read from the four files that Keras keeps, picture by picture and label by label."""
    assert available("fashion_mnist") == "Keras cache"
    assert_holds(load("fashion_mnist"), cached_fashion[0])
    np.testing.assert_array_equal(sample("fashion_mnist", 4, 1), cached_fashion[0]["x_test"][14])


def test_fashion_mnist_may_be_an_npz_in_the_named_folder(own_mnist):
    """CONVLAB_DATA holds both sets in one layout."""
    own_mnist[1].rename(own_mnist[1].with_name("fashion_mnist.npz"))
    assert_holds(load("fashion_mnist"), own_mnist[0])


def test_a_set_that_is_nowhere_says_how_to_get_it(homes, monkeypatch):
    """Absent is None to ask for and a FileNotFoundError to load, with the cost and the way round."""
    monkeypatch.setattr(datasets, "keras_folders", lambda: (homes / "none",))
    assert available("mnist") is None
    for ask in (lambda: load("mnist"), lambda: sample("mnist", 3, 0)):
        with pytest.raises(DatasetMissing, match=r"MNIST is not on this machine. Download it \(11.5 MB\), or .*npz"):
            ask()
    assert issubclass(DatasetMissing, FileNotFoundError)


def test_the_drawn_digits_are_always_there():
    """They are built in, and are drawn rather than loaded."""
    assert available("drawn") == "built in"
    with pytest.raises(ValueError, match="drawn when they are needed"):
        load("drawn")


def test_a_file_cut_short_in_the_cache_counts_as_missing(cached_mnist):
    """A download that Keras left half done is not offered."""
    path = cached_mnist[1]
    path.write_bytes(path.read_bytes()[:-100])
    assert available("mnist") is None
    with pytest.raises(DatasetMissing):
        load("mnist")


def test_a_damaged_file_of_the_right_size_counts_as_missing(cached_mnist):
    """One changed byte in the cache is noticed by the digest, also after the good file was used."""
    path = cached_mnist[1]
    assert available("mnist") == "Keras cache"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    changed = path.stat().st_mtime_ns + 1
    path.write_bytes(content)
    os.utime(path, ns=(changed, changed))
    assert available("mnist") is None


def test_three_of_four_files_are_no_set(cached_fashion):
    """Fashion-MNIST counts as there only with all its files."""
    (cached_fashion[1] / "t10k-labels-idx1-ubyte.gz").unlink()
    assert available("fashion_mnist") is None


def test_arrays_are_read_only(cached_mnist, cached_fashion):
    """What all visitors share, none can change."""
    for name in ("mnist", "fashion_mnist"):
        for array in dataclasses.astuple(load(name)):
            assert array.dtype == np.uint8
        for field in ARRAYS:
            assert not getattr(load(name), field).flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            sample(name, 0, 0)[0, 0] = 1


def write_wrong(path: Path, change) -> None:
    arrays = small_set(4)
    change(arrays)
    np.savez_compressed(path, **arrays)


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays.pop("y_test"),
        lambda arrays: arrays.update(x_test=arrays["x_test"][:, :27]),
        lambda arrays: arrays.update(x_test=arrays["x_test"] / 255),
        lambda arrays: arrays.update(y_test=arrays["y_test"][:-1]),
        lambda arrays: arrays.update(y_test=arrays["y_test"] + 1),
        lambda arrays: arrays.update(y_test=arrays["y_test"].astype(int) - 1),
        lambda arrays: arrays.update(y_test=np.eye(10)[arrays["y_test"]]),
        lambda arrays: arrays.update(x_test=arrays["x_test"][:0], y_test=arrays["y_test"][:0]),
    ],
    ids=["a key missing", "27 rows", "floats", "a label short", "label 10", "label -1", "one-hot", "empty"],
)
def test_a_wrong_file_in_the_named_folder_is_named(own_mnist, change):
    """A wrong shape, type, label or key is an error with the file's path, and the cache does not hide it."""
    write_wrong(own_mnist[1], change)
    for ask in (lambda: load("mnist"), lambda: sample("mnist", 1, 0)):
        with pytest.raises(ValueError, match=r"Received: .*stick.mnist\.npz"):
            ask()


class Payload:
    """An object whose unpickling makes a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_code_in_a_file_is_never_run(own_mnist, homes):
    """A pickled object in the .npz, which could run anything, is refused unopened."""
    trap = homes / "the code was run"
    write_wrong(own_mnist[1], lambda arrays: arrays.update(y_test=np.array([Payload(trap)] * 30, dtype=object)))
    with pytest.raises(ValueError, match=r"Received: .*mnist\.npz"):
        load("mnist")
    assert not trap.exists()


@pytest.mark.parametrize("content", [b"", b"no zip at all", "cut short"])
def test_a_file_that_is_no_npz_is_named(own_mnist, content):
    """So is a file that cannot be unpacked."""
    path = own_mnist[1]
    path.write_bytes(path.read_bytes()[:5000] if content == "cut short" else content)
    with pytest.raises(ValueError, match=r"is an \.npz file with x_train.*Received: .*mnist\.npz"):
        load("mnist")


def test_int64_labels_are_as_good(own_mnist):
    """Labels of any whole-number type become uint8."""
    arrays = own_mnist[0]
    np.savez_compressed(own_mnist[1], **{**arrays, "y_train": arrays["y_train"].astype(np.int64)})
    assert_holds(load("mnist"), arrays)
    assert load("mnist").y_train.dtype == np.uint8


def test_samples_go_round(own_mnist):
    """The index counts the test pictures of one label, and starts again after the last; negative ones count back."""
    x_test = own_mnist[0]["x_test"]
    for index, place in ((0, 7), (1, 17), (2, 27), (3, 7), (-1, 27)):
        np.testing.assert_array_equal(sample("mnist", 7, index), x_test[place])


@pytest.mark.parametrize("label", [-1, 10])
def test_a_label_out_of_range_is_refused(own_mnist, label):
    """A label is one of the classes."""
    with pytest.raises(ValueError, match=f"0 to 9. Received: label={label}"):
        sample("mnist", label, 0)


def test_a_class_without_pictures_is_refused(own_mnist):
    """A set that lacks a class in its test half says so instead of showing another."""
    write_wrong(own_mnist[1], lambda arrays: arrays.update(y_test=np.zeros(30, np.uint8)))
    with pytest.raises(ValueError, match="no test picture of this class. Received: label=3"):
        sample("mnist", 3, 0)


def test_samples_never_unpack_the_training_half(own_mnist, monkeypatch):
    """Only x_test and y_test are read, and once for all threads that ask at the same moment."""
    asked = []
    real = np.lib.npyio.NpzFile.__getitem__
    monkeypatch.setattr(np.lib.npyio.NpzFile, "__getitem__", lambda self, key: asked.append(key) or real(self, key))
    together = threading.Barrier(8)

    def visitor():
        together.wait()
        sample("mnist", 3, 0)

    threads = [threading.Thread(target=visitor) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == ["x_test", "y_test"]


def test_a_new_file_is_noticed(own_mnist):
    """Another file put in the place of the first shows its own pictures."""
    sample("mnist", 0, 0)
    other, path = small_set(9), own_mnist[1]
    changed = path.stat().st_mtime_ns + 1
    np.savez_compressed(path, **other)
    os.utime(path, ns=(changed, changed))
    np.testing.assert_array_equal(sample("mnist", 0, 0), other["x_test"][0])


def test_the_keras_folder_is_keras_own(homes, monkeypatch):
    """KERAS_HOME, else ~/.keras; a folder that cannot be written to gives way to /tmp/.keras but is still read."""
    fallback = datasets.keras_folders()[1]
    assert datasets.keras_folders()[0] == homes / "keras"
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(homes))
    assert datasets.keras_folders()[0] == homes / ".keras"
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert datasets.keras_folders() == (fallback, homes / ".keras")


def test_asking_imports_nothing_heavy():
    """A page that only asks what is there pulls in neither Pillow, requests, Streamlit nor Keras."""
    code = (
        "import sys; from core.images.datasets import available; available('mnist');"
        "print([m for m in ('PIL', 'requests', 'streamlit', 'keras', 'tensorflow') if m in sys.modules])"
    )
    root = Path(datasets.__file__).parents[2]
    answer = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "name, counts",
    [
        ("mnist", [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]),
        ("fashion_mnist", [1000] * 10),
    ],
)
def test_the_real_files_are_the_published_sets(name, counts, monkeypatch):
    """60,000 and 10,000 pictures, with the published number of test pictures of each class."""
    entry = CATALOGUE[name]
    if not (REAL / entry.data_file).is_file():
        pytest.skip("CONVLAB_DATA does not hold it")
    monkeypatch.setenv("CONVLAB_DATA", str(REAL))
    real = load(name)
    assert real.x_train.shape == (entry.train_count, *entry.shape)
    assert real.x_test.shape == (entry.test_count, *entry.shape)
    assert np.bincount(real.y_test).tolist() == counts
    third = np.flatnonzero(real.y_test == 3)[2]
    np.testing.assert_array_equal(sample(name, 3, 2), real.x_test[third])
