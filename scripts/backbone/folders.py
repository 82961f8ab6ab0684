"""Where pre-training reads from and where it keeps what is not for the repository."""

import os
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[2] / "assets" / "results"


def data_folder() -> Path:
    """The folder that CONVLAB_DATA names. Ends the script with one line when there is none."""
    chosen = os.environ.get("CONVLAB_DATA")
    if not chosen or not (folder := Path(chosen).expanduser()).is_dir():
        raise SystemExit("CONVLAB_DATA names the folder with tiny_imagenet.npz. Received: " + repr(chosen))
    return folder


def work_folder() -> Path:
    """Checkpoints, teacher outputs and decoded pictures: the folder `backbone` of CONVLAB_HOME (~/.convlab)."""
    folder = Path(os.environ.get("CONVLAB_HOME") or "~/.convlab").expanduser() / "backbone"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
