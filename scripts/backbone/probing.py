"""A linear probe: how well a straight cut through the features tells classes apart. Judges features, not networks."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

STRENGTHS = tuple(10.0**power for power in range(-4, 2))  # L2 penalties that are tried
FOLDS = 5


@dataclass(frozen=True, eq=False)
class Probe:
    """Softmax regression: scores = features · weights + bias."""

    weights: np.ndarray  # (d, classes)
    bias: np.ndarray  # (classes,)

    def scores(self, features: np.ndarray) -> np.ndarray:
        """(n, classes) of features (n, d)."""
        return features @ self.weights + self.bias

    def accuracy(self, features: np.ndarray, labels: np.ndarray) -> float:
        return float((self.scores(features).argmax(axis=1) == labels).mean())

    def loss(self, features: np.ndarray, labels: np.ndarray) -> float:
        """Mean cross-entropy."""
        scores = self.scores(features)
        return float((logsumexp(scores, axis=1) - scores[np.arange(len(labels)), labels]).mean())


def fit(features: np.ndarray, labels: np.ndarray, strength: float) -> Probe:
    """Least mean cross-entropy plus strength · |weights|² / 2, on features brought to mean 0 and spread 1.

    features: (n, d). labels: (n,) from 0. The probe takes features as they come; its bias is not held small.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    x = ((features - mean) / spread).astype(np.float64)
    classes = int(labels.max()) + 1
    one_hot = np.eye(classes)[labels]

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = flat[:-classes].reshape(-1, classes), flat[-classes:]
        scores = x @ weights + bias
        totals = logsumexp(scores, axis=1)
        surplus = (np.exp(scores - totals[:, None]) - one_hot) / len(x)
        value = (totals - (scores * one_hot).sum(axis=1)).mean() + strength / 2 * (weights**2).sum()
        return value, np.concatenate([(x.T @ surplus + strength * weights).ravel(), surplus.sum(axis=0)])

    found = minimize(
        cost, np.zeros((x.shape[1] + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": 300}
    ).x
    weights = found[:-classes].reshape(-1, classes) / spread[:, None]
    return Probe(weights, found[-classes:] - mean @ weights)


def fit_by_folds(features: np.ndarray, labels: np.ndarray, seed: int = 0) -> tuple[Probe, float]:
    """The probe with the penalty that does best on left-out fifths of the training pictures, and that penalty."""
    fold = np.random.default_rng(seed).permutation(len(labels)) % FOLDS
    losses = {
        strength: np.mean(
            [
                fit(features[fold != out], labels[fold != out], strength).loss(
                    features[fold == out], labels[fold == out]
                )
                for out in range(FOLDS)
            ]
        )
        for strength in STRENGTHS
    }
    best = min(losses, key=losses.get)
    return fit(features, labels, best), best
