"""Pre-train the compact ResNet on Tiny ImageNet, from nothing or from where the last run stopped.

    make train-backbone             (or: CONVLAB_DATA=folder python -m scripts.train_backbone)
    python -m scripts.train_backbone --deadline 05:25      anneals in time for a clock instead of by work done
    python -m scripts.train_backbone --again 0.45          a finished run goes back to that progress: a warm restart

Reads tiny_imagenet.npz from CONVLAB_DATA and the teacher's scores (python -m scripts.backbone.teacher); keeps its
checkpoint in CONVLAB_HOME/backbone. The default, a million pictures of 64×64 in work, takes about an hour and a half on
two cores. Any Keras backend (KERAS_BACKEND) will do. `python -m scripts.export_backbone` writes what is shipped.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from scripts.backbone.batches import TrainingSet
from scripts.backbone.clock import DeadlineClock, at_time
from scripts.backbone.folders import data_folder, work_folder
from scripts.backbone.packed import PackedPictures
from scripts.backbone.recipe import Recipe
from scripts.backbone.teacher import load_scores
from scripts.backbone.training import CHECK_SIDE, Run

CHECKED_ON = 2000  # validation pictures for the log; nothing is chosen by them


def training_set() -> TrainingSet:
    packed = PackedPictures(data_folder() / "tiny_imagenet.npz", "train")
    scores, known, step = load_scores(len(packed))
    print(f"the teacher has seen {known.sum():,} of {len(packed):,} pictures", flush=True)
    kept = work_folder() / "train_pictures.npy"
    if not kept.exists():
        partial = kept.with_suffix(".partial")
        with partial.open("wb") as stream:
            np.save(stream, packed.decoded())
        partial.rename(kept)
    return TrainingSet(np.load(kept), packed.labels, scores, known, step)


def validation_check():
    packed = PackedPictures(data_folder() / "tiny_imagenet.npz", "val")
    chosen = np.random.default_rng(0).choice(len(packed), CHECKED_ON, replace=False)
    pictures = np.stack([np.asarray(packed.open(index).resize((CHECK_SIDE, CHECK_SIDE))) for index in chosen])
    labels = packed.labels[chosen]

    def accuracy(model) -> float:
        guesses = [
            np.asarray(model.predict_on_batch(pictures[first : first + 250].astype(np.float32))["label"]).argmax(axis=1)
            for first in range(0, CHECKED_ON, 250)
        ]
        return float((np.concatenate(guesses) == labels).mean())

    return accuracy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deadline", metavar="HH:MM", type=at_time, help="finish annealing at this time of day")
    parser.add_argument("--work", type=int, default=Recipe.work, help="pictures of 64×64 in all")
    parser.add_argument("--again", metavar="PROGRESS", type=float, help="from here, if the last run is finished")
    chosen = parser.parse_args()
    run = Run(Recipe(work=chosen.work), training_set(), work_folder() / "run.npz")
    if chosen.again is not None:
        run.again(chosen.again)
    print(f"from step {run.state['step']}, progress {run.state['progress']:.3f}", flush=True)
    clock = DeadlineClock(chosen.deadline, run.state["progress"]) if chosen.deadline else None
    run.go_on(clock, validation_check())
    print(f"done: {run.state}", flush=True)


if __name__ == "__main__":
    main()
