"""Runs beside each other as a figure."""

import pytest

from core.figures.run_curves import RunCurve, run_curves

PLAIN = RunCurve("plain", (0.7, 0.9, 0.99), (0.8, 0.88, 0.9), 3, "90.0 %")
AUGMENTED = RunCurve("augmented", (0.6, 0.8, 0.9), (0.75, 0.89, 0.905), 3, "90.5 %")


def test_each_run_has_its_training_and_its_validation():
    """The accuracies stand in the figure in per cent, epochs count from 1."""
    figure = run_curves([PLAIN, AUGMENTED], dark=False)
    lines = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert lines["plain, validation"][0] == [1, 2, 3]
    assert lines["plain, validation"][1] == pytest.approx([80, 88, 90])
    assert lines["augmented, training"][1] == pytest.approx([60, 80, 90])


def test_lines_differ_in_more_than_colour():
    """The validation lines of six runs have six kinds of dashes, and six colours."""
    figure = run_curves([PLAIN] * 6, dark=True)
    shades = {trace.line.color for trace in figure.data if trace.name.endswith("validation")}
    assert len(shades) == 6
    dashes = [trace.line.dash for trace in figure.data if trace.name.endswith("validation")]
    assert len(set(dashes)) == 6


def test_the_best_epoch_is_marked_and_named():
    """What is kept of a run is its best epoch, not its last."""
    figure = run_curves([RunCurve("turned", (0.7, 0.8, 0.9), (0.8, 0.9, 0.85), 2, "90.0 %")], dark=False)
    ring = next(trace for trace in figure.data if trace.name == "turned, kept")
    assert (list(ring.x), list(ring.y)) == ([2], [90])
    assert [note.text for note in figure.layout.annotations] == ["<b>90.0 %</b> turned"]


def test_labels_stand_apart_in_the_order_of_the_runs_accuracies():
    """Two runs that end at nearly the same place can both be read."""
    figure = run_curves([PLAIN, AUGMENTED], dark=False)
    heights = {note.text: note.y for note in figure.layout.annotations}
    low, high = figure.layout.yaxis.range
    assert heights["<b>90.5 %</b> augmented"] - heights["<b>90.0 %</b> plain"] >= 0.07 * (high - low)


@pytest.mark.parametrize("runs", [[], [RunCurve("new", (), (), 0, "")], [RunCurve("one", (0.5,), (0.6,), 1, "60.0 %")]])
def test_runs_that_have_hardly_begun_can_be_drawn(runs):
    """No epoch, or one: a figure all the same, with the axis of a percentage."""
    figure = run_curves(runs, dark=False)
    assert figure.layout.yaxis.range[1] == 100.5
