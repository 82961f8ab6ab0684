"""The engine and the cluster of tests/compute, here too."""

from tests.compute.conftest import engine, start_cluster

__all__ = ["engine", "start_cluster"]
