"""What a worker does before its first task: it stands back behind other processes, and keeps the libraries quiet."""

import os


def dask_setup(_worker) -> None:
    """Called by Dask, which gets this module's name as a preload."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Two workers may share a GPU: each takes the memory that it needs, when it needs it.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    niceness = int(os.environ.get("CONVLAB_NICE", "0"))
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
