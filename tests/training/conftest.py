"""The engine of tests/compute, here too."""

from tests.compute.conftest import engine

__all__ = ["engine"]
