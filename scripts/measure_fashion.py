"""How well do the presets read Fashion-MNIST? Trains them as the Train page does, and asks the test set once a run.

    make measure-fashion            (or: CONVLAB_DATA=folder python -m scripts.measure_fashion [preset …])

The lecture's network and the dense baseline: 10 epochs, batch 64, validation split 0.2, Adam. Our best: its own recipe.
Three seeds each. Writes assets/results/fashion_mnist.json, a run at a time. Takes a good hour on two quiet cores.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from core.compute.devices import warm
from core.nets.network import total_parameters
from core.nets.presets import PRESETS
from core.training.fitting import TrainingRun
from core.training.spec import RunSpec
from core.training.trained import TrainedNetwork

RESULTS = Path(__file__).resolve().parents[1] / "assets" / "results" / "fashion_mnist.json"
LECTURE = {"epochs": 10, "batch_size": 64, "validation_split": 0.2}
BEST = {
    **{"epochs": 27, "batch_size": 128, "validation_split": 0.1},
    **{"optimiser": "momentum", "learning_rate": 0.1, "schedule": "cosine"},
    **{"weight_decay": 0.005, "label_smoothing": 0.1},
}
RECIPES = {"lecture": (LECTURE, (0, 1, 2)), "dense": (LECTURE, (0, 1, 2)), "best_fashion": (BEST, (0, 1, 2))}


def measured(preset: str, recipe: dict, seed: int) -> dict:
    """One run from its start to the test set."""
    network = PRESETS[preset].network
    spec = RunSpec(network, data="fashion_mnist", seed=seed, **recipe)
    run = TrainingRun(spec.to_json())
    run.start()
    cursor, state, epochs, message = 0, "", [], ""
    while state not in ("finished", "failed", "stopped"):
        time.sleep(1)
        news = run.poll(cursor, 10**9)
        cursor = news["cursor"]
        for event in news["events"]:
            if event["kind"] == "epoch":
                epochs.append(event)
                print(
                    f"{preset} seed {seed} epoch {event['epoch'] + 1}: training {event['accuracy']:.4f}, "
                    f"validation {event['validation_accuracy']:.4f}, {event['seconds']:.0f} s",
                    flush=True,
                )
            elif event["kind"] == "end":
                state, message, seconds = event["state"], event["message"], event["seconds"]
    if state != "finished":
        raise RuntimeError(message)
    kept = {which: run.checkpoint(which) for which in ("best", "last")}
    tests = {which: TrainedNetwork(spec.to_json(), kept[which]["model"]).test()["accuracy"] for which in kept}
    return {
        "preset": preset,
        "parameters": total_parameters(network),
        "seed": seed,
        **recipe,
        "test_accuracy": tests["last"],
        "test_accuracy_of_best_epoch": tests["best"],
        "validation_accuracy": epochs[-1]["validation_accuracy"],
        "training_accuracy": epochs[-1]["accuracy"],
        "training_seconds": round(seconds, 1),
        "pictures_per_second": round(len(epochs) * len(run.pictures.x_train) / seconds),
        "date": datetime.now(UTC).date().isoformat(),
    }


def main(names: list[str]) -> None:
    """Measure the named presets, or all, and write each result at once."""
    runs = json.loads(RESULTS.read_text())["runs"] if RESULTS.exists() else []
    for preset in names or RECIPES:
        recipe, seeds = RECIPES[preset]
        for seed in seeds:
            found = measured(preset, recipe, seed)
            runs = [r for r in runs if (r["preset"], r["seed"]) != (preset, seed)] + [found]
            RESULTS.write_text(json.dumps({"device": warm().name, "runs": runs}, indent=1) + "\n")
            print(f"{preset}, seed {seed}: test accuracy {found['test_accuracy']:.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
