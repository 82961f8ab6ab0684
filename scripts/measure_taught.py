"""What one taught photo changes for "neither": other views of the thing, photos of other things, test photos.

    make measure-taught             (or: CONVLAB_DATA=folder python -m scripts.measure_taught)

With each of five splits of the handbags and shoes a photo of something else joins the 98 that are learnt from, 40 times
another one. Then eight other views of it (moved, turned, nearer, in other light) are judged, with the single photo
counting as core.transfer.novelty has it and without, when only the mean over three photos decides.
Writes assets/results/taught.json.
"""

import json
import os
from datetime import UTC, datetime

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from PIL import Image, ImageEnhance

from core.transfer import novelty
from core.transfer.backbones import SHIPPED_BACKBONE, backbone_of
from core.transfer.keras_backbones import headless
from scripts.backbone.features import prepared_pictures, through
from scripts.backbone.folders import RESULTS, data_folder
from scripts.backbone.handbags import SEEDS, photos, split
from scripts.backbone.packed import PackedPictures

STORE = RESULTS / "taught.json"
TAUGHT, VIEWS = 40, 8
NEVER = 1e9  # times the distance to the nearest photo: then that photo alone makes nothing known


def other_views(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(side, side, 3) uint8 -> (VIEWS, side, side, 3): up to a fifth nearer, 10° turned, 20% lighter or darker."""
    side = len(picture)
    views = []
    for _ in range(VIEWS):
        edge = int(side * random.uniform(0.8, 1))
        left, top = random.integers(0, side - edge + 1, 2)
        view = Image.fromarray(picture).crop((left, top, left + edge, top + edge)).resize((side, side))
        ground = tuple(int(level) for level in picture[0, 0])
        view = view.rotate(random.uniform(-10, 10), fillcolor=ground)
        views.append(np.asarray(ImageEnhance.Brightness(view).enhance(random.uniform(0.8, 1.2))))
    return np.stack(views)


def main() -> None:
    side = backbone_of(SHIPPED_BACKBONE).side
    backbone, random = headless(SHIPPED_BACKBONE), np.random.default_rng(0)
    known = photos(data_folder())
    features = through(backbone, known.prepared(side))
    others = prepared_pictures(PackedPictures(data_folder() / "imagenette_probe.npz", "val"), side)
    strangers = through(backbone, others)
    chosen = np.linspace(0, len(others) - 1, TAUGHT).astype(int)
    views = [through(backbone, other_views(others[place], random)) for place in chosen]
    found = {}
    for name, alone in (("alone", novelty.ALONE), ("mean_of_three_only", NEVER)):
        novelty.ALONE = alone
        rows = []
        for seed in SEEDS:
            training, validation, test = (features[places] for places in split(known.labels, seed))
            before = novelty.fit(training, validation)
            after = [novelty.fit(np.vstack([training, strangers[place]]), validation) for place in chosen]
            rows.append(
                {
                    "other_views_before": np.mean([before.is_new(view).mean() for view in views]),
                    "other_views_once_taught": np.mean([m.is_new(view).mean() for m, view in zip(after, views)]),
                    "other_things": before.is_new(strangers).mean(),
                    "test_photos": before.is_new(test).mean(),
                }
            )
        found[name] = {part: round(float(np.mean([row[part] for row in rows])), 4) for part in rows[0]}
    summary = {
        "made_by": "make measure-taught",
        "date": datetime.now(UTC).date().isoformat(),
        "seeds": list(SEEDS),
        "taught": TAUGHT,
        "views_of_each": VIEWS,
        "called_new": found,
    }
    STORE.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))


if __name__ == "__main__":
    main()
