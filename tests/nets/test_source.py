"""The Keras source and the notebook are run as they stand."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from core.nets.keras_model import keras_model
from core.nets.layers import Conv2D, Dense, Flatten, GlobalAveragePool, Rescaling, Residual
from core.nets.network import Network, NetworkError, total_parameters
from core.nets.notebook import loss, notebook
from core.nets.presets import PRESETS
from core.nets.source import source
from tests.nets.making import networks


def made_by(text):
    """The model that the source leaves behind."""
    variables = {}
    exec(compile(text.replace("model.summary()", ""), "lesson.py", "exec"), variables)
    return variables["model"]


def run_alone(text, folder):
    """What a program prints in a Python of its own."""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def assert_same_network(network):
    """The source's model gives our model's numbers once it has its weights."""
    ours, theirs = keras_model(network, seed=1), made_by(source(network))
    assert theirs.count_params() == total_parameters(network)
    theirs.set_weights(ours.get_weights())
    pictures = np.random.default_rng(0).uniform(0, network.input_range, (2, *network.input_shape)).astype("float32")
    said, expected = (model.predict_on_batch(pictures) for model in (theirs, ours))
    np.testing.assert_allclose(said, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "resnet50"])
def test_the_source_of_a_preset_is_the_preset(name):
    """The same numbers come out for the same pictures and weights."""
    assert_same_network(PRESETS[name].network)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_the_source_of_any_network_is_the_network(network):
    """The same numbers come out for the same pictures and weights."""
    keras.backend.clear_session()
    assert_same_network(network)


def test_the_source_runs_alone(tmp_path):
    """In a fresh Python, with nothing but keras; it prints the parameters of ResNet50."""
    assert "23,587,712" in run_alone(source(PRESETS["resnet50"].network), tmp_path)


def test_a_line_says_shape_and_parameters():
    """Behind the second convolution of the lecture's network."""
    line = 'layers.Conv2D(32, 2, activation="relu"),  # 12×12×32, 4,128 parameters'
    assert line in source(PRESETS["lecture"].network)


def test_a_network_that_cannot_be_has_no_source():
    """The fault is told with its place."""
    with pytest.raises(NetworkError) as caught:
        source(Network((28, 28, 1), (Conv2D(8), Dense(10))))
    assert caught.value.place == 1


def script(book):
    """All code of a notebook as one program."""
    return "\n\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code")


def few_pictures():
    """100 pictures as Keras's loaders give them."""
    dice = np.random.default_rng(0)
    return tuple(
        (dice.integers(0, 256, (count, 28, 28), np.uint8), dice.integers(0, 10, count, np.uint8)) for count in (80, 20)
    )


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a program in a folder of its own and returns what it printed; only the download is replaced."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", few_pictures)

    def run(text):
        capsys.readouterr()
        exec(compile(text, "lesson.py", "exec"), {})
        return capsys.readouterr().out

    return run


def test_the_notebook_trains_on_a_set(run):
    """Data, model, fit and evaluation."""
    book = notebook(PRESETS["lecture"].network, epochs=1, batch_size=16)
    said = run(script(json.loads(json.dumps(book))))
    assert "(80, 28, 28, 1) (20, 28, 28, 1)" in said
    assert "302,026" in said and "error left" in said


