"""Loss, accuracy and confusion against Keras."""

import keras
import numpy as np
import pytest

from core.training.judging import both_classes, judge

RANDOM = np.random.default_rng(0)


def probabilities(count, classes):
    drawn = RANDOM.random((count, classes)) ** 4
    return (drawn / drawn.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(("count", "classes"), [(1, 2), (50, 3), (400, 10)])
def test_loss_and_accuracy_are_those_of_keras(count, classes):
    said, labels = probabilities(count, classes), RANDOM.integers(classes, size=count)
    judged = judge(said, labels)
    loss = float(keras.losses.SparseCategoricalCrossentropy()(labels, said))
    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(labels, said)
    assert judged.loss == pytest.approx(loss, rel=1e-5)
    assert judged.accuracy == pytest.approx(float(metric.result()))


@pytest.mark.parametrize("smoothing", [0.1, 0.3])
def test_smoothed_labels_cost_what_they_cost_in_keras(smoothing):
    """For shares of many classes and for one sigmoid."""
    said, labels = probabilities(200, 5), RANDOM.integers(5, size=200)
    theirs = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)(np.eye(5)[labels], said)
    assert judge(said, labels, smoothing).loss == pytest.approx(float(theirs), rel=1e-5)
    said, labels = RANDOM.random((200, 1)).astype(np.float32), RANDOM.integers(2, size=200)
    theirs = keras.losses.BinaryCrossentropy(label_smoothing=smoothing)(labels[:, None], said)
    assert judge(both_classes(said), labels, smoothing).loss == pytest.approx(float(theirs), rel=1e-5)


def test_a_certain_mistake_costs_as_much_as_in_keras():
    """Probability 0 for the right class is no infinite loss."""
    said, labels = np.float32([[1, 0], [0, 1]]), np.array([1, 1])
    loss = float(keras.losses.SparseCategoricalCrossentropy()(labels, said))
    assert judge(said, labels).loss == pytest.approx(loss, rel=1e-4)


def test_one_sigmoid_is_judged_as_two_classes():
    """As binary cross-entropy and binary accuracy would."""
    said, labels = RANDOM.random((200, 1)).astype(np.float32), RANDOM.integers(2, size=200)
    judged = judge(both_classes(said), labels)
    assert judged.loss == pytest.approx(float(keras.losses.BinaryCrossentropy()(labels[:, None], said)), rel=1e-5)
    metric = keras.metrics.BinaryAccuracy()
    metric.update_state(labels[:, None], said)
    assert judged.accuracy == pytest.approx(float(metric.result()))


def test_confusion_counts_every_picture_in_its_row_and_column():
    """Row: the right class, column: the answer. Also for a class that nobody answers."""
    said = np.eye(3)[[0, 1, 1, 0]]
    judged = judge(said, np.array([0, 0, 1, 2]))
    assert judged.confusion.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert judged.answers.tolist() == [0, 1, 1, 0]
    assert judged.accuracy == 0.5


@pytest.mark.parametrize(
    ("said", "labels"), [((3, 2), (4,)), ((3,), (3,)), ((0, 2), (0,))], ids=["lengths", "no classes", "nothing"]
)
def test_answers_without_labels_are_refused(said, labels):
    with pytest.raises(ValueError, match="one row of probabilities for each label"):
        judge(np.zeros(said), np.zeros(labels))
