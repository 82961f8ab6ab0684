"""Networks that look at a camera's frames: what they say, how they say why, and what they refuse."""

import json
import threading

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group  # as the published files are laid out

from core.transfer import imagenet, novelty
from core.transfer.kept_keras import as_file
from core.transfer.live_classifier import LiveClassifier
from core.transfer.preparation import prepared
from core.transfer.recognisers import load, recogniser, whole_resnet50

SIDE = 16


def network(classes=2, end="softmax"):
    """A small network: two convolutions, flatten, dense."""
    keras.utils.set_random_seed(4)
    layers = [
        keras.Input((SIDE, SIDE, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(4, 3, strides=2, activation="relu", name="early"),
        keras.layers.Conv2D(6, 3, activation="relu", name="last"),
        keras.layers.Flatten(),
        keras.layers.Dense(1 if end == "sigmoid" else classes, end),
    ]
    return keras.Sequential(layers)


def picture(seed=0, rows=48, columns=64):
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3)).astype(np.uint8)


def about(**more):
    return {"class_names": ["handbag", "shoe"], "novelty": None, "feature_layer": "last", **more}


def ready(source):
    """A classifier whose network is loaded."""
    live = LiveClassifier()
    live.load(source)
    for thread in threading.enumerate():
        if thread.name == "load recogniser":
            thread.join(60)
    return live


@pytest.mark.parametrize("end", ["softmax", "sigmoid"])
def test_the_verdict_is_the_networks_own_on_the_prepared_picture(end):
    """What the live view says of a frame is what Keras says of the same picture after the one preparation."""
    model = network(end=end)
    live = ready({"kind": "kept", "file": as_file(model), "about": about()})
    said = model.predict(prepared(picture(), SIDE)[np.newaxis].astype("float32"), verbose=0)[0]
    expected = said if end == "softmax" else [1 - said[0], said[0]]
    np.testing.assert_allclose(live.classify(picture())["probabilities"], expected, rtol=1e-4, atol=1e-6)


def test_a_picture_that_was_prepared_before_it_was_sent_gets_the_same_verdict():
    """The web process sends the prepared square, which is smaller: preparing it again changes nothing."""
    live = ready({"kind": "kept", "file": as_file(network()), "about": about()})
    whole, sent = live.classify(picture()), live.classify(prepared(picture(), SIDE))
    np.testing.assert_array_equal(whole["probabilities"], sent["probabilities"])


def test_a_heat_map_comes_when_it_is_asked_for():
    """With why there is a map of the last maps' size, for the likeliest class; without there is none."""
    live = ready({"kind": "kept", "file": as_file(network()), "about": about()})
    assert live.classify(picture())["heat"] is None
    heat = live.classify(picture(), True)["heat"]
    assert heat.shape == (5, 5)
    assert 0 <= heat.min() <= heat.max() <= 1


def test_it_says_what_it_looks_with():
    """Names, side, and whether there are heat maps and a "neither"."""
    live = ready({"kind": "kept", "file": as_file(network()), "about": about()})
    expected = {"state": "ready", "names": ("handbag", "shoe"), "side": SIDE, "heat": True, "novelty": False}
    assert live.about() == {**expected, "message": ""}


def test_how_strange_a_picture_is():
    """It is the distance from all that was learnt from, measured on the means of the last maps, over the limit."""
    model = network()
    found = recogniser(model, ("handbag", "shoe"))
    features = np.array([found.look(picture(seed))[0].mean(axis=(0, 1)) for seed in range(30)])
    known = novelty.Novelty.from_json(novelty.fit(features[:20], features[20:]).to_json())
    live = ready({"kind": "kept", "file": as_file(model), "about": about(novelty=known.to_json())})
    assert live.about()["novelty"]
    for seed in (1, 25, 99):
        pooled = found.look(picture(seed))[0].mean(axis=(0, 1))
        expected = known.distance(pooled)[0] / known.threshold
        assert live.classify(picture(seed))["strangeness"] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8)]
)
def test_what_is_no_picture_is_refused(bad):
    """Grey, float or empty arrays are named in the refusal."""
    live = ready({"kind": "kept", "file": as_file(network()), "about": about()})
    with pytest.raises(ValueError, match="Received: shape="):
        live.classify(bad)


def test_a_file_that_is_no_model_is_said_and_not_raised():
    """The classifier is there, has failed, and says why."""
    live = ready({"kind": "kept", "file": b"nothing", "about": about()})
    assert live.about()["state"] == "failed"
    assert ".keras" in live.about()["message"]


def test_a_network_with_other_answers_than_names_is_refused():
    """Else a verdict would have no name, or a wrong one."""
    with pytest.raises(ValueError, match="a name for each of its 3 answers. Received: 2 names"):
        recogniser(network(3), ("handbag", "shoe"))


def test_the_whole_resnet50_is_asked_for_by_name_where_it_is_missing(monkeypatch, tmp_path):
    """Without its files the message names them; nothing is downloaded behind a person's back."""
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(imagenet, "_places", lambda: [("CONVLAB_DATA", [tmp_path])])
    with pytest.raises(ValueError, match=imagenet.WEIGHTS.name):
        load({"kind": "imagenet"})


def test_the_whole_resnet50_names_1000_classes_and_says_why(monkeypatch, tmp_path):
    """With files of its names and layout: shapes, names and the heat map's size are right (weights drawn at random)."""
    monkeypatch.setenv("CONVLAB_DATA", str(tmp_path))
    listed = {str(i): [f"n{i:08}", f"thing_{i}"] for i in range(1000)}
    (tmp_path / imagenet.NAMES.name).write_text(json.dumps(listed))
    with h5py.File(tmp_path / imagenet.WEIGHTS.name, "w") as file:
        save_weights_to_hdf5_group(file, keras.applications.ResNet50(weights=None))
    monkeypatch.setattr(imagenet, "is_intact", lambda path, file: path.is_file())
    live = ready({"kind": "imagenet"})
    assert live.about()["names"][:2] == ("thing 0", "thing 1")
    answer = live.classify(picture(), True)
    assert answer["probabilities"].shape == (1000,)
    assert answer["heat"].shape == (7, 7)
    assert answer["strangeness"] is None


def test_red_is_red_to_resnet50():
    """With its preparation inside, it says of a picture what Keras's own preprocess_input and model say."""
    keras.utils.set_random_seed(2)
    ours = whole_resnet50(None)
    plain = keras.applications.ResNet50(weights=None)
    weights = ours.get_weights()
    weights[0] = weights[0][:, :, ::-1]
    plain.set_weights(weights)
    shown = prepared(picture(3, 300, 300), 224)[np.newaxis].astype("float32")
    said = plain.predict_on_batch(keras.applications.resnet.preprocess_input(shown.copy()))
    np.testing.assert_allclose(ours.predict_on_batch(shown), said, rtol=1e-3, atol=1e-6)
