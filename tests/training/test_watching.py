"""What is watched of a training: its pace over pauses, and maps of a network whose numbers are none."""

import warnings

import numpy as np
import pytest

from core.training import watching
from core.training.building import compiled_model
from core.training.pictures import pictures_of, prepared
from core.training.watching import Inside, Pace
from tests.training.making import small


@pytest.fixture
def clock(monkeypatch):
    """A time that stands still until it is set: clock[0], in seconds."""
    now = [100.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: now[0])
    return now


def test_the_pace_holds_over_a_pause(clock):
    """Until there is another one: what is left of a run is told from it while single batches are trained."""
    pace = Pace()
    pace.rest()
    assert pace.rate == 0
    for _ in range(4):
        clock[0] += 1
        pace.add(500)
    assert pace.rate == 500
    clock[0] += 60
    pace.rest()
    pace.rest()
    assert pace.rate == 500
    clock[0] += 1
    pace.add(200)
    assert pace.rate == 200


def test_a_network_whose_numbers_are_none_can_be_looked_at():
    """Its maps are dark, and nothing is complained of in the worker's log."""
    spec = small()
    model, pictures = compiled_model(spec), pictures_of(spec)
    kernel, *others = model.get_weights()
    kernel[..., 0], kernel[..., 1] = np.nan, 1e30
    model.set_weights([kernel, *others])
    inside = Inside(
        model, pictures.x_validation, pictures.y_validation, lambda pictures: prepared(pictures, spec.network)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        snapshot = inside.snapshot(0, 0)
    assert not snapshot.maps[0][1][..., 0].any() and snapshot.maps[0][1][..., 2].any()
    assert np.isnan(snapshot.kernels[..., 0]).all() and np.isinf(snapshot.kernels[..., 1]).all()
