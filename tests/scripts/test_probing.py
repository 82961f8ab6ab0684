"""The linear probe against what it should find."""

import numpy as np

from scripts.backbone import probing


def clouds(seed: int, count: int = 90, spread: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Three classes round three middles, in features of very different size."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    middles = np.random.default_rng(1).normal(size=(3, 6))
    return (middles[labels] + spread * random.normal(size=(count, 6))) * 10.0 ** np.arange(-2, 4), labels


def test_it_tells_classes_apart_that_a_straight_cut_can():
    probe = probing.fit(*clouds(2), 0.01)
    assert probe.accuracy(*clouds(3)) > 0.98
    assert probe.loss(*clouds(3)) < 0.2


def test_without_a_penalty_no_small_step_makes_it_better():
    """It stands in the valley of its own cost: random small changes of weights never lower the training loss."""
    features, labels = clouds(2, spread=1.5)
    probe = probing.fit(features, labels, 1e-6)
    least = probe.loss(features, labels)
    random = np.random.default_rng(0)
    for _ in range(30):
        step = 1e-2 * random.normal(size=probe.weights.shape) / features.std(axis=0)[:, None]
        assert probing.Probe(probe.weights + step, probe.bias).loss(features, labels) >= least - 1e-4


def test_a_penalty_keeps_weights_small():
    loose, tight = (probing.fit(*clouds(2), strength) for strength in (1e-4, 10.0))
    scale = clouds(2)[0].std(axis=0)[:, None]
    assert np.abs(tight.weights * scale).sum() < 0.1 * np.abs(loose.weights * scale).sum()


def test_folds_choose_a_strong_penalty_where_there_is_nothing_to_learn():
    """Labels that have nothing to do with the features: the strongest penalty does least harm."""
    features = np.random.default_rng(0).normal(size=(60, 40))
    labels = np.random.default_rng(1).integers(0, 2, 60)
    assert probing.fit_by_folds(features, labels)[1] == max(probing.STRENGTHS)
