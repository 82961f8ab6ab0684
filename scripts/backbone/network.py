"""The compact ResNet in training: the network that is shipped, and two heads that are thrown away afterwards."""

import keras
from keras import layers

from core.nets.keras_model import keras_model
from core.nets.presets import PRESETS

LABELS = 200
TEACHER_SCORES = 1001


def body(seed: int = 0) -> keras.Model:
    """Pictures (N, side, side, 3) of any side, from 0 to 255 -> features (N, 256). With fresh weights.

    Layers, names and weights are those of the preset; only the size of the pictures is left open.
    """
    preset = keras_model(PRESETS["compact_resnet"].network, seed)
    model = keras.models.clone_model(preset, input_tensors=keras.Input((None, None, 3), name="pictures"))
    for place, layer in enumerate(model.layers):
        if isinstance(layer, layers.Conv2D):
            initial = keras.initializers.HeNormal(seed=seed + place)
            layer.set_weights([initial(layer.kernel.shape)])
        if isinstance(layer, layers.BatchNormalization):
            # Not Keras's 0.99: the statistics are to follow when the pictures in training grow.
            layer.momentum = 0.95
            if layer.name.endswith("norm_2"):  # a new block starts as its shortcut
                layer.gamma.assign(0 * layer.gamma)
    return model


def with_heads(features: keras.Model) -> keras.Model:
    """The body with scores for the 200 labels and for the teacher's 1,001 classes, both before softmax."""
    label = layers.Dense(LABELS, name="label")(features.output)
    teacher = layers.Dense(TEACHER_SCORES, name="teacher")(features.output)
    return keras.Model(features.input, {"label": label, "teacher": teacher})
