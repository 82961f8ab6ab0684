"""The small network that learns on top of a backbone. A worker module: it imports Keras."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers as kl

from core.compute.one_device import on_one_device
from core.transfer.ways import HEAD_DROPOUT, HEAD_UNITS

ADAM = on_one_device(keras.optimizers.Adam)
HEAD = ("head_flatten", "head_hidden", "head_dropout", "head_answer")


def head_layers(classes: int, seed: int) -> list[keras.layers.Layer]:
    """The lecture's head: flatten, 256 units, dropout, one sigmoid (two classes) or a softmax."""
    answers, activation = (1, "sigmoid") if classes == 2 else (classes, "softmax")
    draw = [keras.initializers.GlorotUniform(seed=_seed(seed, place)) for place in range(2)]
    flatten, hidden, dropout, answer = HEAD
    return [
        kl.Flatten(name=flatten),
        kl.Dense(HEAD_UNITS, activation="relu", kernel_initializer=draw[0], name=hidden),
        kl.Dropout(HEAD_DROPOUT, seed=_seed(seed, 2), name=dropout),
        kl.Dense(answers, activation=activation, kernel_initializer=draw[1], name=answer),
    ]


def build_head(feature_shape: tuple[int, int, int], classes: int, seed: int = 0) -> keras.Model:
    """A model from stored maps (n, h, w, c) to (n, 1), the share of the second class, or (n, classes)."""
    maps = keras.Input(feature_shape, name="features")
    return keras.Model(maps, _applied(head_layers(classes, seed), maps), name="head")


def with_head(backbone: keras.Model, head: keras.Model) -> keras.Model:
    """Backbone and head as one flat model with the head's weights: pictures (n, side, side, 3) -> as the head.

    Flat, so that any of its maps can be looked at (Grad-CAM). The batch norms of the backbone are frozen: they go on
    using the means and variances of the pictures that they were trained on, for a hundred pictures tell too little.
    """
    classes = max(2, head.output_shape[-1])
    fresh = head_layers(classes, 0)
    model = keras.Model(backbone.inputs, _applied(fresh, backbone.output), name="transfer")
    for layer in fresh:
        layer.set_weights(head.get_layer(layer.name).get_weights())
    freeze_batch_norms(model)
    return model


def freeze_batch_norms(model: keras.Model) -> None:
    """Means, variances, scales and offsets stay as they are; the layers compute as in use, not as in training."""
    for layer in model.layers:
        if isinstance(layer, kl.BatchNormalization):
            layer.trainable = False


def compile_for(model: keras.Model, learning_rate: float) -> None:
    """Adam and the cross-entropy that goes with the model's answer."""
    one = model.output_shape[-1] == 1
    model.compile(
        ADAM(learning_rate),
        loss="binary_crossentropy" if one else "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        # XLA takes longer to compile than these small runs take; JAX is slow without.
        jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
    )


@dataclass(frozen=True)
class Epoch:
    """One pass over the training pictures."""

    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


def train(
    model: keras.Model,
    training: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    *,
    epochs: int,
    batch: int,
    seed: int,
    after_batch: Callable[[int, int], bool] = lambda done, total: False,
) -> Iterator[Epoch]:
    """Train a compiled model, an epoch at a time; at the end it has the weights of its best epoch.

    The best epoch is the one with the highest validation accuracy, of equals the one with the lowest loss.

    training, validation: pictures or stored maps (n, …) and labels (n,). after_batch(done, total) is asked after
    every batch of an epoch; True stops the training there and then.
    The batches of an epoch are equally large, at most `batch`: the last is filled up with the first ones, since a
    batch of another size would have to be compiled for.
    """
    x, y = training
    batches = -(-len(x) // batch)
    size = -(-len(x) // batches)
    random = np.random.default_rng(seed)
    highest, best = (-1.0, -np.inf), None
    for _ in range(epochs):
        order = random.permutation(len(x))
        order = np.concatenate([order, order[: batches * size - len(x)]])
        model.reset_metrics()
        for number in range(batches):
            chosen = np.sort(order[number * size : (number + 1) * size])
            logs = model.train_on_batch(_floats(x[chosen]), y[chosen], return_dict=True)
            if after_batch(number + 1, batches):
                return
        loss, accuracy = judge(answers(model, validation[0], size), validation[1])
        if (accuracy, -loss) > highest:
            highest, best = (accuracy, -loss), model.get_weights()
        yield Epoch(float(logs["loss"]), float(logs["accuracy"]), loss, accuracy)
    if best is not None:
        model.set_weights(best)


def answers(model: keras.Model, pictures, batch: int = 32, stop: Callable[[], bool] = lambda: False) -> np.ndarray:
    """What the model says of pictures or stored maps (n, …), in batches of one size: (n, answers) float32."""
    said = []
    for start in range(0, len(pictures), batch):
        if stop():
            break
        part = _floats(pictures[start : start + batch])
        short = batch - len(part)
        filled = np.concatenate([part, np.repeat(part[-1:], short, axis=0)]) if short else part
        said.append(np.asarray(model.predict_on_batch(filled))[: len(part)])
    return np.concatenate(said) if said else np.zeros((0, model.output_shape[-1]), np.float32)


def judge(said: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """(cross-entropy, accuracy) of answers (n, 1) or (n, classes) to pictures with these labels."""
    said = np.asarray(said, np.float64)
    both = np.concatenate([1 - said, said], axis=1) if said.shape[1] == 1 else said
    of_truth = both[np.arange(len(labels)), labels]
    return float(-np.log(of_truth.clip(1e-7)).mean()), float(np.mean(both.argmax(axis=1) == labels))


def _floats(numbers: np.ndarray) -> np.ndarray:
    return np.asarray(numbers, np.float32)  # stored tensors are float16, pictures uint8


def _applied(layers, maps):
    for layer in layers:
        maps = layer(maps)
    return maps


def _seed(seed: int, place: int) -> int:
    return int(np.random.SeedSequence([seed, place]).generate_state(1)[0] >> 1)
