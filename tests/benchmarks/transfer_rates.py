"""Pictures through a backbone, and epochs of a head on what came out, as the Transfer page's worker does both.

    python -m tests.benchmarks.transfer_rates

Extraction ends with stored tensors. It is measured as a person meets it, of pictures that came to the worker while the
page was looked at and were prepared there, and from JPEG files that have just come. Both are held against the bare
forward pass of the same batches by the backbone as it was learnt, before its batch norms were folded, in turn. To
reach: at least 0.95 of its rate, and an epoch of the head on 98 tensors in under 0.3 s.
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
from core.transfer.preparation import prepared_file
from core.transfer.prepared import PreparedPictures
from tests.benchmarks.measuring import HEADER, row

ROUNDS = 5
PICTURES = {"compact_resnet": 10 * BATCH, "resnet50": 2 * BATCH}
TRAINING, VALIDATION, EPOCHS = 98, 49, 20


def stored(model, jpegs: dict[str, bytes], ahead: bool) -> tuple[float, FeatureStore]:
    """(seconds, the tensors) of all that the worker does when it is asked. ahead: the pictures were prepared before."""
    side = model.input_shape[1]
    pictures, store, keys = PreparedPictures(), FeatureStore(), list(jpegs)
    pictures.add(jpegs)
    if ahead:
        pictures.ahead(keys, side, lambda: True)
    began = time.perf_counter()
    for maps in extract(model, len(keys), lambda place: pictures.one(keys[place], side)):
        store.keep("tensors", keys[len(store) : len(store) + len(maps)], maps)
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
    side = model.input_shape[1]
    prepared = np.stack([prepared_file(jpeg, side) for jpeg in jpegs.values()]).astype(np.float32)
    batches = [prepared[first : first + BATCH] for first in range(0, count, BATCH)]
    bare(plain, batches[:1])
    bare(model, batches[:1])
    ours, theirs = {"prepared ahead": [], "from JPEG": []}, []
    for _ in range(ROUNDS):
        for took, ahead in zip(ours.values(), (True, False)):
            seconds, store = stored(model, jpegs, ahead)
            took.append(seconds)
        theirs.append(bare(plain, batches))
    print(f"{backbone}: bare forward {count / statistics.median(theirs):.0f} pictures/s")
    for how, took in ours.items():
        share, best = statistics.median(theirs) / statistics.median(took), min(theirs) / min(took)
        print(
            f"    {how}, to stored tensors: {count / statistics.median(took):.0f} pictures/s, {share:.2f} of it "
            f"(fastest against fastest: {best:.2f})",
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
    maps = store.maps("tensors", [str(place) for place in range(TRAINING + VALIDATION)])
    print(f"\n{HEADER}\n{row(f'An epoch of the head on {TRAINING} tensors', head_epochs(maps))}")


if __name__ == "__main__":
    main()
