"""Write what is shipped of a training run: the averaged weights of the backbone and of its 200-class head, as float16.

    python -m scripts.export_backbone ["what else is to be told of this run" …]

Reads the checkpoint in CONVLAB_HOME/backbone, writes assets/weights/compact_resnet.npz and tiny_imagenet_head.npz, and
assets/results/backbone_training.json, the run in numbers. The teacher's head is left behind.
"""

import json
import sys
from datetime import UTC, datetime

import numpy as np

from core.transfer.backbones import WEIGHTS_FOLDER, backbone_of
from scripts.backbone.checkpoint import averaged_weights
from scripts.backbone.folders import RESULTS, data_folder, work_folder
from scripts.backbone.recipe import Recipe

HEAD = WEIGHTS_FOLDER / "tiny_imagenet_head.npz"
STORE = RESULTS / "backbone_training.json"


def main() -> None:
    averaged, state = averaged_weights(work_folder() / "run.npz")
    kept = {name: value.astype(np.float16) for name, value in averaged.items()}
    if not all(np.isfinite(value).all() for value in kept.values()):
        raise SystemExit("A weight does not fit into float16.")
    shipped = WEIGHTS_FOLDER / backbone_of("compact_resnet").weights
    shipped.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        shipped, **{name: value for name, value in kept.items() if name.partition("/")[0] not in ("label", "teacher")}
    )
    with np.load(data_folder() / "tiny_imagenet.npz", allow_pickle=False) as arrays:
        names = arrays["class_names"]
    np.savez_compressed(HEAD, weights=kept["label/kernel"], bias=kept["label/bias"], class_names=names)
    summary = {
        "made_by": "make train-backbone",
        "date": datetime.now(UTC).date().isoformat(),
        "recipe": vars(Recipe()),
        "run": {**state, "notes": sys.argv[1:]},
    }
    STORE.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(f"{shipped.name}: {shipped.stat().st_size / 1e6:.2f} MB, {HEAD.name}: {HEAD.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
