"""Waiting for something that a worker or a cluster does."""

import time

PATIENCE = 300.0  # on a machine that does much else; what happens is waited for no longer than it takes


def wait_until(what, seconds=PATIENCE):
    """What `what` returns, as soon as that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"It did not happen in {seconds:.0f} s")
