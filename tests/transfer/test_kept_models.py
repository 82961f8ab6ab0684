"""Kept networks: what is written is read again, and what would run code or is none is refused with the reason."""

import io
import json
import resource
import zipfile
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from core.transfer.heads import build_head, with_head
from core.transfer.kept_check import check_keras_file
from core.transfer.kept_keras import as_file, described, last_maps, load_bytes
from core.transfer.kept_models import KeptModel, as_archive, open_archive, read_kept, write_kept
from core.transfer.kept_source import texts_for, way_notebook, way_source
from core.transfer.keras_backbones import Root
from core.transfer.novelty import fit
from core.transfer.preparation import about_preparation
from core.transfer.ways import WAYS, WayRun
from tests.transfer.making import SIDE, jpeg, striped, tiny_backbone


@pytest.fixture(scope="module")
def model() -> keras.Model:
    backbone = tiny_backbone()
    return with_head(backbone, build_head(backbone.output_shape[1:], 2, 3))


@pytest.fixture
def kept(model, tmp_path) -> KeptModel:
    name = "<img src=x onerror=alert(1)>"
    about = KeptModel(
        tmp_path / "kept", "Frozen backbone + head", (name, "shoes"), "sigmoid", "tiny", about_preparation(SIDE), None,
        "last_maps", {"validation": 0.95}, "2026-11-25", {"validation": 40},
    )  # fmt: skip
    return write_kept(about, as_file(model), texts_for(about, WayRun("head", 0, 2, "compact_resnet"), SIDE))


def keras_file(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_json", ".json").replace("_h5", ".weights.h5"), content)
    return path


def test_a_kept_network_says_the_same_after_the_way_through_a_zip(kept, model, tmp_path):
    """Folder, ZIP, folder: class names to the letter, and the answers of the network."""
    again = open_archive(as_archive(kept), tmp_path / "again")
    assert again.about() == kept.about()
    assert again.class_names[0] == "<img src=x onerror=alert(1)>"
    pictures = np.stack([striped(i, i) for i in (0, 1)]).astype("float32")
    np.testing.assert_allclose(
        load_bytes(again.file()).predict_on_batch(pictures), model.predict_on_batch(pictures), atol=1e-6
    )
    assert last_maps(load_bytes(again.file())) == "last_maps"


def test_the_script_that_goes_with_it_classifies_a_file(kept, tmp_path, capsys):
    """classify.py, run as it is beside the model, gives the probabilities of the app, and how strange a picture is."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg(striped(0, 1)))
    model = load_bytes(kept.file())
    maps = keras.Model(model.inputs, model.get_layer("last_maps").output)
    features = maps.predict(np.stack([striped(i, i) for i in range(8)]), verbose=0).mean(axis=(1, 2))
    novelty = fit(features[:5], features[5:])
    write_kept(replace(kept, novelty=novelty.to_json()), kept.file(), {})
    script = {"__file__": str(kept.folder / "classify.py"), "__name__": "classify"}
    exec(compile((kept.folder / "classify.py").read_text(), "classify.py", "exec"), script)
    shares = script["probabilities"](photo)
    asked = script["prepared"](photo)[np.newaxis]
    np.testing.assert_allclose(shares, kept.probabilities(model.predict_on_batch(asked))[0], atol=1e-6)
    strange = novelty.distance(maps.predict(asked, verbose=0).mean(axis=(1, 2)))[0] / novelty.threshold
    assert script["strangeness"](photo) == pytest.approx(strange, rel=0.02)


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("backbone", ["compact_resnet", "resnet50"])
def test_the_code_of_every_way_is_python_and_its_notebook_holds_it(way, backbone):
    """It compiles, and the notebook's cells are that code."""
    run = WayRun(way, 0, 2, backbone if WAYS[way].uses_backbone else "")
    source = way_source(run, 96, "residual_6")
    compile(source, "way.py", "exec")
    cells = way_notebook(run, 96, "residual_6")["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(part in source for part in code) and len(code) >= 3


def test_a_lambda_layer_is_refused_with_the_reason(tmp_path):
    """The file is not opened; the message names what is in it."""
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x * 2)]).save(path)
    with pytest.raises(ValueError, match="not opened: it holds a Lambda layer, which is a piece of somebody's code"):
        check_keras_file(path)


def test_a_lambda_within_a_model_within_a_model_is_found(tmp_path):
    """However deep it lies."""
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x * 2)])
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((4,)), inner, keras.layers.Dense(1)]).save(path)
    with pytest.raises(ValueError, match="Lambda"):
        check_keras_file(path)


@pytest.mark.parametrize(
    "layer",
    [
        {"class_name": "TFSMLayer", "module": "keras.layers", "config": {"filepath": "/somewhere"}},
        {"class_name": "TextVectorization", "module": "keras.layers", "config": {"vocabulary": "/etc/passwd"}},
        {"class_name": "Dense", "module": "os", "config": {}},
        {"class_name": "Mine", "module": "mine", "registered_name": "mine>Mine", "config": {}},
        {"class_name": "function", "module": "builtins", "config": "eval"},
    ],
)
def test_what_is_not_known_to_only_compute_is_refused(layer, tmp_path):
    """Layers that load files, code from elsewhere, plain functions."""
    config = {"class_name": "Sequential", "module": "keras", "config": {"layers": [layer]}}
    path = keras_file(tmp_path / "model.keras", config_json=json.dumps(config), model_h5=b"")
    with pytest.raises(ValueError, match="not opened"):
        check_keras_file(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89HDF\r\n\x1a\nxxx", "an old .h5 file"),
        (b"GIF89a", "not a .keras file, so it was not opened. Received: a file"),
        (b"", "not a .keras file, so it was not opened. Received: a file"),
    ],
)
def test_what_is_no_model_file_is_refused(content, words, tmp_path):
    """In words that say what arrived."""
    path = tmp_path / "model.keras"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        check_keras_file(path)


