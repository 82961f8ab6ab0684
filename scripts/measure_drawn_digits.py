"""How honest are the drawn digits? Train the lecture's network on them alone and let it read real ones.

    make measure-digits             (or: CONVLAB_DATA=folder python -m scripts.measure_drawn_digits)

For each of three seeds, the network of the lecture is trained on 20,000 drawn digits (Adam, batches of 64, 10 epochs)
and reads the 10,000 digits of the MNIST test set, which nothing here was tuned on. CONVLAB_DATA names the folder that
holds mnist.npz. Takes about two minutes on two cores.
"""

import os
import sys
from pathlib import Path
from time import process_time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers

from core.images.digits import draw_digits, drawn_dataset

SEEDS = (101, 102, 103)
DRAWN = 20_000
EPOCHS = 10


def lecture_network() -> keras.Model:
    network = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(32, (2, 2), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(32, (2, 2), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", steps_per_execution=10)
    return network


def prepared(pictures: np.ndarray) -> np.ndarray:
    """(N, 28, 28) uint8 -> (N, 28, 28, 1) float32 from 0 to 1."""
    return pictures[..., None] / np.float32(255)


def readings(seed: int, pictures: np.ndarray) -> np.ndarray:
    """What a network trained on the digits drawn with this seed takes the pictures (N, 28, 28) for: (N,)."""
    keras.utils.set_random_seed(seed)
    drawn, drawn_labels = drawn_dataset(DRAWN, seed)
    network = lecture_network()
    network.fit(prepared(drawn), drawn_labels, batch_size=64, epochs=EPOCHS, verbose=0)
    return network.predict(prepared(pictures), batch_size=1000, verbose=0).argmax(axis=1)


def drawn_per_second(count: int = 10_000) -> float:
    """Digits drawn in a second of one core's time, so that other work on the machine does not blur the figure."""
    labels = np.arange(count) % 10
    draw_digits(labels[:100], 0)
    start = process_time()
    draw_digits(labels, 0)
    return count / (process_time() - start)


def main() -> None:
    data = Path(os.environ.get("CONVLAB_DATA", "")) / "mnist.npz"
    if not data.is_file():
        sys.exit(f"CONVLAB_DATA must name a folder that holds mnist.npz. Received: {data.parent}")
    with np.load(data) as mnist:
        pictures, labels = mnist["x_test"], mnist["y_test"]
    print(f"digits drawn per second of one core: {drawn_per_second():,.0f}")
    print("seed      all  " + "  ".join(f"{digit:>5}" for digit in range(10)))
    rows = []
    for seed in SEEDS:
        right = readings(seed, pictures) == labels
        rows.append([right.mean(), *(right[labels == digit].mean() for digit in range(10))])
        print(f"{seed:<6}" + "  ".join(f"{share:5.1%}" for share in rows[-1]), flush=True)
    print("mean  " + "  ".join(f"{share:5.1%}" for share in np.mean(rows, axis=0)))
    accuracy = np.array(rows)[:, 0]
    print(f"read rightly: {accuracy.mean():.2%} on average, from {accuracy.min():.2%} to {accuracy.max():.2%}")


if __name__ == "__main__":
    main()
