"""The training loop: steps, averaged weights, checkpoints, a line in the log every minute."""

import json
import time
from pathlib import Path

import keras
import numpy as np
from keras import ops

from scripts.backbone import checkpoint
from scripts.backbone.batches import Batches, TrainingSet
from scripts.backbone.clock import WorkClock
from scripts.backbone.network import body, with_heads
from scripts.backbone.recipe import Recipe

CHECKPOINT_SECONDS = 120
LOG_SECONDS = 60
CHECK_SECONDS = 900  # between two looks at the averaged weights' accuracy
CHECK_SIDE = 64


def compiled(recipe: Recipe) -> keras.Model:
    """The network with its heads, both losses and the optimiser."""

    def teacher_loss(shares, scores):
        # Softened shares have gradients 1 / temperature² as large; the square makes up for it. Spelt out, because
        # Keras's cross-entropy takes for granted that shares sum to 1, and those of unseen pictures sum to 0.
        cross = -ops.sum(shares * ops.log_softmax(scores / recipe.temperature, axis=-1), axis=-1)
        return recipe.temperature**2 * ops.mean(cross)

    keras.utils.set_random_seed(recipe.seed)
    model = with_heads(body(recipe.seed))
    optimiser = keras.optimizers.SGD(0.0, momentum=recipe.momentum, nesterov=True, weight_decay=recipe.decay)
    optimiser.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    label_loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)
    model.compile(
        optimiser,
        loss={"label": label_loss, "teacher": teacher_loss},
        loss_weights={"label": 1.0, "teacher": recipe.teacher_weight},
        metrics={"label": ["accuracy"]},
        jit_compile=False,  # on two cores the compiler costs more than it gains
    )
    optimiser.build(model.trainable_variables)
    return model


class Run:
    """A training run that can be stopped at any time and goes on from its last checkpoint."""

    def __init__(self, recipe: Recipe, training_set: TrainingSet, path: Path):
        self.recipe, self.path = recipe, path
        self.model = compiled(recipe)
        self._batches = Batches(training_set, recipe)
        self.state = {"step": 0, "work": 0.0, "progress": 0.0, "seconds": 0.0, "pictures": {}}
        self.average = [np.array(value) for value in self.model.get_weights()]
        if path.exists():
            self.average, self.state = checkpoint.load(path, self.model)

    def again(self, progress: float) -> None:
        """A finished run goes back to an earlier progress, with the rate and the pictures' side that belong to it.

        A warm restart: I. Loshchilov, F. Hutter, "SGDR", ICLR 2017. A run that is not finished stays where it is.
        """
        if self.state["progress"] >= 1:
            self.state |= {"progress": progress, "coming_side": None, "restarts": self.state.get("restarts", 0) + 1}

    def go_on(self, clock=None, check=None) -> None:
        """Trains until progress is 1. check: (model) -> accuracy, asked now and then with the averaged weights."""
        clock = clock or WorkClock(self.recipe.work)
        self.progress = clock.progress(self.state["work"])
        side = self.state.get("coming_side") or self._coming_side()
        batches = self._batches.ahead(self.state["step"], side, self._coming_side)
        saved = logged = checked = time.monotonic()
        seen, before = [], dict(self.state)
        while self.progress < 1:
            pictures, targets = next(batches)
            seen.append(self._step(pictures, targets))
            self.progress = clock.progress(self.state["work"])
            self.state["progress"] = self.progress
            now = time.monotonic()
            if now - logged > LOG_SECONDS:
                self.state["seconds"] += now - logged
                self._log(seen, before, now - logged)
                seen, before, logged = [], dict(self.state), now
            if check and now - checked > CHECK_SECONDS:
                print(f"  averaged weights at {CHECK_SIDE}: {self._check(check):.2%}", flush=True)
                checked = time.monotonic()
            if now - saved > CHECKPOINT_SECONDS:
                checkpoint.save(self.path, self.model, self.average, self.state)
                saved = time.monotonic()
        checkpoint.save(self.path, self.model, self.average, self.state)

    def _coming_side(self) -> int:
        """Of the batch that is made ahead. Kept, so that a run that goes on makes the same one."""
        self.state["coming_side"] = self.recipe.side_at(self.progress)
        return self.state["coming_side"]

    def _step(self, pictures: np.ndarray, targets: dict) -> dict:
        """One batch. Returns its losses and its accuracy."""
        self.model.optimizer.learning_rate = self.recipe.rate_at(self.progress)
        self.model.reset_metrics()
        found = self.model.train_on_batch(pictures, targets, return_dict=True)
        side = pictures.shape[1]
        self.state["step"] += 1
        self.state["work"] += self.recipe.work_of(len(pictures), side)
        counts = self.state["pictures"]
        counts[str(side)] = counts.get(str(side), 0) + len(pictures)
        if self.state["step"] % self.recipe.average_every == 0:
            # A young average forgets faster, so that it does not remember the random start.
            keep = min(self.recipe.average_keep, 1 - 10 / (10 + self.state["step"] / self.recipe.average_every))
            for mean, value in zip(self.average, self.model.get_weights(), strict=True):
                mean += (1 - keep) * (value - mean)
        return found

    def _check(self, check) -> float:
        own = self.model.get_weights()
        self.model.set_weights(self.average)
        try:
            return check(self.model)
        finally:
            self.model.set_weights(own)

    def _log(self, seen: list[dict], before: dict, seconds: float) -> None:
        line = {
            "at": time.strftime("%H:%M"),
            "step": self.state["step"],
            "progress": round(self.progress, 4),
            "side": self.recipe.side_at(self.progress),
            "rate": round(self.recipe.rate_at(self.progress), 5),
            **{name: round(float(np.mean([found[name] for found in seen])), 4) for name in seen[-1]},
            "pictures_per_s": round((self.state["step"] - before["step"]) * self.recipe.batch / seconds, 1),
            "work_per_s": round((self.state["work"] - before["work"]) / seconds, 1),
        }
        print(json.dumps(line), flush=True)
