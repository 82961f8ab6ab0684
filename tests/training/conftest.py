"""The engine and the cluster of tests/compute, here too; a desk whose worker only plays."""

import pytest

from core.training.desk import RunDesk
from core.training.store import Store
from tests.compute.conftest import engine, start_cluster
from tests.training.played import PlayedEngine

__all__ = ["engine", "start_cluster"]


@pytest.fixture
def work():
    return PlayedEngine()


@pytest.fixture
def desk(work, tmp_path):
    made = RunDesk(work, Store(tmp_path / "home"))
    yield made
    made.close()
