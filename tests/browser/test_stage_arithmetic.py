"""The browser's half of the arithmetic against core/ops, on the real stage."""

import json

import numpy as np

from core.ops.convolution import Convolution, convolve, pre_activation
from core.ops.trace import outputs_fed_by, trace_output
from core.stage.convolution_stage import Scene
from tests.browser.driving import open_stage, stage_value

CASES = 80

# Gives the stage other content, as Python would, and reads what it computed.
SHOW = """(canvas, sent) => {
    const { stage } = canvas;
    const data = { ...stage.data, revision: stage.talk.revision + 1, content: sent.content, settings: sent.settings };
    stage.update({ data, setStateValue() {} });
    const [row, column] = sent.cell;
    return JSON.stringify({
        before: Array.from(stage.outputs[0].before),
        after: Array.from(stage.outputs[0].values),
        shape: [stage.outputs[0].rows, stage.outputs[0].columns],
        fits: stage.fits({ on: "output", filter: 0, row, column }),
    });
}"""


def random_case(dice: np.random.Generator):
    """A picture, a kernel and settings that fit together."""
    while True:
        picture = dice.integers(0, 256, dice.integers(4, 33, 2), dtype=np.uint8)
        kernel = np.round(dice.normal(0, 2, dice.integers(1, 12, 2)), 2)
        settings = Convolution(
            stride=int(dice.integers(1, 5)),
            padding=[("valid"), ("same"), int(dice.integers(0, 4))][dice.integers(3)],
            dilation=int(dice.integers(1, 4)),
            bias=float(np.round(dice.normal(), 2)),
            activation=str(dice.choice(["relu", "none", "abs"])),
            flip=bool(dice.integers(2)),
        )
        try:
            return picture, kernel, settings, convolve(picture / 255, kernel, settings)
        except ValueError:
            continue  # the filter or the stride is larger than the picture: refused by core/ops, no case


def test_the_stage_computes_what_core_ops_computes(page, server):
    """On 80 random pictures, kernels, strides, paddings, dilations, biases and activations both halves agree."""
    canvas = open_stage(page, f"{server}/filters")
    dice = np.random.default_rng(20)
    for _ in range(CASES):
        picture, kernel, settings, expected = random_case(dice)
        scene = Scene(picture, "own", (kernel,), (settings.bias,), activation=settings.activation)
        sent = {"content": scene.content(), "settings": {**settings.geometry, "flip": settings.flip}, "cell": [0, 0]}
        shown = json.loads(canvas.evaluate(SHOW, sent))
        assert tuple(shown["shape"]) == expected.shape
        np.testing.assert_allclose(shown["after"], expected.ravel(), rtol=1e-9, atol=1e-9)
        before = pre_activation(picture / 255, kernel, settings)
        np.testing.assert_allclose(shown["before"], before.ravel(), rtol=1e-9, atol=1e-9)


def test_the_stage_traces_what_core_ops_traces(page, server):
    """For random cells of random cases, window, products and the cells that a pixel feeds agree."""
    canvas = open_stage(page, f"{server}/filters")
    dice = np.random.default_rng(21)
    for _ in range(25):
        picture, kernel, settings, expected = random_case(dice)
        scene = Scene(picture, "own", (kernel,), (settings.bias,), activation=settings.activation)
        row, column = (int(dice.integers(n)) for n in expected.shape)
        sent = {
            "content": scene.content(),
            "settings": {**settings.geometry, "flip": settings.flip},
            "cell": [row, column],
        }
        assert json.loads(canvas.evaluate(SHOW, sent))["fits"]
        canvas.evaluate(
            "(canvas, [row, column]) => canvas.stage.pin({ on: 'output', filter: 0, row, column })", [row, column]
        )
        trace = trace_output(picture / 255, kernel, settings, row, column)
        shown = stage_value(canvas, "{ ...stage.trace, products: Array.from(stage.trace.products) }")
        assert (tuple(shown["rows"]), tuple(shown["columns"])) == (trace.rows, trace.columns)
        np.testing.assert_allclose(shown["products"], trace.products.ravel(), atol=1e-9)
        np.testing.assert_allclose(
            [shown["sum"], shown["before"], shown["after"]], [trace.sum, trace.before, trace.after], atol=1e-9
        )
        pixel = tuple(int(dice.integers(n)) for n in picture.shape)
        canvas.evaluate(
            "(canvas, [row, column]) => canvas.stage.pin({ on: 'input', filter: 0, row, column })", list(pixel)
        )
        fed = [tuple(cell) for cell in stage_value(canvas, "stage.fed[0]")]
        assert fed == outputs_fed_by(picture.shape, kernel.shape, settings, *pixel)
