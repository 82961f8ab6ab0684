"""The browser's half of pooling against core/ops and core/explain, on the real stages."""

import json

import numpy as np

from core.explain.moving import count_alike, room
from core.ops.convolution import Convolution
from core.ops.pooling import Pooling, average_pool, max_pool, trace_pool, windows_over
from core.stage.pooling_stage import Scene
from tests.browser.driving import open_stage

# Gives the stage other content, as Python would, points at a cell of the output and one of the input, and reads.
SHOW = """(canvas, { content, pool, convolution, output, input }) => {
    const { stage } = canvas;
    const settings = { pool, convolution: convolution ?? stage.data.settings.convolution };
    stage.update({ data: { ...stage.data, revision: stage.talk.revision + 1, content, settings }, setStateValue() {} });
    const point = (on, [row, column]) => {
        stage.hover = { on, filter: 0, row, column };
        stage.draw();
    };
    const [{ rows, columns }] = stage.outputs;
    const seen = { shape: [rows, columns], maps: stage.outputs.map(({ values }) => [...values]) };
    if (output) point("output", output);
    const trace = stage.trace;
    if (input) point("input", input);
    return JSON.stringify({ ...seen, trace, fed: stage.fed, room: stage.room, same: stage.same });
}"""
BLANK = {"picture": np.zeros((4, 4), np.uint8), "picture_key": "own", "kernel": np.ones((1, 1))}


def random_pool(dice: np.random.Generator, shape: tuple[int, int]) -> Pooling:
    """A pool that fits."""
    while True:
        pool = Pooling(int(dice.integers(1, 6)), int(dice.integers(1, 5)), str(dice.choice(["valid", "same"])))
        try:
            max_pool(np.zeros(shape), pool)
            return pool
        except ValueError:
            continue  # larger than the map: refused by core/ops, no case


def test_the_stage_pools_what_core_ops_pools(page, server):
    """On 40 random matrices and pools, maps, windows, winners and sums agree, and so does the way back."""
    canvas = open_stage(page, f"{server}/pooling", "Pooling stage")
    dice = np.random.default_rng(30)
    for _ in range(40):
        numbers = np.round(dice.normal(0, 4, dice.integers(2, 12, 2)), int(dice.integers(0, 3)))
        pool = random_pool(dice, numbers.shape)
        largest, means = max_pool(numbers, pool), average_pool(numbers, pool)
        output, cell = ([int(dice.integers(n)) for n in shape] for shape in (largest.shape, numbers.shape))
        content = Scene("numbers", numbers, **BLANK).content()
        sent = {"content": content, "pool": {"size": pool.size, **pool.geometry}, "output": output, "input": cell}
        shown = json.loads(canvas.evaluate(SHOW, sent))
        assert tuple(shown["shape"]) == largest.shape
        np.testing.assert_allclose(shown["maps"], [largest.ravel(), means.ravel()], rtol=1e-12, atol=1e-12)
        expected, trace = trace_pool(numbers, pool, *output), shown["trace"]
        assert (tuple(trace["rows"]), tuple(trace["columns"])) == (expected.rows, expected.columns)
        assert [(one["row"], one["column"]) for one in trace["winners"]] == list(expected.winners)
        np.testing.assert_allclose([trace["sum"], trace["average"]], [expected.sum, expected.average], atol=1e-12)
        fed = windows_over(numbers.shape, pool, *cell)
        assert [(one["row"], one["column"]) for one in shown["fed"]] == fed
        assert [one["wins"] for one in shown["fed"]] == [largest[place] == numbers[tuple(cell)] for place in fed]


def test_the_stage_counts_the_places_that_python_counts(page, server):
    """For random strokes, pools, filters and places, room and both counts agree."""
    canvas = open_stage(page, f"{server}/pooling?view=move", "Moving stage")
    dice = np.random.default_rng(31)
    for case in range(25):
        picture = np.zeros((12, 12), np.uint8)
        rows, columns = np.array([[4], [3]]) + dice.integers(0, 4, (2, 5))
        picture[rows, columns] = dice.choice([255, 128], 5)
        kernel = np.round(dice.normal(size=(3, 3)), 1) if case % 2 else None
        pool = Pooling(int(dice.integers(2, 5)), int(dice.integers(2, 5)))
        downs, rights = room(picture)
        place = (int(dice.choice(downs)), int(dice.choice(rights)))
        used = {**BLANK, "picture": picture, "kernel": np.ones((1, 1)) if kernel is None else kernel}
        content = Scene("picture" if kernel is None else "map", np.ones((1, 1)), **used, shift=place).content()
        settings = Convolution(padding="same")
        sent = {
            "content": content,
            "pool": {"size": pool.size, **pool.geometry},
            "convolution": {**settings.geometry, "flip": False, "activation": settings.activation},
        }
        shown = json.loads(canvas.evaluate(SHOW, sent))
        assert shown["room"] == {"up": -downs[0], "down": downs[-1], "left": -rights[0], "right": rights[-1]}
        alike = count_alike(picture / 255, kernel, settings, pool, place)
        assert [sum(same) for same in shown["same"]] == [alike.max, alike.average]
        assert len(shown["same"][0]) == alike.places
