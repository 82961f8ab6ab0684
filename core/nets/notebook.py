"""A network as a Jupyter notebook that runs: data, model, compile, fit, evaluate (nbformat 4, plain JSON values)."""

from core.nets.layer import shape_text
from core.nets.layers import Conv2D, Dense
from core.nets.network import Network, output_shape, rows, total_parameters
from core.nets.source import model_source

OPTIMISERS = {
    "adam": "keras.optimizers.Adam({rate!r}{decay})",
    "sgd": "keras.optimizers.SGD({rate!r}{decay})",
    "momentum": "keras.optimizers.SGD({rate!r}, momentum=0.9{decay})",
}
# name -> (title, its place in keras.datasets, shape of a picture, number of classes)
SETS = {
    "fashion_mnist": ("Fashion-MNIST", "fashion_mnist", (28, 28, 1), 10),
    "mnist": ("MNIST", "mnist", (28, 28, 1), 10),
    "cifar10": ("CIFAR-10", "cifar10", (32, 32, 3), 10),
}
FOLDER = "folder"
BINARY = "binary_crossentropy"
DATA = {
    "set": """
(pictures, labels), (test_pictures, test_labels) = keras.datasets.{place}.load_data()
pictures = pictures.reshape(-1, *{shape}).astype("float32"){scale}  # from 0 to {white:g}
test_pictures = test_pictures.reshape(-1, *{shape}).astype("float32"){scale}
labels, test_labels = labels.reshape(-1), test_labels.reshape(-1)
print(pictures.shape, test_pictures.shape)
""",
    FOLDER: """
# One folder for each class: pictures/bag/*.jpg, pictures/shoe/*.jpg; one picture in five is kept for the test.
options = {{"image_size": {size}, "color_mode": "{mode}", "batch_size": None, "validation_split": 0.2, "seed": {seed}}}
kept, tested = keras.utils.image_dataset_from_directory("pictures", subset="both", **options)


def arrays(dataset):
    pairs = list(dataset.as_numpy_iterator())
    return np.stack([picture for picture, _ in pairs]){scale}, np.array([label for _, label in pairs])


(pictures, labels), (test_pictures, test_labels) = arrays(kept), arrays(tested)
print(pictures.shape, test_pictures.shape, kept.class_names)
""",
}
SOME = """
chosen = np.random.default_rng({seed}).permutation(len(pictures))[:{count}]
chosen = chosen[np.random.default_rng([{seed}, 0]).permutation(len(chosen))]  # the last of them validate
pictures, labels = pictures[chosen], labels[chosen]
"""
HAND_MADE = """
made = np.array(
    [
{rows}
    ],
    "float32",
)


class HandMade(keras.constraints.Constraint):
    \"\"\"Keeps filter {number} of a kernel (rows, columns, channels, filters) as it was made, in every channel.\"\"\"

    def __call__(self, kernel):
        ours = np.arange(kernel.shape[-1]) == {place}
        return keras.ops.where(ours, made[:, :, None, None], keras.ops.convert_to_tensor(kernel))


"""
START = """
kernel = next(layer.kernel for layer in model.layers if getattr(layer, "kernel_constraint", None))
kernel.assign(kernel.constraint(kernel))
"""
COMPILE = """
keras.utils.set_random_seed({seed})
model.compile(
    optimizer={optimiser},
    loss={loss},
    metrics=["accuracy"],
)
"""
SMOOTHED = """
def smoothed_crossentropy(labels, shares):
    wanted = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(labels, (-1,)), "int32"), shares.shape[-1])
    return keras.losses.categorical_crossentropy(wanted, shares, label_smoothing={smoothing!r})


"""
FIT = """
history = model.fit(pictures, labels, batch_size={batch_size}, epochs={epochs}, validation_split={validation_split})
"""
COSINE_FIT = """
falling = keras.callbacks.LearningRateScheduler(lambda epoch: {rate!r} * (1 + np.cos(np.pi * epoch / {epochs})) / 2)
options = {{"batch_size": {batch_size}, "epochs": {epochs}, "validation_split": {validation_split}}}
history = model.fit(pictures, labels, callbacks=[falling], **options)
"""
EVALUATE = """
loss, accuracy = model.evaluate(test_pictures, test_labels, verbose=0)
print(f"{accuracy:.1%} of the test pictures are right: {1 - accuracy:.1%} error left")
"""


