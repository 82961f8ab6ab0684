"""The card beside the shipped weights, written from the stored results, so that its numbers are theirs.

python -m scripts.backbone.card
"""

import json

from core.nets.network import multiply_adds, output_shape, rows, total_parameters
from core.nets.presets import PRESETS
from core.transfer.backbones import WEIGHTS_FOLDER
from scripts.backbone.folders import RESULTS

NETWORK = PRESETS["compact_resnet"].network
NETWORK_FEATURES = output_shape(NETWORK)[0]
CARD = WEIGHTS_FOLDER / "compact_resnet.md"
WAYS = {
    "scratch": "the lecture's small CNN from scratch, 224×224",
    "augmented": "the same, every photo changed a little each time",
    "head": "our backbone, frozen, with the lecture's head (flatten, dense 256, dropout, sigmoid)",
    "pooled_head": "our backbone, frozen, logistic regression on the mean of each map",
    "shipped_head": "our backbone, frozen, with the shipped head (roots of the largest of cells, logistic regression)",
    "fine_tuned": "our backbone and the lecture's head, fine-tuned end to end, batch norms frozen",
    "resnet18_third_stage": "for comparison: ResNet-18's third stage (ImageNet), frozen, logistic regression",
    "random_weights": "for comparison: our network with random weights, frozen, logistic regression",
}
PROBES = {
    "compact_resnet": "our backbone",
    "resnet18_third_stage_96": "ResNet-18's third stage (ImageNet)",
    "resnet18_third_stage_224": "ResNet-18's third stage (ImageNet)",
    "random_weights_1": "our network with random weights, seed 1",
    "random_weights_2": "the same, seed 2",
    "random_weights_3": "the same, seed 3",
}


def stored(part: str) -> dict:
    return json.loads((RESULTS / f"backbone_{part}.json").read_text(encoding="utf-8"))


def text() -> str:
    """The whole card, in Markdown."""
    return "\n\n".join((_opening(), _architecture(), _training(), _accuracy(), _limits())) + "\n"


def _opening() -> str:
    return """# Compact ResNet

A small residual network for photos of everyday things, trained by this project from random weights, and a head on it
that tells handbags from shoes. Made by `make train-backbone`, measured by `make measure-backbone`; this card is written
by `python -m scripts.backbone.card` from the files in `assets/results`.

| file | what |
|---|---|
| `compact_resnet.npz` | the backbone, float16; names are those of `core.nets.keras_model` |
| `tiny_imagenet_head.npz` | its 200-class head: weights, bias, class names |
| `handbag_shoe_head.npz` | the handbag–shoe head: weights, bias, and (JSON) class names and what "neither" needs |"""


def _architecture() -> str:
    side = NETWORK.input_shape[0]
    layers = "\n".join(
        f"| {row.name} | {'×'.join(map(str, row.output_shape))} | {row.parameters:,} |" for row in rows(NETWORK)
    )
    return f"""## Architecture

{side}×{side} RGB from 0 to 255, which its first layer scales to −1 … 1, and {NETWORK_FEATURES} features at the end;
{total_parameters(NETWORK):,} parameters, {multiply_adds(NETWORK) / 1e6:.0f} million multiply-adds a picture. It is the
preset `compact_resnet` of the Architecture page. Pictures are prepared by `core.transfer.preparation`: the middle
square, averaged to {side}×{side}.

| layer | output | parameters |
|---|---|---|
{layers}"""


def _training() -> str:
    recipe, run = (stored("training")[part] for part in ("recipe", "run"))
    shown = {int(side): count for side, count in run["pictures"].items()}
    sizes = ", ".join(f"{count:,} of {side}×{side}" for side, count in sorted(shown.items()))
    least, most = recipe["crop_area"]
    notes = "".join(f"\n- {note}" for note in run.get("notes", ()))
    return f"""## Data

Tiny ImageNet: 100,000 training pictures, 64×64, 200 classes. ImageNet's terms: non-commercial research and education.
No picture is part of this project; the weights are what was learnt from them.

## Recipe

- Seed {recipe["seed"]}; {sum(shown.values()):,} augmented pictures in {run["step"]:,} steps of {recipe["batch"]}:
  {sizes} pixels. {run["seconds"] / 60:.0f} minutes on two processor cores that others used as well.
- Random crops of {least:.0%} to {most:.0%} of the picture, mirroring, brightness and contrast ±{recipe["light"]:.0%}.
- Label smoothing {recipe["smoothing"]}; SGD with Nesterov momentum {recipe["momentum"]}; learning rate warmed up to
  {recipe["peak_rate"]}, then down a cosine to 0; weight decay {recipe["decay"]} times the rate, kernels only.
- The weights that are shipped are averaged over the last steps.
- Beside the labels it learnt to guess the 1,001 scores of a MobileNetV2 (google-coral/test_data, Apache-2.0, trained on
  ImageNet), through a layer that was thrown away. None of the teacher's weights are in here.{notes}"""


def _accuracy() -> str:
    labels, probe, handbags, head = map(stored, ("labels", "probe", "handbags", "head"))
    top1, top5, both = (f"{labels[name]:.2%}" for name in ("top1", "top5", "top1_with_mirror_image"))
    others = stored("yardsticks")
    split, of_way = handbags["split"], {**stored("scratch")["ways"], **others["ways"], **handbags["ways"]}
    of_features = {**probe["results"], **others["results"]}
    ways = "\n".join(
        f"| {title} | {way['mean']:.1%} ± {way['spread']:.1%} | {way['parameters_learnt']:,} |"
        for title, way in ((title, of_way[name]) for name, title in WAYS.items())
    )
    probes = "\n".join(
        f"| {title} | {found['side']}×{found['side']} | {found['accuracy']:.1%} |"
        for title, found in ((title, of_features[name]) for name, title in PROBES.items())
    )
    return f"""## Accuracy

Tiny ImageNet, all {labels["pictures"]:,} validation pictures, which were neither trained on nor chosen by: top-1
{top1}, top-5 {top5}; top-1 with each picture's mirror image {both}.

A linear probe on {probe["training_pictures"]:,} photos of ten classes that are not in Tiny ImageNet (Imagenette),
tested on {probe["test_pictures"]:,}:

| features | input | accuracy |
|---|---|---|
{probes}

Handbags and shoes: {split["training"]} photos to train, {split["validation"]} to validate, {split["test"]} to test;
mean and standard deviation over the seeds {", ".join(map(str, handbags["seeds"]))}:

| way | test accuracy | parameters that learn |
|---|---|---|
{ways}

The shipped head learnt from {head["training_photos"]} photos and their mirror images. Of the {head["webcam_photos"]}
photos behind `webcam.json`, which were kept out, it names {head["webcam_photos_right"]} rightly. "Neither" is said
beyond the distance that lets 95% of {head["validation_photos"]} validation photos pass; it is said of
{head["strangers_called_new"]:.0%} of {head["strangers"]:,} Imagenette photos, which show neither."""


def _limits() -> str:
    largest = max(map(int, stored("training")["run"]["pictures"]))
    return f"""## Limits

- It knows little: 200 classes, small pictures. What it says about people or about anything that matters is worthless.
- Fine texture and small things are lost on it: it learnt from pictures of at most {largest}×{largest} pixels.
- The handbags and shoes are product shots and tidy rooms from three public repositories; a backpack is a hard case.
- "Neither" is a guess from distances, and many things that are neither pass as one of the two."""


def main() -> None:
    CARD.write_text(text(), encoding="utf-8")
    print(f"written: {CARD.name}")


if __name__ == "__main__":
    main()
