"""The Keras code of the shuffled digits."""

import keras
import numpy as np

from core.explain.shuffled_digits import stored_results
from core.images.digits import drawn_dataset
from core.images.shuffling import pixel_order
from core.nets.shuffled_source import shuffled_source


def test_the_source_runs_and_tells_the_same_story(monkeypatch):
    """On 2,000 digits the code runs as it is: shuffling costs the convolutional network more than the dense one."""
    digits = (*drawn_dataset(2000, 1), *drawn_dataset(500, 2))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: (digits[:2], digits[2:]))
    lines = []
    names = {"print": lines.append}
    exec(shuffled_source({**stored_results().recipe, "epochs": 3}), names)
    accuracy = {tuple(line.split(": ")[0].split(", ")): float(line.split(": ")[1].rstrip("%")) for line in lines}
    assert len(accuracy) == 4
    lost = {kind: accuracy[kind, "straight"] - accuracy[kind, "shuffled"] for kind in ("dense", "convolutional")}
    assert lost["convolutional"] > abs(lost["dense"]) + 3


def test_the_source_shuffles_as_the_page_does():
    """The order of pixels in the code is the one on the stage."""
    seed = stored_results().recipe["shuffle_seed"]
    assert f"default_rng({seed}).permutation(28 * 28)" in shuffled_source(stored_results().recipe)
    np.testing.assert_array_equal(np.random.default_rng(seed).permutation(784), pixel_order(28, 28))
