"""A run's Keras model, ready to be trained. A worker module: it imports Keras."""

import keras
import numpy as np
from keras import ops

from core.compute.devices import warm
from core.compute.one_device import on_one_device
from core.nets.keras_model import keras_model
from core.nets.layers import Conv2D
from core.nets.network import layer_names, rows
from core.training.pictures import with_augmentation
from core.training.spec import MOMENTUM, RunSpec


class Correct(keras.metrics.Metric):
    """The share of right answers, at about the cost of an argmax: no sample weights, no reshaping."""

    def __init__(self, name="accuracy", binary=False):
        super().__init__(name=name)
        self.binary = binary
        self.right = self.add_variable(shape=(), initializer="zeros", name="right")
        self.seen = self.add_variable(shape=(), initializer="zeros", name="seen")

    def update_state(self, y_true, y_pred, sample_weight=None):
        answers = ops.squeeze(y_pred > 0.5, axis=-1) if self.binary else ops.argmax(y_pred, axis=-1)
        labels = ops.reshape(y_true, (-1,))
        hits = ops.equal(ops.cast(answers, "int32"), ops.cast(labels, "int32"))
        self.right.assign_add(ops.sum(ops.cast(hits, "float32")))
        self.seen.assign_add(ops.cast(ops.shape(y_pred)[0], "float32"))

    def result(self):
        return self.right / ops.maximum(self.seen, 1.0)


class HandMade(keras.constraints.Constraint):
    """Keeps one filter of a kernel (rows, columns, channels, filters) at the numbers that a person gave it."""

    def __init__(self, kernel, place):
        self.kernel, self.place = np.asarray(kernel, dtype=np.float32), place

    def __call__(self, w):
        fixed = ops.cast(ops.arange(w.shape[-1]) == self.place, w.dtype)
        return w * (1 - fixed) + ops.expand_dims(ops.convert_to_tensor(self.kernel, dtype=w.dtype), -1) * fixed

    def get_config(self):
        return {"kernel": self.kernel.tolist(), "place": self.place}


def _watched(kind):
    """An optimiser of that kind which keeps the size of the last gradient of every variable."""

    class Watched(on_one_device(kind)):
        def build(self, variables):
            if not self.built:
                self.sizes = self.add_variable(shape=(len(variables),), initializer="zeros", name="gradient_sizes")
            super().build(variables)

        def apply(self, grads, trainable_variables=None):
            grads = list(grads)
            if not self.built:
                self.build(trainable_variables)
            self.sizes.assign(ops.stack([ops.sqrt(ops.sum(ops.square(ops.cast(g, "float32")))) for g in grads]))
            return super().apply(grads, trainable_variables)

    return Watched


WATCHED = {"adam": _watched(keras.optimizers.Adam), "sgd": _watched(keras.optimizers.SGD)}


def optimiser(spec: RunSpec):
    """The optimiser of a run, with `sizes`: the Euclidean norm of each variable's last gradient."""
    decay = spec.weight_decay or None  # decoupled from the gradient: Loshchilov & Hutter 2019
    if spec.optimiser == "adam":
        return WATCHED["adam"](spec.learning_rate, weight_decay=decay)
    momentum = MOMENTUM if spec.optimiser == "momentum" else 0.0
    return WATCHED["sgd"](spec.learning_rate, momentum=momentum, weight_decay=decay)


def loss(spec: RunSpec, binary: bool):
    """What is minimised: cross-entropy, where asked for against smoothed labels (Szegedy et al. 2016)."""
    smoothing = spec.label_smoothing
    if binary:
        return keras.losses.BinaryCrossentropy(label_smoothing=smoothing)
    if not smoothing:
        return "sparse_categorical_crossentropy"

    def smoothed_crossentropy(y_true, y_pred):
        wanted = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), y_pred.shape[-1])
        return keras.losses.categorical_crossentropy(wanted, y_pred, label_smoothing=smoothing)

    return smoothed_crossentropy


def compiled_model(spec: RunSpec, steps_per_execution: int = 1) -> keras.Model:
    """The network of a run with its augmentation, its start weights and its optimiser. Same spec, same start."""
    network = with_augmentation(spec.network, spec)
    model = keras_model(network, spec.seed)
    if spec.fixed_filter:
        _fix(model, network, spec.fixed_filter)
    binary = model.output.shape[-1] == 1
    compile_model(model, spec, binary, steps_per_execution)
    return model


def compile_model(model: keras.Model, spec: RunSpec, binary: bool, steps_per_execution: int = 1) -> None:
    """Give a model the loss, the metric and the optimiser of a run."""
    model.compile(
        optimizer=optimiser(spec),
        loss=loss(spec, binary),
        metrics=[Correct(binary=binary)],
        steps_per_execution=steps_per_execution,
        # XLA makes small convolutions three times slower on a CPU; on a GPU and with JAX, Keras knows best.
        jit_compile=False if (warm().backend, warm().kind) == ("tensorflow", "CPU") else "auto",
    )


def first_kernel(model: keras.Model):
    """The kernel variable (rows, columns, channels, filters) of the first convolution; None where there is none."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            return layer.kernel
    return None


def gradients(model: keras.Model) -> dict[str, float]:
    """Layer name -> size of its last gradient, over all of its variables."""
    sizes = getattr(getattr(model, "optimizer", None), "sizes", None)  # a model for questions has no optimiser
    if sizes is None:
        return {}
    numbers = ops.convert_to_numpy(sizes)
    squares: dict[str, float] = {}
    for variable, size in zip(model.trainable_variables, numbers):
        name = variable.path.partition("/")[0].partition("__")[0]
        squares[name] = squares.get(name, 0.0) + float(size) ** 2
    return {name: square**0.5 for name, square in squares.items()}


def _fix(model, network, fixed) -> None:
    place = next((i for i, row in enumerate(rows(network)) if isinstance(row.layer, Conv2D)), None)
    if place is None:
        raise ValueError("A hand-made filter needs a first convolution. Received: a network without Conv2D")
    layer = model.get_layer(layer_names(network)[place])
    size, _, channels, filters = layer.kernel.shape
    kernel = np.asarray(fixed.kernel, dtype=np.float32)
    if kernel.shape != (size, size) or not 0 <= fixed.place < filters:
        raise ValueError(
            f"A hand-made filter is as large as the first layer's, {size}×{size}, and takes the place of one of its "
            f"{filters}. Received: {kernel.shape}, place={fixed.place}"
        )
    constraint = HandMade(np.repeat(kernel[:, :, np.newaxis], channels, axis=2), fixed.place)
    layer.kernel.constraint = constraint
    layer.kernel.assign(constraint(layer.kernel))