def notebook(
    network: Network,
    *,
    data: str | None = None,
    optimiser: str = "adam",
    learning_rate: float = 0.001,
    batch_size: int = 64,
    epochs: int = 10,
    validation_split: float = 0.2,
    seed: int = 0,
    schedule: str = "constant",
    weight_decay: float = 0.0,
    label_smoothing: float = 0.0,
    picture_count: int | None = None,
    hand_made: tuple[int, tuple[tuple[float, ...], ...]] | None = None,
) -> dict:
    """The notebook as a dict; json.dumps makes the .ipynb file.

    data: a key of SETS, or "folder" for pictures of one's own in one folder for each class; None: the first set whose
        pictures have the network's shape, else a folder.
    schedule: "constant", or "cosine" for a learning rate that falls along half a cosine.
    picture_count: of a set's training pictures, with the validation pictures among them; None: all.
    hand_made: which filter of the first convolution is not trained, from 0, and its rows.
    Raises NetworkError for layers that do not go together; ValueError for a network that does not end in a Dense
    layer, for unknown data or optimiser, for a set whose pictures or classes do not fit, and for such a filter.
    """
    if optimiser not in OPTIMISERS:
        raise ValueError(f"optimiser must be one of {', '.join(OPTIMISERS)}. Received: optimiser={optimiser!r}")
    table = rows(network)
    if not table or len(table[-1].output_shape) != 1 or not any(isinstance(row.layer, Dense) for row in table):
        raise ValueError(
            f"A network that is trained ends in a Dense layer. Received: output {shape_text(output_shape(network))}"
        )
    data = data or _fitting_set(network)
    _check_data(network, data)
    if hand_made:
        _check_filter(network, *hand_made)
    decay = f", weight_decay={weight_decay!r}" if weight_decay else ""
    smoothed = label_smoothing and loss(network) != BINARY
    fit = COSINE_FIT if schedule == "cosine" else FIT
    cells = [
        _text(f"# {network.name or 'A network'} from ConvLab\n\n{_sizes(network)}"),
        _code("import keras\nimport numpy as np\nfrom keras import layers"),
        _text(f"## Pictures\n\n{_about(data, network)}"),
        _code(_data_source(network, data, seed) + _some(data, picture_count, seed)),
        _text(f"## Model\n\nAt each line: the shape that comes out and what is learnt there.{_kept(hand_made)}"),
        _code(_model(network, hand_made)),
        _text("## Training"),
        _code(
            (SMOOTHED.format(smoothing=label_smoothing) if smoothed else "")
            + COMPILE.format(
                seed=seed,
                optimiser=OPTIMISERS[optimiser].format(rate=learning_rate, decay=decay),
                loss=_loss_source(network, label_smoothing),
            ).lstrip()
        ),
        _code(fit.format(batch_size=batch_size, epochs=epochs, validation_split=validation_split, rate=learning_rate)),
        _text("## Test\n\nOnce, at the end, on pictures that played no part in any choice."),
        _code(EVALUATE),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def loss(network: Network) -> str:
    """Keras's name of the loss that fits what the network says: one sigmoid, or one share for each class."""
    return BINARY if output_shape(network) == (1,) else "sparse_categorical_crossentropy"


def _loss_source(network, smoothing):
    if not smoothing:
        return f'"{loss(network)}"'
    if loss(network) == BINARY:
        return f"keras.losses.BinaryCrossentropy(label_smoothing={smoothing!r})"
    return "smoothed_crossentropy"


def _fitting_set(network):
    for name, (_, _, shape, classes) in SETS.items():
        if shape == network.input_shape and output_shape(network) == (classes,):
            return name
    return FOLDER


def _check_data(network, data):
    if data == FOLDER:
        return
    if data not in SETS:
        raise ValueError(f"data must be one of {', '.join(SETS)}, {FOLDER}. Received: data={data!r}")
    _, _, shape, classes = SETS[data]
    if shape != network.input_shape or output_shape(network) != (classes,):
        raise ValueError(
            f"The network must take {shape_text(shape)} and end in {classes} numbers for this set. "
            f"Received: {shape_text(network.input_shape)} → {shape_text(output_shape(network))}"
        )


def _data_source(network, data, seed):
    white = network.input_range
    scale = "" if white == 255 else " / 255"
    if data == FOLDER:
        mode = "rgb" if network.input_shape[2] == 3 else "grayscale"
        return DATA[FOLDER].format(size=network.input_shape[:2], mode=mode, scale=scale, seed=seed)
    _, place, shape, _ = SETS[data]
    return DATA["set"].format(place=place, shape=shape, scale=scale, white=white)


def _some(data, count, seed):
    return "" if count is None or data == FOLDER else SOME.format(count=count, seed=seed)


def _check_filter(network, place, kernel):
    layer = next((layer for layer in network.layers if isinstance(layer, Conv2D)), None)
    size = (len(kernel), len(kernel[0]))
    if layer is None or size != (layer.kernel, layer.kernel) or not 0 <= place < layer.filters:
        raise ValueError(
            "A hand-made filter is as large as those of the first convolution and takes the place of one of them. "
            f"Received: {shape_text(size)}, place={place}"
        )


def _kept(hand_made):
    if not hand_made:
        return ""
    return f" Filter {hand_made[0] + 1} of the first convolution was made by hand and does not learn."


def _model(network, hand_made):
    if not hand_made:
        return f"{model_source(network)}model.summary()"
    place, kernel = hand_made
    rows = "\n".join(f"        {[float(number) for number in row]}," for row in kernel)
    made = HAND_MADE.format(rows=rows, number=place + 1, place=place)
    return f"{made.lstrip()}{model_source(network, 'HandMade()')}model.summary(){START}"


def _about(data, network):
    if data == FOLDER:
        size = shape_text(network.input_shape[:2])
        return f"Your own: a folder named `pictures` beside this notebook. They are brought to {size}."
    return f"{SETS[data][0]}, which Keras downloads once."


def _sizes(network):
    shapes = f"{shape_text(network.input_shape)} → {shape_text(output_shape(network))}"
    return f"{shapes}, {total_parameters(network):,} parameters."


def _text(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip().splitlines(keepends=True)}


def _code(text):
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": text.strip().splitlines(keepends=True),
    }
