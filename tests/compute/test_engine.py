"""The embedded engine: a cluster in a process of its own, two workers, and what happens when one dies."""

import contextlib
import os
import signal
import threading
import time

import pytest

from core.compute.engine import Engine, EngineMissing, WorkerLost
from tests.compute.waiting import wait_until


def test_asking_for_the_engine_does_not_wait_for_it():
    """An engine can be made and asked for its state within a moment, whatever its cluster does."""
    began = time.monotonic()
    fresh = Engine("tcp://127.0.0.1:9")
    state = fresh.status().state
    assert time.monotonic() - began < 0.5
    assert state in ("starting", "lost")
    fresh.close()


def test_there_is_a_worker_that_trains_and_one_that_serves(engine):
    """A verdict does not wait for a training: the roles have workers of their own."""
    wait_until(lambda: engine.status().state == "ready")
    wait_until(lambda: engine.workers("train") and engine.workers("serve"))
    assert not set(engine.workers("train")) & set(engine.workers("serve"))


def test_a_function_is_called_in_another_process(engine):
    """submit gives what the named function returns, computed elsewhere and with lower priority."""
    assert engine.submit("core.ops.sizes:output_size", 28, 3).result(60) == 26
    pids = engine._client.run(os.getpid)
    assert os.getpid() not in pids.values()
    niceness = engine._client.run(os.nice, 0)
    assert niceness[engine.workers("train")[0]] > niceness[engine.workers("serve")[0]] > os.nice(0)


def test_an_object_lives_in_a_worker_until_it_is_released(engine):
    """Calls reach the same object; an error of its method arrives as it is."""
    curve = engine.actor("core.training.view:Curve", role="serve")
    curve.call("add", 1, 0.5, 0.5)
    assert curve.worker in engine.workers("serve")
    with pytest.raises(AttributeError):
        curve.call("no_such_method")
    curve.release()


def test_what_may_be_called_at_once_is_called_without_dask(engine):
    """And a killed worker is told all the same."""
    classifier = engine.actor("core.transfer.live_classifier:LiveClassifier", role="serve")
    assert "classify" in classifier._direct.methods
    with pytest.raises(ValueError, match="being loaded"):
        classifier.call("classify", None)
    os.kill(engine._client.run(os.getpid, workers=[classifier.worker])[classifier.worker], signal.SIGKILL)
    with pytest.raises(WorkerLost):
        for _ in range(100):
            with contextlib.suppress(ValueError):
                classifier.call("classify", None)
    wait_until(lambda: engine.workers("serve") and engine.workers("serve") != (classifier.worker,))


def test_a_killed_worker_is_replaced_and_its_objects_are_lost(engine):
    """kill -9: the object's next call says that it is gone, and soon there is a worker again."""
    curve = engine.actor("core.training.view:Curve", role="train")
    pid = engine._client.run(os.getpid, workers=[curve.worker])[curve.worker]
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerLost):
        for _ in range(100):
            curve.call("add", 1, 0.5, 0.5)
    wait_until(lambda: engine.workers("train") and engine.workers("train") != (curve.worker,))
    fresh = engine.actor("core.training.view:Curve", role="train")
    fresh.call("add", 1, 0.5, 0.5)


def test_a_worker_that_is_killed_while_it_makes_an_object_is_not_waited_for(engine):
    """The import of Keras takes seconds; a worker that ends in the middle of it is told at once."""
    wait_until(lambda: engine.workers("train"))
    (address,) = engine.workers("train")
    pid = engine._client.run(os.getpid, workers=[address])[address]
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(WorkerLost):
        engine.actor("core.training.fitting:TrainingRun", "", role="train")
    wait_until(lambda: engine.workers("train") and engine.workers("train") != (address,))


def test_the_cluster_is_started_again_when_its_process_dies(engine):
    """Without its scheduler the engine says so, then comes back by itself."""
    wait_until(lambda: engine.status().state == "ready")
    engine._process.kill()
    wait_until(lambda: engine.status().state != "ready")
    assert engine.status().message
    wait_until(lambda: engine.status().state == "ready")
    assert engine.submit("core.ops.sizes:output_size", 28, 3).result(60) == 26


def test_a_cluster_that_is_not_there_is_named():
    """No scheduler at the address: who asks for work is told which address does not answer."""
    lonely = Engine("tcp://127.0.0.1:9")
    wait_until(lambda: lonely.status().state == "lost")
    with pytest.raises(EngineMissing, match="127.0.0.1:9"):
        lonely.submit("core.ops.sizes:output_size", 28, 3)
    lonely.close()


def test_nothing_is_left_behind_when_the_web_process_ends(engine):
    """The cluster's process ends when its standard input closes, and its workers with it."""
    own = Engine()
    wait_until(lambda: own.status().state == "ready")
    pids = [own._process.pid, *own._client.run(os.getpid).values()]
    own.close()
    wait_until(lambda: not any(_runs(pid) for pid in pids))


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_has_all_threads_and_its_own_way_with_memory(engine):
    """Not Dask's: one OpenMP thread, and memory that is given back at every turn. NumPy's products have one thread."""
    wait_until(lambda: engine.workers("train"))
    settings = ("OMP_NUM_THREADS", "MALLOC_TRIM_THRESHOLD_")
    as_here = {name: os.environ.get(name) for name in settings} | {"OPENBLAS_NUM_THREADS": "1"}
    for told in engine._client.run(lambda: {name: os.environ.get(name) for name in as_here}).values():
        assert told == as_here
