import numpy as np
import pytest

from core.images.datasets import DatasetMissing
from core.images.training_sets import TEST_SEED, TRAINING_SETS, available, load_arrays


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A small MNIST whose picture i is filled with i."""
    x, y = np.arange(40, dtype=np.uint8), np.tile(np.arange(10, dtype=np.uint8), 4)
    x = np.broadcast_to(x[:, np.newaxis, np.newaxis], (40, 28, 28)).copy()
    np.savez(tmp_path / "mnist.npz", x_train=x, y_train=y, x_test=x[:10], y_test=y[:10])
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))


def test_the_sets_say_what_they_are():
    """Four sets, with the shape that a network's input has and as many names as labels."""
    assert {name: entry.shape for name, entry in TRAINING_SETS.items()} == {
        "drawn": (28, 28, 1),
        "mnist": (28, 28, 1),
        "fashion_mnist": (28, 28, 1),
        "cifar10": (32, 32, 3),
    }
    for name, entry in TRAINING_SETS.items():
        assert entry.name == name and len(entry.classes) == 10
        assert entry.train_count > entry.test_count > 0
        assert entry.title and entry.about and entry.licence and entry.source


def test_drawn_digits_are_drawn_for_the_asking():
    """As many as asked for, as many of each class, the same for the same seed; and 2,000 to judge by."""
    assert available("drawn") == "built in"
    arrays = load_arrays("drawn", count=50, seed=1)
    assert arrays.x_train.shape == (50, 28, 28, 1) and arrays.x_test.shape == (2000, 28, 28, 1)
    assert np.bincount(arrays.y_train).tolist() == [5] * 10
    again, other = load_arrays("drawn", count=50, seed=1), load_arrays("drawn", count=50, seed=2)
    np.testing.assert_array_equal(arrays.x_train, again.x_train)
    assert not np.array_equal(arrays.x_train, other.x_train)
    np.testing.assert_array_equal(arrays.x_test, other.x_test)
    with pytest.raises(ValueError, match="A seed is"):
        load_arrays("drawn", count=50, seed=TEST_SEED)


def test_some_of_a_stored_set_are_chosen_by_the_seed(stored):
    """Chosen pictures keep their labels; another seed chooses others; without a count all are there in order."""
    some, other = load_arrays("mnist", count=12, seed=5), load_arrays("mnist", count=12, seed=6)
    chosen = some.x_train[:, 0, 0, 0]
    assert len(set(chosen.tolist())) == 12
    np.testing.assert_array_equal(some.y_train, chosen % 10)
    assert chosen.tolist() != other.x_train[:, 0, 0, 0].tolist()
    everything = load_arrays("mnist")
    assert everything.x_train[:, 0, 0, 0].tolist() == list(range(40))
    for arrays in (some, everything):
        assert arrays.x_test.shape == (10, 28, 28, 1)


def test_nobody_changes_the_pictures_of_another(stored):
    """All arrays are read-only: many runs share them."""
    for arrays in (load_arrays("mnist", 5), load_arrays("drawn", 5)):
        for array in (arrays.x_train, arrays.y_train, arrays.x_test, arrays.y_test):
            assert array.dtype == np.uint8 and not array.flags.writeable


@pytest.mark.parametrize("count", [0, -1, 60_001, 2.5, True, "9"])
def test_a_count_out_of_range_is_refused(stored, count):
    """The rule names the most there are."""
    with pytest.raises(ValueError, match="1 to 60,000 pictures to train on. Received: count="):
        load_arrays("mnist", count)


def test_an_absent_or_unknown_set_is_refused(tmp_path, monkeypatch):
    """Absent: how to get it. Unknown: what there is."""
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    monkeypatch.setattr("core.images.datasets.keras_folders", lambda: (tmp_path,))
    with pytest.raises(DatasetMissing, match="CIFAR-10 is not on this machine. Download it \\(170.5 MB\\)"):
        load_arrays("cifar10")
    with pytest.raises(ValueError, match="one of drawn, mnist, fashion_mnist, cifar10. Received: name='roads'"):
        load_arrays("roads")
