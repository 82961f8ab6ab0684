"""Does the order of the pixels matter? Train a dense and a convolutional network on straight and on shuffled digits.

    make measure-shuffled           (or: CONVLAB_DATA=folder python -m scripts.measure_shuffled_digits)

For MNIST (from CONVLAB_DATA) and for the drawn digits, three seeds each: 10,000 training pictures, straight and with
one fixed rearrangement of their pixels, read by both networks; accuracy on pictures that neither has seen. A seed
gives both orders the same training pictures and the same first weights. Writes assets/results/shuffled_digits.json,
which the page "Why convolutions" shows. Takes about five minutes on two cores.
"""

import json
import os
import sys
from datetime import UTC, datetime

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers

from core.explain.shuffled_digits import STORE
from core.images.datasets import DatasetMissing, load
from core.images.digits import drawn_dataset
from core.images.shuffling import SEED, shuffled

SEEDS = (101, 102, 103)
TRAINED_ON = 10_000
TESTED_ON = 10_000
EPOCHS = 5
BATCH = 64
TEST_SEED = 900  # of the drawn digits that nobody trains on


def dense_network() -> keras.Model:
    return keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def convolutional_network() -> keras.Model:
    return keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


NETWORKS = {"dense": dense_network, "convolutional": convolutional_network}
ORDERS = {"straight": lambda pictures: pictures, "shuffled": shuffled}


def digits(picture_set: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training pictures (N, 28, 28) and labels of this seed, and the test pictures and labels."""
    if picture_set == "drawn":
        return *drawn_dataset(TRAINED_ON, seed), *drawn_dataset(TESTED_ON, TEST_SEED)
    mnist = load(picture_set)
    chosen = np.random.default_rng(seed).choice(len(mnist.x_train), TRAINED_ON, replace=False)
    return mnist.x_train[chosen], mnist.y_train[chosen], mnist.x_test, mnist.y_test


def prepared(pictures: np.ndarray) -> np.ndarray:
    """(N, 28, 28) uint8 -> (N, 28, 28, 1) float32 from 0 to 1."""
    return pictures[..., None] / np.float32(255)


def accuracy(network: str, order: str, seed: int, data: tuple) -> float:
    """The share of test pictures that a network trained from this seed reads rightly."""
    arrange = ORDERS[order]
    pictures, labels, test_pictures, test_labels = data
    keras.utils.set_random_seed(seed)
    model = NETWORKS[network]()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", steps_per_execution=10)
    model.fit(prepared(arrange(pictures)), labels, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    guesses = model.predict(prepared(arrange(test_pictures)), batch_size=1000, verbose=0).argmax(axis=1)
    return round(float((guesses == test_labels).mean()), 4)


def recipe() -> dict:
    return {
        "training_pictures": TRAINED_ON,
        "test_pictures": TESTED_ON,
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "optimizer": "Adam",
        "seeds": SEEDS,
        "shuffle_seed": SEED,
        "networks": {
            "dense": "Flatten, Dense 128 (ReLU), Dense 10 (softmax)",
            "convolutional": "two times Conv 32 of 3×3 (ReLU) and max pooling 2×2, Flatten, Dense 10 (softmax)",
        },
        "parameters": {name: build().count_params() for name, build in NETWORKS.items()},
        "keras": keras.__version__,
    }


def main() -> None:
    results = []
    for picture_set in ("mnist", "drawn"):
        for seed in SEEDS:
            try:
                data = digits(picture_set, seed)
            except DatasetMissing as error:
                sys.exit(str(error))
            for network in NETWORKS:
                row = {order: accuracy(network, order, seed, data) for order in ORDERS}
                results.append({"set": picture_set, "network": network, "seed": seed, **row})
                shown = "  ".join(f"{order} {share:.2%}" for order, share in row.items())
                print(f"{picture_set:<8}{network:<15}{seed}  {shown}", flush=True)
    kept = {
        "made_by": "make measure-shuffled",
        "date": datetime.now(UTC).date().isoformat(),
        "recipe": recipe(),
        "results": results,
    }
    STORE.parent.mkdir(exist_ok=True)
    STORE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {STORE}")


if __name__ == "__main__":
    main()
