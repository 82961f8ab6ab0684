"""One picture through the built-in backbone and through ResNet50, headless, in the same run.

    python -m tests.benchmarks.backbone_speed

Both are asked in turn, in the same way, so that whatever else the machine does falls on both alike. ResNet50 has random
weights: the numbers in it do not change its speed. To reach: at least 8 times faster.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from core.transfer.keras_backbones import untrained
from tests.benchmarks.measuring import HEADER, row

ROUNDS = 40
NETWORKS = {"compact_resnet": "Compact ResNet", "resnet50": "ResNet50"}


def asked(name: str):
    """A function that sends one picture through the network and waits for the maps."""
    model = untrained(name)
    # XLA takes longer to compile on processors than it saves.
    model.compile(jit_compile=False if keras.backend.backend() == "tensorflow" else "auto")
    picture = np.random.default_rng(0).integers(0, 256, (1, *model.input_shape[1:])).astype(np.float32)
    return lambda: np.asarray(model.predict_on_batch(picture))


def milliseconds(ask) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    networks = {name: asked(name) for name in NETWORKS}
    times = {name: [] for name in networks}
    for _ in range(5):
        for ask in networks.values():
            ask()
    for _ in range(ROUNDS):
        for name, ask in networks.items():
            times[name].append(milliseconds(ask))
    print(HEADER)
    for name, title in NETWORKS.items():
        print(row(f"{title}, one picture", times[name]))
    ratio = statistics.median(times["resnet50"]) / statistics.median(times["compact_resnet"])
    fastest = min(times["resnet50"]) / min(times["compact_resnet"])
    print(f"\nThe compact ResNet is {ratio:.1f} times faster (fastest against fastest: {fastest:.1f}).")


if __name__ == "__main__":
    main()
