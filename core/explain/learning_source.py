"""The stage's run of gradient descent as a lesson in Keras: source that trains the same filter from the same start."""

from base64 import b64encode
from zlib import compress

import numpy as np

from core.explain.filter_learning import START_SPREAD, Learning
from core.ops.optimisers import MOMENTUM

OPTIMISER_SOURCE = {
    "plain": "keras.optimizers.SGD(learning_rate={rate:g})",
    "momentum": f"keras.optimizers.SGD(learning_rate={{rate:g}}, momentum={MOMENTUM})",
    "adam": "keras.optimizers.Adam(learning_rate={rate:g})",
}
LINE = 100  # letters of packed pictures in a line

_SOURCE = """\
import base64
import zlib

import keras
import numpy as np

# The {count} pictures on the stage: their grey levels, packed.
packed = (
{packed}
)
levels = np.frombuffer(zlib.decompress(base64.b64decode(packed)), np.uint8)
pictures = levels.reshape({count}, {rows}, {columns}, 1) / 255
hidden = np.array({hidden})


def network(kernel):
    convolution = keras.layers.Conv2D(1, kernel.shape, use_bias=False, activation={activation})
    model = keras.Sequential([keras.Input(({rows}, {columns}, 1)), convolution])
    convolution.set_weights([kernel[:, :, np.newaxis, np.newaxis]])
    return model


chance = np.random.default_rng({seed})
learner = network(np.round(chance.normal(0, {spread}, hidden.shape), 2))
targets = network(hidden).predict(pictures, verbose=0)
targets = targets + {noise:g} * chance.standard_normal(targets.shape)

learner.compile(optimizer={optimiser}, loss="mean_squared_error")
order = [chance.permutation({count}) for _ in range({rounds})]
for batch in np.concatenate(order).reshape(-1, {batch})[:{steps}]:
    learner.train_on_batch(pictures[batch], targets[batch])
kernel = learner.get_weights()[0][:, :, 0, 0]
print(kernel.round(2))
"""


def learning_source(pictures, hidden, settings: Learning, steps: int) -> str:
    """Python source that ends with the learner's `kernel` (kh, kw) after so many steps; it needs keras and numpy only.

    pictures: (N, H, W) uint8, N a multiple of the batch. hidden: (kh, kw). Keras computes in float32, so its numbers
    agree to a few digits. Raises ValueError for pictures that no whole number of batches holds.
    """
    count, rows, columns = np.shape(pictures)
    if count % settings.batch:
        raise ValueError(f"The pictures must fill whole batches. Received: pictures={count}, batch={settings.batch}")
    text = b64encode(compress(np.ascontiguousarray(pictures, np.uint8).tobytes(), 9)).decode()
    lines = [f'    "{text[at : at + LINE]}"' for at in range(0, len(text), LINE)]
    return _SOURCE.format(
        count=count,
        rows=rows,
        columns=columns,
        packed="\n".join(lines),
        hidden=np.asarray(hidden).tolist(),
        activation="None" if settings.activation == "none" else f'"{settings.activation}"',
        seed=settings.seed,
        spread=START_SPREAD,
        noise=settings.noise,
        optimiser=OPTIMISER_SOURCE[settings.optimiser].format(rate=settings.rate),
        rounds=-(-steps * settings.batch // count),
        batch=settings.batch,
        steps=steps,
    )
