"""How good a network's answers are: loss, accuracy, confusion. On plain arrays, so that every side counts alike.

Throughout: probabilities (N, C), each row adds up to 1; labels (N,), the number of the right class.
"""

from dataclasses import dataclass

import numpy as np

LEAST = 1e-7  # what a probability counts at least inside the logarithm, as in Keras (its epsilon)
CALM_EPOCHS = 2  # how long the validation loss must have risen to speak of a turn


@dataclass(frozen=True, eq=False)
class Judgement:
    """Answers held against the labels."""

    loss: float  # mean cross-entropy: of -ln(probability of the right class) where labels are not smoothed
    accuracy: float  # 0 to 1
    confusion: np.ndarray  # (C, C) counts: row = the right class, column = the answer
    answers: np.ndarray  # (N,)


def judge(probabilities: np.ndarray, labels: np.ndarray, label_smoothing: float = 0.0) -> Judgement:
    """Cross-entropy, accuracy and confusion. Raises ValueError where shapes do not match.

    label_smoothing: the share of the wanted probability that goes to all classes alike, as in training, so that the
    losses of both can be compared.
    """
    probabilities, labels = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.int64)
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not len(labels):
        raise ValueError(
            "There is one row of probabilities for each label. "
            f"Received: probabilities {probabilities.shape}, labels {labels.shape}"
        )
    surprise = -np.log(np.clip(probabilities, LEAST, 1))
    right = surprise[np.arange(len(labels)), labels]
    loss = (1 - label_smoothing) * right + label_smoothing * surprise.mean(axis=1)
    answers = probabilities.argmax(axis=1)
    classes = probabilities.shape[1]
    confusion = np.bincount(labels * classes + answers, minlength=classes**2).reshape(classes, classes)
    return Judgement(float(loss.mean()), float((answers == labels).mean()), confusion, answers)


def both_classes(output: np.ndarray) -> np.ndarray:
    """(N, C) from what a network says: one sigmoid output (N, 1) is the probability of the second of two classes."""
    output = np.asarray(output, dtype=np.float64)
    return np.concatenate([1 - output, output], axis=1) if output.shape[1] == 1 else output


def turned_at(validation_losses: list[float]) -> int | None:
    """The epoch (from 0) of the lowest validation loss where it has been higher for CALM_EPOCHS since: overfitting."""
    if not validation_losses:
        return None
    lowest = int(np.argmin(validation_losses))
    return lowest if len(validation_losses) - 1 - lowest >= CALM_EPOCHS else None
