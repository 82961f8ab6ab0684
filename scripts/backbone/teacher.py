"""What an ImageNet classifier thinks of each Tiny ImageNet picture, asked once and kept.

    CONVLAB_DATA=folder python -m scripts.backbone.teacher

The teacher is the MobileNetV2 of google-coral/test_data (weights/ in CONVLAB_DATA, Apache-2.0). It is neither shipped
nor used as a start: the network in training only learns to guess its 1,001 scores beside the 200 labels, with a layer
of its own that is thrown away afterwards. Takes about ten minutes on two cores; starts again where it was stopped.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from PIL import Image

from scripts.backbone.folders import data_folder, work_folder
from scripts.backbone.packed import PackedPictures

MODEL = "weights/mobilenet_v2_1.0_224_quant.tflite"
SCORES = 1001
SIDE = 224
BLOCK = 2500  # pictures a file, so that little is lost when the script is stopped


def folder() -> Path:
    place = work_folder() / "teacher"
    place.mkdir(exist_ok=True)
    return place


def load_scores(pictures: int) -> tuple[np.ndarray, np.ndarray, float]:
    """The scores before softmax that are there, (N, 1001) int8 in steps; which they are, (N,) bool; size of a step."""
    scores, known, step = np.zeros((pictures, SCORES), np.int8), np.zeros(pictures, bool), 0.1
    for path in folder().glob("*.npz"):
        with np.load(path, allow_pickle=False) as block:
            seen = slice(int(path.stem), int(path.stem) + len(block["scores"]))
            scores[seen], known[seen], step = block["scores"], True, float(block["step"])
    return scores, known, step


class Teacher:
    """MobileNetV2, asked for its scores before softmax: those after it are rounded to 1/256."""

    def __init__(self, path: Path):
        import flatbuffers
        import tensorflow as tf
        from tensorflow.lite.python import schema_py_generated as schema

        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(path.read_bytes()), 0))
        graph = model.subgraphs[0]
        softmax = graph.operators[-1]
        graph.outputs = [softmax.inputs[0]]
        builder = flatbuffers.Builder(4 << 20)
        builder.Finish(model.Pack(builder), b"TFL3")
        self._interpreter = tf.lite.Interpreter(model_content=bytes(builder.Output()), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        output = self._interpreter.get_output_details()[0]
        self._output = output["index"]
        self.step, self._zero = output["quantization"]

    def scores(self, picture: Image.Image) -> np.ndarray:
        """(1001,) int8, in steps, the largest at 127 or below: softmax does not see a shift."""
        large = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        self._interpreter.set_tensor(self._input, np.asarray(large)[None])  # (1, 224, 224, 3)
        self._interpreter.invoke()
        steps = self._interpreter.get_tensor(self._output)[0].astype(np.int16)  # (1001,)
        return np.clip(steps - self._zero, -128, 127).astype(np.int8)


def main() -> None:
    pictures = PackedPictures(data_folder() / "tiny_imagenet.npz", "train")
    teachers = [Teacher(data_folder() / MODEL) for _ in range(2)]
    started = time.monotonic()

    def half_block(teacher: Teacher, indices: range) -> np.ndarray:
        return np.stack([teacher.scores(pictures.open(index)) for index in indices])

    with ThreadPoolExecutor(2) as threads:
        for first in range(0, len(pictures), BLOCK):
            kept = folder() / f"{first:06d}.npz"
            if kept.exists():
                continue
            middle, last = first + BLOCK // 2, min(first + BLOCK, len(pictures))
            halves = threads.map(half_block, teachers, (range(first, middle), range(middle, last)))
            partial = kept.with_suffix(".partial")
            with partial.open("wb") as stream:
                np.savez(stream, scores=np.concatenate(list(halves)), step=teachers[0].step)
            partial.rename(kept)
            print(f"{last:>7} pictures, {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
