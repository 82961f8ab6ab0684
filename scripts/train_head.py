"""Train the head that is built in: handbags and shoes on the compact ResNet, and when it should say "neither".

    make train-backbone             (its last step; or: CONVLAB_DATA=folder python -m scripts.train_head)

Logistic regression on the roots of the largest numbers in the cells of the last maps (core.transfer.keras_backbones,
`rooted`), on photos and their mirror images. The 12 photos behind webcam.json stay out of it. Of the rest, 49 set the
threshold for "neither" and tell the accuracy that is written beside the head; the honest comparison over five seeds is
that of scripts/measure_backbone.py, and so is the L2 penalty.
Writes assets/weights/handbag_shoe_head.npz and assets/results/backbone_head.json.
"""

import json
import os
from datetime import UTC, datetime

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from core.transfer import novelty
from core.transfer.backbones import SHIPPED_BACKBONE, SHIPPED_HEAD, backbone_of
from core.transfer.keras_backbones import headless, rooted
from scripts.backbone.features import prepared_pictures, through
from scripts.backbone.folders import RESULTS, data_folder
from scripts.backbone.handbags import CLASS_NAMES, VALIDATION, head_on, photos, pooled
from scripts.backbone.packed import PackedPictures

SEED = 20
STORE = RESULTS / "backbone_head.json"
STRENGTH = 0.1  # L2; the best of those in measure_backbone's part "handbags", by validation loss


def main() -> None:
    side = backbone_of(SHIPPED_BACKBONE).side
    backbone = headless(SHIPPED_BACKBONE)
    seen = rooted(backbone)  # what the head looks at; how new a picture is, is told by the means of the maps
    known, clip = photos(data_folder()), photos(data_folder(), webcam=True)
    features, mirrored = pooled(seen, known.prepared(side))
    means = through(backbone, known.prepared(side))
    order = np.random.default_rng(SEED).permutation(len(features))
    validation, training = order[:VALIDATION], order[VALIDATION:]
    probe = head_on(features, mirrored, known.labels, training, STRENGTH)
    memory = novelty.fit(means[training], means[validation])
    clip_pictures = clip.prepared(side)
    strangers = PackedPictures(data_folder() / "imagenette_probe.npz", "val")  # ten classes, no bag and no shoe
    strange = memory.is_new(through(backbone, prepared_pictures(strangers, side)))
    found = {
        "training_photos": len(training),
        "validation_photos": len(validation),
        "validation_accuracy": round(probe.accuracy(features[validation], known.labels[validation]), 4),
        "webcam_photos_right": int((probe.scores(through(seen, clip_pictures)).argmax(axis=1) == clip.labels).sum()),
        "webcam_photos": len(clip.labels),
        "webcam_photos_called_new": int(memory.is_new(through(backbone, clip_pictures)).sum()),
        "validation_called_new": round(float(memory.is_new(means[validation]).mean()), 4),
        "strangers": len(strangers),
        "strangers_called_new": round(float(strange.mean()), 4),
        "l2": STRENGTH,
        "seed": SEED,
    }
    about = {
        "class_names": list(CLASS_NAMES),
        "backbone": SHIPPED_BACKBONE,
        "novelty": memory.to_json(),
        "accuracy": {"validation": found["validation_accuracy"]},
    }
    # Two scores become one: the sigmoid of their difference is the softmax's share of the second class.
    weights, bias = np.diff(probe.weights, axis=1), np.diff(probe.bias)
    np.savez_compressed(
        SHIPPED_HEAD,
        weights=weights.astype(np.float32),  # (9 c, 1)
        bias=bias.astype(np.float32),  # (1,)
        about=np.array(json.dumps(about)),
    )
    summary = {"made_by": "make train-backbone", "date": datetime.now(UTC).date().isoformat(), **found}
    STORE.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
