"""How good is the built-in backbone? Its labels, its features, and what a head makes of them, beside yardsticks.

    make measure-backbone           (or: CONVLAB_DATA=folder python -m scripts.measure_backbone [part …])

Parts: labels (Tiny ImageNet), probe (ten Imagenette classes), scratch and handbags (the four ways from a hundred
photos, five seeds), yardsticks (the same for features that are not ours). Each writes its own
assets/results/backbone_{part}.json. All take about twenty minutes on two cores.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from core.transfer.backbones import backbone_of
from core.transfer.keras_backbones import headless, rooted, untrained
from core.transfer.ways import SCRATCH_SIDE
from scripts.backbone import handbags, probing, yardstick
from scripts.backbone.features import prepared_pictures, through
from scripts.backbone.folders import RESULTS, data_folder
from scripts.backbone.packed import PackedPictures
from scripts.export_backbone import HEAD

NAME = "compact_resnet"
OWN_SIDE = backbone_of(NAME).side
YARDSTICK_SIDES = (96, 224)
RANDOM_SEEDS = (1, 2, 3)
YARDSTICKS_ON_PHOTOS = {"resnet18_third_stage_224": "resnet18_third_stage", "random_weights_1": "random_weights"}


def labels() -> dict:
    """Top-1 and top-5 on the 10,000 validation pictures, none of which was trained on or chosen by."""
    packed = PackedPictures(data_folder() / "tiny_imagenet.npz", "val")
    with np.load(HEAD, allow_pickle=False) as arrays:
        weights, bias = arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32)
    pictures = prepared_pictures(packed, OWN_SIDE)
    model = headless(NAME)
    straight = through(model, pictures) @ weights + bias
    mirrored = through(model, pictures[:, :, ::-1]) @ weights + bias

    def top(scores: np.ndarray, count: int) -> float:
        best = np.argsort(-scores, axis=1)[:, :count]
        return round(float((best == packed.labels[:, None]).any(axis=1).mean()), 4)

    return {
        "pictures": len(packed),
        "side": OWN_SIDE,
        "top1": top(straight, 1),
        "top5": top(straight, 5),
        "top1_with_mirror_image": top(straight + mirrored, 1),
    }


def probe() -> dict:
    """Accuracy of a linear probe on ten classes that are not in Tiny ImageNet."""
    halves = probe_halves()
    return {
        "training_pictures": len(halves["train"]),
        "test_pictures": len(halves["val"]),
        "results": {NAME: probed(headless(NAME), OWN_SIDE, halves)},
    }


def yardsticks() -> dict:
    """What does not hang on our weights: the same judgements of ResNet-18's third stage and of random weights."""
    halves, photos, table = probe_halves(), handbags.photos(data_folder()), Table()
    results = {}
    for name, model, side in others():
        results[name] = probed(model, side, halves)
        print(name, results[name], flush=True)
        if name in YARDSTICKS_ON_PHOTOS:
            features, mirrored = handbags.pooled(model, photos.prepared(side))
            for found in handbags.straight_heads(features, mirrored, photos.labels)[1]:
                table.enter(YARDSTICKS_ON_PHOTOS[name], found["test"], features.shape[1] + 1)
    return {"results": results, **handbags.about_split(photos.labels), "ways": table.summary()}


def others() -> Iterator[tuple[str, keras.Model, int]]:
    """Name, model and side of the pictures of each yardstick."""
    for side in YARDSTICK_SIDES:
        yield f"resnet18_third_stage_{side}", yardstick.third_stage(data_folder() / yardstick.WEIGHTS, side), side
    for seed in RANDOM_SEEDS:
        yield f"random_weights_{seed}", untrained(NAME, seed), OWN_SIDE


def probe_halves() -> dict[str, PackedPictures]:
    return {half: PackedPictures(data_folder() / "imagenette_probe.npz", half) for half in ("train", "val")}


def probed(model: keras.Model, side: int, halves: dict[str, PackedPictures]) -> dict:
    """How well a linear probe on the model's features does; its penalty is chosen on folds of the training pictures."""
    training, validation = (through(model, prepared_pictures(halves[half], side)) for half in ("train", "val"))
    fitted, strength = probing.fit_by_folds(training, halves["train"].labels)
    accuracy = fitted.accuracy(validation, halves["val"].labels)
    return {"side": side, "features": training.shape[1], "accuracy": round(accuracy, 4), "l2": strength}


def scratch() -> dict:
    """The two ways without a backbone, on handbags and shoes."""
    photos = handbags.photos(data_folder())
    pictures = photos.prepared(SCRATCH_SIDE)
    table = Table()
    for seed in handbags.SEEDS:
        for way in ("scratch", "augmented"):
            table.enter(way, *handbags.network_way(way, pictures, photos.labels, seed)[:2])
    return {**handbags.about_split(photos.labels), "ways": table.summary()}


def on_backbone() -> dict:
    """Handbags and shoes on frozen features and fine-tuned; the penalty of the shipped head is chosen on validation."""
    photos = handbags.photos(data_folder())
    own = photos.prepared(OWN_SIDE)
    backbone = headless(NAME)
    table, strengths = Table(), {}
    for way, model in (("pooled_head", backbone), ("shipped_head", rooted(backbone))):
        features, mirrored = handbags.pooled(model, own)
        strengths[way], results = handbags.straight_heads(features, mirrored, photos.labels)
        for found in results:
            table.enter(way, found["test"], features.shape[1] + 1)
    maps = np.concatenate([np.asarray(backbone.predict_on_batch(own[k : k + 50])) for k in range(0, len(own), 50)])
    for seed in handbags.SEEDS:
        accuracy, learnt, head = handbags.network_way("head", maps, photos.labels, seed)
        table.enter("head", accuracy, learnt)
        found = handbags.network_way("fine_tuned", own, photos.labels, seed, head, headless(NAME))
        table.enter("fine_tuned", *found[:2])
    return {
        **handbags.about_split(photos.labels),
        "l2": strengths,
        "ways": table.summary(),
    }


class Table:
    """Test accuracies as they come, and what they come to."""

    def __init__(self):
        self._accuracies: dict[str, list[float]] = {}
        self._learnt: dict[str, int] = {}

    def enter(self, way: str, accuracy: float, learnt: int) -> None:
        self._accuracies.setdefault(way, []).append(round(accuracy, 4))
        self._learnt[way] = learnt
        print(f"{way:<22} {accuracy:.2%}", flush=True)

    def summary(self) -> dict:
        """Of each way the mean and the standard deviation over its seeds, and how many parameters learnt."""
        return {
            way: {
                "mean": round(float(np.mean(found)), 4),
                "spread": round(float(np.std(found, ddof=1)), 4),
                "accuracies": found,
                "parameters_learnt": self._learnt[way],
            }
            for way, found in self._accuracies.items()
        }


PARTS = {"scratch": scratch, "yardsticks": yardsticks, "labels": labels, "probe": probe, "handbags": on_backbone}


def main() -> None:
    chosen = sys.argv[1:] or list(PARTS)
    for part in chosen:
        if part not in PARTS:
            raise SystemExit(f"A part is one of {', '.join(PARTS)}. Received: {part}")
        found = {
            "made_by": "make measure-backbone",
            "date": datetime.now(UTC).date().isoformat(),
            "keras": keras.__version__,
            **PARTS[part](),
        }
        store = RESULTS / f"backbone_{part}.json"
        store.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{store.name}: {json.dumps(found, ensure_ascii=False)}", flush=True)


if __name__ == "__main__":
    main()
