"""The thinned curve, and what a view says of a run's epochs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.spec import RunSpec
from core.training.view import MOST_POINTS, Curve, EpochResult, RunView, history_csv
from tests.training.making import SMALL


def epoch(number, validation_loss, validation_accuracy=0.5, loss=None):
    """Training loss falls from epoch to epoch, unless it is given."""
    return EpochResult(
        number,
        1 / (number + 1) if loss is None else loss,
        0.5,
        validation_loss,
        validation_accuracy,
        0.001,
        2.5,
        {"conv": 0.1},
        number * 10,
    )


def view_of(*epochs):
    return RunView("a", "", "ann", 0.0, RunSpec(SMALL), "running", "", "", epochs=tuple(epochs))


@given(st.integers(1, 6 * MOST_POINTS))
def test_a_long_curve_is_thinned_and_keeps_its_course(count):
    """Fewer than MOST_POINTS; steps rise; every point is the mean of the batches it stands for."""
    curve = Curve()
    for step in range(1, count + 1):
        curve.add(step, float(step), step / count)
    steps = np.array([point[0] for point in curve.points])
    losses = np.array([point[1] for point in curve.points])
    assert 1 <= len(steps) < MOST_POINTS
    assert (np.diff(steps) > 0).all()
    # With loss = step, the mean of the steps after the one before and up to this one is known.
    before = np.concatenate([[0], steps[:-1]])
    np.testing.assert_allclose(losses, (before + 1 + steps) / 2)
    assert count - steps[-1] < np.ceil(count / MOST_POINTS) * 2, "the end is not left out"


def test_a_cut_curve_forgets_what_is_trained_again():
    """Also points that waited to be drawn with others."""
    curve = Curve()
    for step in range(1, 2 * MOST_POINTS + 4):
        curve.add(step, 1.0, 0.5)
    curve.cut(100)
    assert max(point[0] for point in curve.points) <= 100
    curve.add(101, 3.0, 0.5)
    curve.add(102, 3.0, 0.5)
    curve.add(103, 3.0, 0.5)
    curve.add(104, 3.0, 0.5)
    assert curve.points[-1][1] == 3.0


@pytest.mark.parametrize(
    ("losses", "turn"),
    [
        ([], None),
        ([1.0], None),
        ([1.0, 0.8, 0.9], None),
        ([1.0, 0.8, 0.9, 0.95], 1),
        ([1.0, 1.1, 1.2, 1.3], 0),
        ([1.0, 0.8, 0.9, 0.95, 0.7], None),
    ],
)
def test_a_run_has_turned_once_validation_loss_has_been_higher_for_two_epochs(losses, turn):
    """And takes it back when it falls below again."""
    assert view_of(*(epoch(number, loss) for number, loss in enumerate(losses))).turned_at == turn


def test_where_the_training_loss_rises_too_nothing_is_learnt_by_heart():
    """A learning rate that became too large lets both rise."""
    assert view_of(epoch(0, 0.8, loss=0.7), epoch(1, 0.9, loss=0.8), epoch(2, 1.0, loss=0.9)).turned_at is None


def test_the_best_epoch_is_the_most_accurate_and_of_equals_the_surest():
    view = view_of(epoch(0, 0.5, 0.8), epoch(1, 0.6, 0.9), epoch(2, 0.4, 0.9), epoch(3, 0.3, 0.85))
    assert view.best_epoch == 2
    assert view.best_accuracy == 0.9
    assert view_of().best_epoch is None and view_of().best_accuracy is None


def test_the_history_is_a_table_that_other_programs_read():
    """A first line with names, epochs from 1, numbers with a point."""
    lines = history_csv([epoch(0, 0.25), epoch(1, 0.125)]).splitlines()
    assert lines == [
        "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds",
        "1,1,0.5,0.25,0.5,0.001,2.5",
        "2,0.5,0.5,0.125,0.5,0.001,2.5",
    ]
