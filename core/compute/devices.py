"""What a worker computes on. The one module with raw TensorFlow, and only for devices and their memory."""

import contextlib
import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Hardware:
    """What one worker computes on."""

    name: str  # as a person knows it: "NVIDIA H100 80GB HBM3", "2 cores of Intel Xeon"
    kind: str  # "GPU" or "CPU"
    backend: str  # of Keras: "tensorflow", "jax" or "torch"


@cache
def warm() -> Hardware:
    """Import Keras and its backend once (about 6 s), let a GPU's memory grow as needed, and say what there is."""
    import keras

    backend = keras.backend.backend()
    gpu = {"tensorflow": _tensorflow_gpu, "jax": _jax_gpu, "torch": _torch_gpu}[backend]()
    return Hardware(gpu or processor(), "GPU" if gpu else "CPU", backend)


def processor() -> str:
    """This machine's processor in a few words: "2 cores of Intel Xeon Processor"."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = (line.partition(":") for line in info.read_text().splitlines())
        model = next((value.strip() for name, _, value in lines if name.strip() == "model name"), model)
    model = model.replace("(R)", "").replace("(TM)", "").partition("@")[0].strip()
    return f"{cores} core{'s' if cores > 1 else ''} of {model}"


def _tensorflow_gpu() -> str:
    import tensorflow

    gpus = tensorflow.config.list_physical_devices("GPU")
    for gpu in gpus:
        with contextlib.suppress(RuntimeError):  # in use already; then worker_setup's environment has seen to it
            tensorflow.config.experimental.set_memory_growth(gpu, True)
    return tensorflow.config.experimental.get_device_details(gpus[0]).get("device_name", "a GPU") if gpus else ""


def _jax_gpu() -> str:
    import jax

    return next((device.device_kind for device in jax.devices() if device.platform in ("gpu", "tpu")), "")


def _torch_gpu() -> str:
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""
