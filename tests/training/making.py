"""Small networks, specs and runs for the tests of this folder."""

from core.nets.layers import Conv2D, Dense, Flatten, MaxPool2D, Rescaling
from core.nets.network import Network
from core.training.spec import RunSpec
from tests.compute.waiting import wait_until

SMALL = Network((28, 28, 1), (Rescaling(), Conv2D(4, 3), MaxPool2D(4), Flatten(), Dense(10, "softmax")))
BATCHES = 10  # of an epoch of a small spec


def small(**changes) -> RunSpec:
    """400 drawn digits, of which 320 are trained on in 10 batches an epoch; two epochs."""
    return RunSpec(SMALL, **{"picture_count": 400, "batch_size": 32, "epochs": 2, "optimiser": "momentum"} | changes)


def happened(run, kind: str) -> list[dict]:
    """The events of that kind so far."""
    return [event for event in run.poll(0)["events"] if event["kind"] == kind]


def ended(run) -> dict:
    """The event that ends a run, once it is there."""
    return wait_until(lambda: happened(run, "end"))[0]
