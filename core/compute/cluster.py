"""The embedded cluster, in a process of its own: `python -m core.compute.cluster`.

It prints the scheduler's address as its first line and ends when its standard input closes, so that nothing is left
behind when the web process is killed. It must not live in Streamlit's process: a spawned worker would run the page.

There are two workers: one trains, one serves (features, verdicts), so that no verdict waits for a training.
"""

import asyncio
import os
import sys

import dask
from distributed import Nanny, Scheduler, SpecCluster

NICE = {"TRAIN": 10, "SERVE": 4}  # both stand back behind the web process, training behind verdicts
# What a worker is started with, in the place of Dask's choice for workers with many threads: memory that is given back
# at every turn, and one OpenMP thread, cost a network a sixth of its speed. But NumPy's OpenBLAS has one thread: others
# would wait for the next product without sleeping, 25 ms long, on the cores that a network's next pass needs. With them
# a tenth of ResNet50's passes beside the live view took twice as long.
STARTED_WITH = {"OPENBLAS_NUM_THREADS": "1"}
dask.config.set({"distributed.nanny.pre-spawn-environ": STARTED_WITH})


def nanny(role: str) -> dict:
    """How one worker is started and, should it die, started again."""
    return {
        "cls": Nanny,
        "options": {
            "nthreads": 1,
            "resources": {role: 1},
            "memory_limit": None,
            "name": role.lower(),
            "preload": ["core.compute.worker_setup"],
            "env": {"CONVLAB_NICE": str(NICE[role])},
            "dashboard": False,
        },
    }


async def serve() -> None:
    """Run the scheduler and the workers until standard input closes."""
    scheduler = {"cls": Scheduler, "options": {"host": "127.0.0.1", "port": 0, "dashboard": False}}
    workers = {role.lower(): nanny(role) for role in NICE}
    async with SpecCluster(workers=workers, scheduler=scheduler, asynchronous=True, silence_logs=40) as cluster:
        print(cluster.scheduler_address, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    asyncio.run(serve())
