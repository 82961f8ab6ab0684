"""A real engine for the tests of this folder."""

import pytest

from core.compute.engine import Engine


@pytest.fixture(scope="module")
def engine():
    """An embedded cluster."""
    made = Engine()
    yield made
    made.close()
