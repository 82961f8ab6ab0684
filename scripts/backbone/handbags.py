"""Handbags and shoes: the photos, who is in which part, and the four ways from them to a network."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from core.transfer.preparation import prepared_file
from core.transfer.way_training import Parts, fine_tuning_model, go, new_model
from core.transfer.ways import WayRun
from scripts.backbone import probing
from scripts.backbone.features import through

CLASS_NAMES = ("handbag", "shoe")
SEEDS = (1, 2, 3, 4, 5)
TRAINING, VALIDATION = 98, 49  # the lecture's; the rest is the test


@dataclass(frozen=True)
class Photos:
    files: tuple[bytes, ...]
    labels: np.ndarray  # (N,): 0 handbag, 1 shoe

    def prepared(self, side: int) -> np.ndarray:
        """(N, side, side, 3) uint8."""
        return np.stack([prepared_file(file, side) for file in self.files])


def photos(data: Path, webcam: bool = False) -> Photos:
    """The photos in handbags-shoes without those of the webcam clip, or (webcam) those alone."""
    folder = data / "handbags-shoes"
    clip = {second["source"] for second in json.loads((data / "webcam.json").read_text())["labels"]}
    with (folder / "MANIFEST.csv").open(newline="") as stream:
        names = sorted(row["file"] for row in csv.DictReader(stream) if (row["file"] in clip) == webcam)
    labels = np.array([name.startswith("shoes/") for name in names], int)
    return Photos(tuple((folder / name).read_bytes() for name in names), labels)


def split(labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of the training, validation and test photos, each class in proportion."""
    random = np.random.default_rng(seed)
    parts = ([], [], [])
    for label in np.unique(labels):
        places = random.permutation(np.flatnonzero(labels == label))
        training = round(TRAINING * len(places) / len(labels))
        validation = round(VALIDATION * len(places) / len(labels))
        for part, chosen in zip(parts, np.split(places, [training, training + validation])):
            part.extend(chosen)
    return tuple(np.sort(part) for part in parts)


def about_split(labels: np.ndarray) -> dict:
    """Who is in which part, in numbers."""
    training, validation, test = (len(part) for part in split(labels, SEEDS[0]))
    return {
        "photos": len(labels),
        "split": {"training": training, "validation": validation, "test": test},
        "seeds": list(SEEDS),
    }


def network_way(way: str, pictures: np.ndarray, labels: np.ndarray, seed: int, head=None, backbone=None):
    """A way of core.transfer.ways, trained: (test accuracy, parameters that learnt, the model).

    pictures: what the way takes, pictures or the backbone's maps. head, backbone: for "fine_tuned" only.
    """
    places = split(labels, seed)
    parts = Parts(*((pictures[chosen], labels[chosen]) for chosen in places))
    run = WayRun(way, seed, len(CLASS_NAMES), "compact_resnet" if way in ("head", "fine_tuned") else "")
    if way == "fine_tuned":
        model = fine_tuning_model(backbone, head)
    else:
        model = new_model(run, pictures.shape[1:] if way == "head" else None)
    result = go(run, model, parts)
    return result.accuracy("test", labels[places[2]]), result.trained, model


def straight_head(features: np.ndarray, mirrored: np.ndarray, labels: np.ndarray, seed: int, strength: float) -> dict:
    """Logistic regression on pooled features of photos and their mirror images: validation and test accuracy."""
    training, validation, test = split(labels, seed)
    probe = head_on(features, mirrored, labels, training, strength)
    return {
        "validation_loss": probe.loss(features[validation], labels[validation]),
        "validation": probe.accuracy(features[validation], labels[validation]),
        "test": probe.accuracy(features[test], labels[test]),
    }


def straight_heads(features: np.ndarray, mirrored: np.ndarray, labels: np.ndarray) -> tuple[float, list[dict]]:
    """The penalty with the least mean loss on the validation photos of all seeds, and each seed's result with it."""
    tried = {
        strength: [straight_head(features, mirrored, labels, seed, strength) for seed in SEEDS]
        for strength in probing.STRENGTHS
    }
    best = min(tried, key=lambda strength: np.mean([found["validation_loss"] for found in tried[strength]]))
    return best, tried[best]


def head_on(features, mirrored, labels, training, strength: float) -> probing.Probe:
    """The probe that is fitted to the training photos and their mirror images."""
    both = np.concatenate([features[training], mirrored[training]])
    return probing.fit(both, np.concatenate([labels[training]] * 2), strength)


def pooled(model: keras.Model, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features (N, c) of the pictures and of their mirror images."""
    return through(model, pictures), through(model, pictures[:, :, ::-1])