def test_the_notebook_runs_alone(tmp_path):
    """In a fresh Python, with two folders of pictures and one sigmoid."""
    dice = np.random.default_rng(0)
    for name in ("bag", "shoe"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(10):
            picture = Image.fromarray(dice.integers(0, 256, (24, 24, 3), np.uint8))
            picture.save(tmp_path / "pictures" / name / f"{number}.png")
    network = Network((16, 16, 3), (Conv2D(4), GlobalAveragePool(), Dense(1, "sigmoid")))
    said = run_alone(script(notebook(network, epochs=1)), tmp_path)
    assert "(16, 16, 16, 3) (4, 16, 16, 3) ['bag', 'shoe']" in said and "error left" in said


def test_the_notebook_is_one():
    """The fields that nbformat 4.5 asks for."""
    book = notebook(PRESETS["small_resnet"].network)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    for cell in book["cells"]:
        assert cell["cell_type"] in ("code", "markdown") and cell["id"] and isinstance(cell["metadata"], dict)
        assert cell["source"] and all(line.endswith("\n") for line in cell["source"][:-1])
        assert (cell["cell_type"] == "code") == ("outputs" in cell) == ("execution_count" in cell)
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


def test_the_recipe_stands_in_the_notebook():
    """Optimiser, learning rate, batch, epochs, split and seed are those that were asked for."""
    chosen = {"optimiser": "momentum", "learning_rate": 0.05, "batch_size": 32, "epochs": 3, "seed": 7}
    text = script(notebook(PRESETS["lecture"].network, data="mnist", validation_split=0.1, **chosen))
    for part in ("SGD(0.05, momentum=0.9)", "batch_size=32, epochs=3, validation_split=0.1", "set_random_seed(7)"):
        assert part in text
    assert "keras.datasets.mnist.load_data()" in text


def test_a_recipe_with_everything_runs_in_the_notebook(run):
    """A falling learning rate, weight decay and smoothed labels."""
    recipe = {"optimiser": "momentum", "schedule": "cosine", "weight_decay": 0.0005, "label_smoothing": 0.1}
    book = notebook(PRESETS["dense"].network, epochs=2, batch_size=16, **recipe)
    said = run(f"{script(book)}\nprint(history.history['learning_rate'], float(model.optimizer.weight_decay))")
    assert "error left" in said and "[0.0010000000474974513, 0.0005000000237487257] 0.0005" in said
    one = Network((28, 28, 1), (Flatten(), Dense(1, "sigmoid")))
    assert "BinaryCrossentropy(label_smoothing=0.1)" in script(notebook(one, label_smoothing=0.1))


def test_a_run_on_some_pictures_is_one_on_as_many_in_the_notebook(run):
    """Chosen by the seed; the test pictures are all."""
    book = notebook(PRESETS["dense"].network, epochs=1, batch_size=4, picture_count=10)
    assert run(f"{script(book)}\nprint(len(pictures))").rstrip().endswith("10")


@pytest.mark.parametrize("before", [(), (Residual(4),)], ids=["first layer", "behind a block"])
def test_a_filter_made_by_hand_stays_as_it_is_in_the_notebook(run, tmp_path, before):
    """In every channel, from the start to the end, while its neighbours learn; the text says so."""
    layers = (Rescaling(), *before, Conv2D(3, 2), Conv2D(4, 2), GlobalAveragePool(), Dense(10, "softmax"))
    options = {"epochs": 1, "batch_size": 16, "learning_rate": 0.1, "weight_decay": 0.05, "optimiser": "sgd"}
    book = notebook(Network((28, 28, 1), layers), hand_made=(2, ((0.0, 1.5), (-1.0, 0.0))), **options)
    assert "Filter 3 of the first convolution was made by hand" in "".join("".join(c["source"]) for c in book["cells"])
    ready, trained = script(book).split("history = ")
    looking = "np.savez('kernels', start, keras.ops.convert_to_numpy(kernel))"
    run(f"{ready}start = keras.ops.convert_to_numpy(kernel)\nhistory = {trained}\n{looking}")
    start, end = np.load(tmp_path / "kernels.npz").values()
    for channel in range(4 if before else 1):
        for kernel in (start, end):
            np.testing.assert_array_equal(kernel[:, :, channel, 2], [[0, 1.5], [-1, 0]])
    assert all(np.abs(end[..., k] - start[..., k]).max() > 1e-4 for k in (0, 1))


def test_pictures_come_as_the_network_takes_them():
    """Those of a network that rescales stay 0 to 255, those of another are brought to 0 to 1."""
    layers = (Flatten(), Dense(10, "softmax"))
    assert 'astype("float32") / 255' in script(notebook(Network((28, 28, 1), layers)))
    assert 'astype("float32") / 255' not in script(notebook(Network((28, 28, 1), (Rescaling(), *layers))))


def test_the_loss_fits_the_output():
    """One sigmoid or a share for each class."""
    assert loss(PRESETS["handbag_shoe"].network) == "binary_crossentropy"
    assert loss(PRESETS["lecture"].network) == "sparse_categorical_crossentropy"


@pytest.mark.parametrize(
    ("network", "options"),
    [
        (PRESETS["resnet50"].network, {}),
        (PRESETS["lecture"].network, {"data": "cifar10"}),
        (PRESETS["lecture"].network, {"data": "imagenet"}),
        (PRESETS["lecture"].network, {"optimiser": "adagrad"}),
        (PRESETS["lecture"].network, {"hand_made": (32, ((1.0, 0.0), (0.0, 1.0)))}),
        (PRESETS["lecture"].network, {"hand_made": (0, ((1.0,),))}),
        (PRESETS["dense"].network, {"hand_made": (0, ((1.0,),))}),
    ],
)
def test_a_notebook_that_could_not_run_is_refused(network, options):
    """No last Dense layer, other pictures, an unknown set or optimiser, a filter that has no place."""
    with pytest.raises(ValueError, match="Received"):
        notebook(network, **options)