def test_members_beside_the_three_are_refused(tmp_path):
    """Assets of a .keras file may be read by layers when they are built."""
    path = keras_file(tmp_path / "model.keras", config_json="{}", model_h5=b"", evil="x")
    with pytest.raises(ValueError, match="and nothing else"):
        check_keras_file(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda about: about.update(format="other"),
        lambda about: about.update(class_names=["one"]),
        lambda about: about.update(class_names="shoes"),
        lambda about: about.update(output="argmax"),
        lambda about: about.pop("preparation"),
        lambda about: about.update(accuracy=[1]),
        lambda about: about.update(judged_on={"validation": "many"}),
        lambda about: about.update(title="x" * 500),
    ],
)
def test_a_description_that_is_none_is_refused(kept, spoil):
    """Each fault of about.json gives one line, no traceback."""
    about = json.loads((kept.folder / "about.json").read_text())
    spoil(about)
    (kept.folder / "about.json").write_text(json.dumps(about))
    with pytest.raises(ValueError, match="about.json is not that of a kept model"):
        read_kept(kept.folder)


def test_a_description_from_before_counts_were_kept_is_read(kept):
    """Then nothing is said of how many pictures an accuracy is of."""
    about = json.loads((kept.folder / "about.json").read_text())
    del about["judged_on"]
    (kept.folder / "about.json").write_text(json.dumps(about))
    assert read_kept(kept.folder).judged_on == {}


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_zip_cannot_write_outside_its_folder(kept, tmp_path):
    """Only the known names are taken, wherever they claim to lie."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.write(kept.model_file, "../../model.keras")
        archive.write(kept.folder / "about.json", "/about.json")
        archive.writestr("../../evil.py", "x")
    loaded = open_archive(stream.getvalue(), tmp_path / "a" / "b" / "c")
    assert sorted(path.name for path in (tmp_path / "a").rglob("*") if path.is_file()) == ["about.json", "model.keras"]
    assert loaded.class_names == kept.class_names


def test_a_zip_that_holds_something_else_or_nothing_is_refused(tmp_path):
    """No ZIP, an empty one, one of pictures, and a bomb."""
    for number, (data, words) in enumerate(
        [
            (b"hello", "is a ZIP file"),
            (zipped(), "an empty ZIP"),
            (zipped(**{"photo.jpg": b"x"}), "Received: photo.jpg"),
            (zipped(**{"model.keras": b"x", "about.json": b"0" * (3 << 20)}), "at most 2 MB"),
        ]
    ):
        with pytest.raises(ValueError, match=words):
            open_archive(data, tmp_path / str(number))


def test_a_model_file_alone_is_described(model):
    """What it takes and gives; a network that takes no pictures is refused."""
    assert described(as_file(model)) == {
        "side": SIDE, "answers": 2, "output": "sigmoid", "feature_layer": "last_maps",
    }  # fmt: skip
    flat = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="square colour pictures"):
        described(as_file(flat))


def test_a_model_for_pictures_larger_than_any_here_is_refused():
    """No picture could be made ready for it."""
    large = keras.Sequential([keras.Input((2048, 2048, 3)), keras.layers.Conv2D(1, 3, 64), keras.layers.Flatten()])
    with pytest.raises(ValueError, match="at most 1024 pixels a side. Received: 2048"):
        described(as_file(large))


@pytest.mark.parametrize(
    ("kind", "name", "size", "words"),
    [("Dense", "units", 300_000, "million weights"), ("UpSampling2D", "size", [4096, 4096], "million numbers")],
)
def test_a_model_that_would_fill_the_memory_is_refused_before_it_does(kind, name, size, words):
    """Its file is small: the weights in it are those of another network."""
    small = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            *(keras.layers.Conv2D(2, 3), keras.layers.UpSampling2D(1), keras.layers.GlobalMaxPooling2D()),
            *(keras.layers.Dense(3), keras.layers.Dense(3)),
        ]
    )
    file, changed = io.BytesIO(as_file(small)), io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(changed, "w") as after:
        description = json.loads(before.read("config.json"))
        for layer in description["config"]["layers"]:
            layer.pop("build_config", None)
            if layer["class_name"] == kind:
                layer["config"][name] = size
        after.writestr("config.json", json.dumps(description))
        after.writestr("model.weights.h5", before.read("model.weights.h5"))
    began = memory()
    with pytest.raises(ValueError, match=f"not opened: it may have .*{words}"):
        load_bytes(changed.getvalue())
    Root()(keras.Input((2, 2, 3)))  # Keras fills what it was told of when it next has to try a layer
    assert memory() - began < 100 << 20


def memory() -> int:
    """The most bytes that this process has needed so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
