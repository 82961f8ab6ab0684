"""Pre-training: the schedule, the batches, and that a run goes on where it was stopped."""

import time
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.backbone import checkpoint
from scripts.backbone.augmentation import augmented
from scripts.backbone.batches import Batches, TrainingSet
from scripts.backbone.clock import DeadlineClock, WorkClock
from scripts.backbone.recipe import Recipe
from scripts.backbone.training import Run

SMALL = Recipe(seed=3, batch=4, work=6, sides=((0.5, 16), (1.0, 24)), average_every=1)


def few_pictures(count: int = 16) -> TrainingSet:
    random = np.random.default_rng(0)
    return TrainingSet(
        pictures=random.integers(0, 256, (count, 32, 32, 3)).astype(np.uint8),
        labels=np.arange(count) * 199 // (count - 1),
        scores=random.integers(-50, 100, (count, 1001)).astype(np.int8),
        known=np.arange(count) % 3 > 0,
        score_step=0.1,
    )


def test_the_rate_rises_and_falls():
    """From 0 to its peak at the end of the warm-up, then down to 0 and never up again."""
    recipe = Recipe()
    rates = [recipe.rate_at(progress) for progress in np.linspace(0, 1, 500)]
    top = int(np.argmax(rates))
    assert rates[0] == 0 and abs(rates[-1]) < 1e-9
    assert top / 499 == pytest.approx(recipe.warm_up, abs=0.01)
    assert (np.diff(rates[: top + 1]) > 0).all() and (np.diff(rates[top:]) < 0).all()


@given(st.floats(0, 1))
def test_pictures_only_grow(progress):
    """A later part of the run never has smaller pictures."""
    recipe = Recipe()
    assert recipe.side_at(progress) <= recipe.side_at(min(1.0, progress + 0.1))
    assert recipe.work_of(100, 64) == 100


def test_a_batch_is_the_same_whenever_it_is_asked_for():
    """Order and augmentation hang on seed and step alone; the next step is another batch."""
    batches = Batches(few_pictures(), SMALL)
    pictures, targets = batches.make(5, 24)
    batches.make(1, 24)
    again, targets_again = batches.make(5, 24)
    np.testing.assert_array_equal(pictures, again)
    np.testing.assert_array_equal(targets["teacher"], targets_again["teacher"])
    assert not np.array_equal(pictures, batches.make(6, 24)[0])


def test_an_epoch_shows_every_picture_once():
    batches = Batches(few_pictures(), SMALL)
    shown = np.concatenate([batches.make(step, 16)[1]["label"].argmax(axis=1) for step in range(4)])
    np.testing.assert_array_equal(np.sort(shown), np.sort(few_pictures().labels))


def test_the_teacher_is_silent_about_what_it_has_not_seen():
    """Its shares sum to 1 for pictures that it has seen and are 0 for the others."""
    _, targets = Batches(few_pictures(), SMALL).make(0, 16)
    sums = targets["teacher"].sum(axis=1)
    assert set(sums.round(4)) <= {0.0, 1.0}
    np.testing.assert_array_equal(targets["label"].sum(axis=1), 1)


def test_augmented_pictures_stay_pictures():
    """Any size comes out as asked for, from 0 to 255, and near the original's mean."""
    pictures = few_pictures().pictures
    made = augmented(pictures, 20, Recipe(), np.random.default_rng(1))
    assert made.shape == (len(pictures), 20, 20, 3) and made.dtype == np.float32
    assert made.min() >= 0 and made.max() <= 255
    assert abs(made.mean() - pictures.mean()) < 15


def test_work_tells_progress():
    assert [WorkClock(200).progress(done) for done in (0, 50, 200, 300)] == [0, 0.25, 1, 1]


def test_a_deadline_tells_progress_from_where_the_run_was(monkeypatch):
    """Half of the time that was left is half of the progress that was left."""
    start = time.time()
    monkeypatch.setattr("scripts.backbone.clock.time.time", lambda: start)
    clock = DeadlineClock(datetime.fromtimestamp(start) + timedelta(seconds=100), 0.4)
    assert clock.progress(0) == pytest.approx(0.4)
    monkeypatch.setattr("scripts.backbone.clock.time.time", lambda: start + 50)
    assert clock.progress(0) == pytest.approx(0.7)
    monkeypatch.setattr("scripts.backbone.clock.time.time", lambda: start + 500)
    assert clock.progress(0) == 1


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(tmp_path):
    """Stopped after its first steps and taken up by a new process: weights, averages and counts are the same."""

    class Stopping(WorkClock):
        """Ends the first half of the run."""

        def progress(self, work_done):
            return 1.0 if work_done >= 1 else super().progress(work_done)

    whole = Run(SMALL, few_pictures(), tmp_path / "whole.npz")
    whole.go_on()
    first = Run(SMALL, few_pictures(), tmp_path / "halves.npz")
    first.go_on(Stopping(SMALL.work))
    second = Run(SMALL, few_pictures(), tmp_path / "halves.npz")
    assert 0 < second.state["step"] < whole.state["step"]
    second.go_on()
    assert second.state["pictures"] == whole.state["pictures"]
    for name, value in checkpoint.averaged_weights(tmp_path / "whole.npz")[0].items():
        other = checkpoint.averaged_weights(tmp_path / "halves.npz")[0][name]
        np.testing.assert_allclose(value, other, rtol=1e-3, atol=1e-4, err_msg=name)
    assert not list(tmp_path.glob("*.partial"))
