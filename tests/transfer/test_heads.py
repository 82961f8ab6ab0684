"""Heads: what they are, that they learn, and that batch norms stay frozen when all is trained."""

import keras
import numpy as np
import pytest

from core.transfer.heads import answers, build_head, compile_for, judge, train, with_head
from core.transfer.ways import head_parameters
from tests.transfer.making import striped, tiny_backbone


def two_heaps(count: int = 20):
    """Stored maps (n, 2, 2, 3) of two classes, told apart by their first channel."""
    random = np.random.default_rng(0)
    labels = np.arange(count) % 2
    maps = random.normal(0, 0.3, (count, 2, 2, 3))
    maps[..., 0] += labels[:, None, None] * 2
    return maps.astype(np.float16), labels


@pytest.mark.parametrize("classes", [2, 4])
def test_a_head_has_the_parameters_it_is_said_to_have(classes):
    """The formula agrees with Keras."""
    assert build_head((3, 3, 5), classes).count_params() == head_parameters((3, 3, 5), classes)


def test_the_same_seed_gives_the_same_head():
    """Weights are drawn anew for every seed, and alike for the same."""
    one, same, other = (build_head((2, 2, 3), 2, seed).get_weights()[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.01


def test_a_head_learns_and_ends_with_its_best_epoch():
    """Two heaps are told apart; the weights at the end are of the most accurate epoch, of equals the surest."""
    x, y = two_heaps()
    head = build_head((2, 2, 3), 2)
    compile_for(head, 1e-2)
    epochs = list(train(head, (x, y), (x, y), epochs=12, batch=8, seed=0))
    loss, accuracy = judge(answers(head, x), y)
    assert accuracy == 1
    right = [epoch.validation_loss for epoch in epochs if epoch.validation_accuracy == 1]
    assert loss == pytest.approx(min(right), rel=1e-4)


def test_all_batches_of_an_epoch_are_equally_large():
    """98 pictures at most 32 at a time: four batches of 25, the last one filled up."""
    seen = []
    head = build_head((2, 2, 3), 2)
    compile_for(head, 1e-3)
    learn = head.train_on_batch
    head.train_on_batch = lambda x, y, **rest: (seen.append(len(x)), learn(x, y, **rest))[1]
    x, y = two_heaps(98)
    list(train(head, (x, y), (x[:4], y[:4]), epochs=1, batch=32, seed=0))
    assert seen == [25] * 4


def test_training_stops_after_the_batch_in_which_it_is_asked_to():
    """No further epoch is told."""
    x, y = two_heaps()
    head = build_head((2, 2, 3), 2)
    compile_for(head, 1e-3)
    asked = []
    stop = lambda done, total: (asked.append(done), len(asked) == 3)[1]  # noqa: E731
    assert len(list(train(head, (x, y), (x, y), epochs=9, batch=10, seed=0, after_batch=stop))) == 1
    assert asked == [1, 2, 1]


def test_answers_do_not_depend_on_how_batches_are_filled_up():
    """Seven pictures in batches of three say what they say alone."""
    x, _ = two_heaps(7)
    head = build_head((2, 2, 3), 3)
    np.testing.assert_allclose(
        answers(head, x, batch=3), keras.ops.convert_to_numpy(head(x.astype("float32"))), atol=1e-6
    )


def test_head_on_backbone_says_what_the_head_said_of_stored_maps():
    """The flat model agrees with backbone, then head; it can be cut at the backbone's last maps."""
    backbone = tiny_backbone()
    head = build_head(backbone.output_shape[1:], 2, 5)
    pictures = np.stack([striped(i % 2, i) for i in range(4)]).astype("float32")
    whole = with_head(backbone, head)
    np.testing.assert_allclose(whole.predict_on_batch(pictures), head.predict_on_batch(backbone(pictures)), atol=1e-6)
    assert whole.get_layer("last_maps").output.shape[1:] == backbone.output_shape[1:]


def test_batch_norms_stay_as_they_are_while_the_rest_learns():
    """End to end, the kernels move and no number of a batch norm does."""
    backbone = tiny_backbone()
    model = with_head(backbone, build_head(backbone.output_shape[1:], 2))
    compile_for(model, 1e-2)
    norm = [array.copy() for array in model.get_layer("norm").get_weights()]
    kernel = model.get_layer("last_maps").get_weights()[0].copy()
    x = np.stack([striped(i % 2, i) for i in range(8)])
    list(train(model, (x, np.arange(8) % 2), (x, np.arange(8) % 2), epochs=1, batch=8, seed=0))
    for before, after in zip(norm, model.get_layer("norm").get_weights()):
        np.testing.assert_array_equal(before, after)
    assert np.abs(kernel - model.get_layer("last_maps").get_weights()[0]).max() > 0
    assert keras.backend.is_float_dtype(model.compute_dtype)


def test_judging_is_that_of_keras():
    """Cross-entropy and accuracy of answers, against Keras's own losses."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, 9)
    said = random.uniform(0.05, 0.95, (9, 1))
    expected = float(keras.ops.mean(keras.losses.binary_crossentropy(labels[:, None].astype("float32"), said)))
    assert judge(said, labels)[0] == pytest.approx(expected, rel=1e-5)
    many = keras.ops.convert_to_numpy(keras.ops.softmax(random.normal(size=(9, 3))))
    expected = float(np.mean(keras.losses.sparse_categorical_crossentropy(labels, many)))
    assert judge(many, labels) == (pytest.approx(expected, rel=1e-5), np.mean(many.argmax(1) == labels))
