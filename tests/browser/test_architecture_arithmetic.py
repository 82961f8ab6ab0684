"""The browser's half of the shape arithmetic against core/nets, on the real stage."""

import json
import random

from core.nets import codec, layers
from core.nets.network import Network, reach, reading
from core.nets.presets import PRESETS
from tests.browser.driving import open_stage

CASES = 80
SHOW = """(canvas, sent) => {
    const { stage } = canvas;
    Object.assign(stage.content, { network: sent.network, chosen: sent.place, cell: sent.cell });
    stage.refresh();
    const { rows, fault } = stage.reading;
    const fields = (row) => row.fields.map(({ size, step, start }) => [size, step, start]);
    const numbers = ({ name, output, parameters, trainable, formula, multiplyAdds }) =>
        [name, output, parameters, trainable, formula, multiplyAdds];
    return JSON.stringify({
        rows: rows.map((row) => [...numbers(row), fields(row)]),
        fault: fault && [fault.place, fault.message],
        looked: [stage.look.place, stage.look.cell],
        seen: stage.look.behind[0],
    });
}"""


def random_layer(dice):
    padding, biased = dice.choice(["valid", "same", 0, 1, 2]), dice.random() < 0.5
    kind = dice.choice(["Conv2D", "Conv2D", "MaxPool2D", "AveragePool2D", "Residual", *layers.LAYERS])
    settings = {
        "Conv2D": lambda: (dice.randint(1, 40), dice.randint(1, 7), dice.randint(1, 3), padding, "relu", biased),
        "MaxPool2D": lambda: (dice.randint(1, 4), dice.choice([None, 1, 2, 3]), padding),
        "AveragePool2D": lambda: (dice.randint(1, 4), dice.choice([None, 1, 2, 3]), padding),
        "Residual": lambda: (dice.randint(1, 40), dice.randint(1, 3), dice.random() < 0.5, biased),
        "Dense": lambda: (dice.randint(1, 3000), "relu", biased),
    }  # fmt: skip
    return layers.LAYERS[kind](*settings.get(kind, tuple)())


def random_network(dice):
    """Layers in any order: half of them with those that do not fit left out."""
    shape = (dice.randint(1, 60), dice.randint(1, 60), dice.choice([1, 3]))
    drawn = [random_layer(dice) for _ in range(dice.randint(1, 9))]
    if dice.random() < 0.4:
        return Network(shape, drawn)
    kept = ()
    for layer in drawn:
        kept += (layer,) if not reading(Network(shape, (*kept, layer))).fault else ()
    return Network(shape, kept or (layers.BatchNorm(),))


def expected(network):
    read = reading(network)
    rows = [
        [
            row.name,
            list(row.output_shape),
            row.parameters,
            row.trainable,
            row.formula,
            row.multiply_adds,
            [[field.size, field.step, field.start] for field in row.receptive_field],
        ]
        for row in read.rows
    ]
    return read.rows, rows, read.fault and [read.fault.place, str(read.fault).split(" Received:")[0]]


def test_the_browser_counts_as_python_does(page, server):
    """Rows, faults with their words, and the pixels that a cell sees, for presets and networks made at random."""
    canvas = open_stage(page, f"{server}/architecture", "Architecture stage")
    dice = random.Random(4)
    faults = 0
    for network in [*(preset.network for preset in PRESETS.values()), *(random_network(dice) for _ in range(CASES))]:
        rows, texts, fault = expected(network)
        place = dice.randint(0, len(network.layers) - 1)
        sent = {"network": codec.to_json(network), "place": place, "cell": [dice.randint(0, 20), dice.randint(0, 20)]}
        found = json.loads(canvas.evaluate(SHOW, sent))
        assert (found["rows"], found["fault"]) == (texts, fault), codec.write(network)
        looked, cell = found["looked"]
        reached = reach(rows, looked, *cell) if looked >= 0 else ({cell[0]}, {cell[1]})
        assert [set(axis) for axis in found["seen"]] == [set(axis) for axis in reached], codec.write(network)
        faults += bool(fault)
    assert faults > 20
