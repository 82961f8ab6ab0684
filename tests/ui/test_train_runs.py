"""Runs beside each other and to take along."""

import math
import time
from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from core.training.pictures import pictures_of, validation_count
from core.training.spec import FixedFilter
from core.ui.train_fields import COUNTS, SPLITS, USUAL
from core.ui.train_runs import alike, differences, notebook_of, title_of
from tests.ui.train_views import view


def test_runs_on_other_pictures_of_ones_own_do_not_compare():
    """They are alike in name only; the fingerprint tells them apart."""
    own = replace(view(), spec=replace(view().spec, data="own"))
    mine, other = replace(own, fingerprint="a"), replace(own, fingerprint="b")
    assert "different pictures" in alike([mine, other])
    assert "The same pictures and the same seed" in alike([mine, mine])


def test_pictures_of_ones_own_that_nobody_knows_are_not_called_the_same():
    """Runs of a store that is older than the fingerprint have none."""
    unknown = replace(view(), spec=replace(view().spec, data="own"))
    for other in (unknown, replace(unknown, fingerprint="a")):
        assert "is not known of all these runs" in alike([unknown, other])


def test_runs_are_told_apart_by_what_differs():
    """A line is named after what was changed, the network where nothing was, and not after what all share."""
    plain = view(epochs=())
    fast = replace(plain, spec=replace(plain.spec, learning_rate=0.01))
    turned = replace(fast.spec.augmentation, rotation=0.1)
    both = replace(plain, spec=replace(fast.spec, augmentation=turned))
    assert differences([plain, fast]) == ["Adam 0.001", "Adam 0.01"]
    assert differences([fast, both]) == ["A small CNN", "augmented"]
    assert differences([plain, plain]) == ["A small CNN", "A small CNN"]
    clothes = replace(plain, spec=replace(plain.spec, data="fashion_mnist"))
    assert differences([plain, clothes]) == ["Drawn digits", "Fashion-MNIST"]


def code_of(book):
    return ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]


def test_the_notebook_of_a_run_has_its_pictures_in_its_order(monkeypatch):
    """Those that the run was trained and validated on, found by the notebook's own lines."""
    pictures = np.arange(60 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(60, 28, 28)
    pictures[:, 0, 0] = labels = np.arange(60, dtype=np.uint8)
    stored = SimpleNamespace(x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    monkeypatch.setattr("core.images.training_sets.datasets.load", lambda name: stored)
    monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", lambda: ((pictures, labels), (pictures, labels)))
    spec = replace(view().spec, data="fashion_mnist", picture_count=40, validation_split=0.3, seed=7)
    imports, data, *_ = code_of(notebook_of(view(spec=spec)))
    there = {}
    exec(f"{imports}\n{data}", there)
    ours = pictures_of(spec)
    np.testing.assert_array_equal(there["labels"], [*ours.y_train, *ours.y_validation])
    np.testing.assert_allclose(there["pictures"], np.concatenate([ours.x_train, ours.x_validation]))


@pytest.mark.parametrize("split", SPLITS)
def test_keras_keeps_as_many_pictures_for_validation_as_a_run(split):
    """Its own rule, in train_validation_split, for every number of pictures that can be chosen."""
    for count in {*COUNTS, 50_000} - {USUAL}:
        assert math.floor(count * (1 - split)) == count - validation_count(count, split)


def test_the_notebook_of_a_run_keeps_its_filter():
    """With the numbers that it was made of."""
    spec = view().spec
    size = next(layer.kernel for layer in spec.network.layers if hasattr(layer, "kernel"))
    rows = tuple((0.5, -1.0) + (0.0,) * (size - 2) for _ in range(size))
    text = "\n".join(code_of(notebook_of(view(spec=replace(spec, fixed_filter=FixedFilter(2, rows))))))
    assert text.count("[0.5, -1.0") == size
    assert "kernel.shape[-1]) == 2" in text and "kernel_constraint=HandMade()" in text
    assert "HandMade" not in "\n".join(code_of(notebook_of(view())))


def test_a_run_of_another_day_says_which():
    """The hour alone would be of today."""
    day = 24 * 3600
    today, before = view(created=time.time()), view(created=time.time() - 2 * day)
    assert len(title_of(before)) > len(title_of(today))
