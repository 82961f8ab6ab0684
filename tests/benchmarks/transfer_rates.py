"""Pictures through a backbone, and epochs of a head on what came out, as the Transfer page's worker does both.

    python -m tests.benchmarks.transfer_rates

Extraction starts from JPEG files and ends with stored tensors; it is held against the bare forward pass of the same
batches by the backbone as it was learnt, before its batch norms were folded, in turn. To reach: at least 0.95 of its
rate, and an epoch of the head on 98 tensors in under 0.3 s.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from core.images.drawn_things import CLASSES, thing_file
from core.transfer.features import BATCH, FeatureStore, extract
from core.transfer.folded import folded
from core.transfer.heads import build_head, compile_for, train
from core.transfer.keras_backbones import headless, untrained
from core.transfer.preparation import prepared_for
from core.transfer.prepared import PreparedPictures
from tests.benchmarks.measuring import HEADER, row

ROUNDS = 5
PICTURES = {"compact_resnet": 10 * BATCH, "resnet50": 2 * BATCH}
TRAINING, VALIDATION, EPOCHS = 98, 49, 20


def stored(model, backbone: str, jpegs: dict[str, bytes]) -> tuple[float, FeatureStore]:
    """(seconds, the tensors) of all that the worker does with pictures that have just come."""
    began = time.perf_counter()
    pictures, store, keys = PreparedPictures(prepared_for), FeatureStore(), list(jpegs)
    pictures.add(jpegs)
    for maps in extract(model, len(keys), lambda place: pictures.one(keys[place], backbone)):
        store.keep(backbone, keys[len(store) : len(store) + len(maps)], maps)
    return time.perf_counter() - began, store


def bare(model, batches: list[np.ndarray]) -> float:
    began = time.perf_counter()
    for batch in batches:
        np.asarray(model.predict_on_batch(batch))
    return time.perf_counter() - began


def rates(backbone: str, plain) -> FeatureStore:
    """Prints both rates of a backbone; returns the tensors."""
    model = folded(plain)
    count = PICTURES[backbone]
    jpegs = {str(place): thing_file(CLASSES[place % 2], place) for place in range(count)}
    prepared = np.stack([prepared_for(jpeg, backbone) for jpeg in jpegs.values()]).astype(np.float32)
    batches = [prepared[first : first + BATCH] for first in range(0, count, BATCH)]
    bare(plain, batches[:1])
    bare(model, batches[:1])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        seconds, store = stored(model, backbone, jpegs)
        ours.append(seconds)
        theirs.append(bare(plain, batches))
    share = statistics.median(theirs) / statistics.median(ours)
    best = min(theirs) / min(ours)
    print(
        f"{backbone}: {count / statistics.median(ours):.0f} pictures/s from JPEG to stored tensor, bare forward "
        f"{count / statistics.median(theirs):.0f}: {share:.2f} of it (fastest against fastest: {best:.2f})",
        flush=True,
    )
    return store


def head_epochs(maps: np.ndarray) -> list[float]:
    """Milliseconds of each epoch after the first, which compiles; with the validation after it."""
    labels = np.arange(len(maps)) % 2
    head = build_head(maps.shape[1:], 2)
    compile_for(head, 1e-3)
    ends = [time.perf_counter()]
    split = slice(None, TRAINING), slice(TRAINING, TRAINING + VALIDATION)
    training, validation = ((maps[part], labels[part]) for part in split)
    for _ in train(head, training, validation, epochs=EPOCHS, batch=32, seed=0):
        ends.append(time.perf_counter())
    return list(1000 * np.diff(ends)[1:])


def main() -> None:
    store = rates("compact_resnet", headless("compact_resnet"))
    rates("resnet50", untrained("resnet50"))
    maps = store.maps("compact_resnet", [str(place) for place in range(TRAINING + VALIDATION)])
    print(f"\n{HEADER}\n{row(f'An epoch of the head on {TRAINING} tensors', head_epochs(maps))}")


if __name__ == "__main__":
    main()
