"""What the card says of the shipped weights holds for them: looked up in the stored results, and tried on pictures."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from core.transfer.backbones import BACKBONES, WEIGHTS_FOLDER
from core.transfer.keras_backbones import headless, shipped_model
from core.transfer.novelty import Novelty
from scripts.backbone import card, handbags
from scripts.backbone.features import prepared_pictures, through
from scripts.backbone.folders import RESULTS
from scripts.backbone.packed import PackedPictures

DATA = Path(os.environ.get("CONVLAB_DATA", "")).expanduser()
TRIED = 400  # pictures: two standard errors of an accuracy near one half are 5 points
with_data = pytest.mark.skipif(
    not (os.environ.get("CONVLAB_DATA") and (DATA / "tiny_imagenet.npz").is_file()),
    reason="CONVLAB_DATA names no folder with tiny_imagenet.npz",
)


class Some(PackedPictures):
    """The first pictures of a packed set."""

    def __init__(self, path, half):
        super().__init__(path, half)
        self.labels = self.labels[:TRIED]


def stored(part: str) -> dict:
    return json.loads((RESULTS / f"backbone_{part}.json").read_text(encoding="utf-8"))


def test_the_card_tells_the_stored_results():
    """The card beside the weights is what the results give, word for word and number for number."""
    assert (WEIGHTS_FOLDER / "compact_resnet.md").read_text(encoding="utf-8") == card.text()


def test_the_means_are_those_of_the_seeds():
    """Five seeds each; mean and standard deviation are theirs."""
    for part in ("scratch", "yardsticks", "handbags"):
        assert len(stored(part)["seeds"]) == 5
        for way in stored(part)["ways"].values():
            assert len(way["accuracies"]) == 5
            assert way["mean"] == pytest.approx(np.mean(way["accuracies"]), abs=1e-4)
            assert way["spread"] == pytest.approx(np.std(way["accuracies"], ddof=1), abs=1e-4)


def test_the_small_network_is_the_lectures():
    """101,345 parameters learn from scratch."""
    assert stored("scratch")["ways"]["scratch"]["parameters_learnt"] == 101_345


@with_data
def test_tiny_imagenet_accuracy_is_as_published():
    """Some validation pictures, within three standard errors."""
    some = Some(DATA / "tiny_imagenet.npz", "val")
    features = through(headless("compact_resnet"), prepared_pictures(some, BACKBONES["compact_resnet"].side))
    with np.load(WEIGHTS_FOLDER / "tiny_imagenet_head.npz", allow_pickle=False) as arrays:
        scores = features @ arrays["weights"].astype(np.float32) + arrays["bias"]
    published = stored("labels")["top1"]
    error = np.sqrt(published * (1 - published) / TRIED)
    assert (scores.argmax(axis=1) == some.labels).mean() == pytest.approx(published, abs=3 * error)


@with_data
def test_the_shipped_head_names_photos_it_has_never_seen():
    """The twelve photos of the webcam clip: as many right, and as many called new, as the card says."""
    model, about = shipped_model()
    clip = handbags.photos(DATA, webcam=True)
    pictures = clip.prepared(BACKBONES["compact_resnet"].side)
    said = np.asarray(model.predict_on_batch(pictures.astype(np.float32)))[:, 0]
    published = stored("head")
    assert len(clip.labels) == 12
    assert ((said > 0.5) == clip.labels).sum() == published["webcam_photos_right"]
    new = Novelty.from_json(about["novelty"]).is_new(through(headless("compact_resnet"), pictures))
    assert abs(int(new.sum()) - published["webcam_photos_called_new"]) <= 1


@with_data
def test_the_photos_behind_the_webcam_clip_are_kept_out():
    """No file is in both."""
    clip, known = handbags.photos(DATA, webcam=True), handbags.photos(DATA)
    assert not set(clip.files) & set(known.files)


@with_data
def test_a_split_shares_each_class_out():
    """98, 49 and the rest; nobody is in two parts, and the classes' shares are the same within a photo."""
    labels = handbags.photos(DATA).labels
    for seed in handbags.SEEDS:
        parts = handbags.split(labels, seed)
        assert [len(part) for part in parts[:2]] == [98, 49]
        assert sorted(np.concatenate(parts)) == list(range(len(labels)))
        for part in parts:
            assert labels[part].mean() == pytest.approx(labels.mean(), abs=1 / len(part))
