"""Networks made at random whose layers go together."""

from hypothesis import strategies as st

from core.nets.layers import (
    ACTIVATIONS,
    Activation,
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    MaxPool2D,
    RandomBrightness,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    Rescaling,
    Residual,
)
from core.nets.network import Network, reading

SIDES = st.integers(5, 20)
PADDINGS = st.sampled_from(["valid", "same", 0, 1, 2])
ACTIVATION = st.sampled_from(ACTIVATIONS)
FRONT = st.sampled_from(
    [
        Rescaling(),
        Rescaling(2.0, -1),
        RandomFlip(),
        RandomRotation(0.1),
        RandomZoom(0.2),
        RandomTranslation(0.1),
        RandomBrightness(0.2),
    ]
)
CONVOLUTION = st.builds(
    Conv2D,
    filters=st.integers(1, 6),
    kernel=st.integers(1, 5),
    stride=st.integers(1, 3),
    padding=PADDINGS,
    activation=ACTIVATION,
    bias=st.booleans(),
)
POOLS = {"size": st.integers(1, 4), "stride": st.none() | st.integers(1, 3), "padding": PADDINGS}
RESIDUAL = st.builds(
    Residual, st.integers(1, 4), stride=st.integers(1, 2), bottleneck=st.booleans(), conv_bias=st.booleans()
)
PASSING = st.sampled_from([BatchNorm(), Activation("relu"), Activation("softmax"), Dropout(0.2)])
MAPS = st.one_of(CONVOLUTION, st.builds(MaxPool2D, **POOLS), st.builds(AveragePool2D, **POOLS), RESIDUAL, PASSING)
FLAT = st.one_of(st.builds(Dense, st.integers(1, 9), activation=ACTIVATION, bias=st.booleans()), PASSING)


@st.composite
def networks(draw, front=FRONT, maps=MAPS, flat=FLAT):
    """A network of 1 to 10 layers; a layer that does not fit where it was drawn is left out."""
    shape = (draw(SIDES), draw(SIDES), draw(st.sampled_from([1, 3])))
    drawn = (draw(st.lists(front, max_size=2)) if front else []) + draw(st.lists(maps, min_size=1, max_size=5))
    if draw(st.booleans()):
        drawn += [draw(st.sampled_from([Flatten(), GlobalAveragePool()])), *draw(st.lists(flat, max_size=2))]
    kept = ()
    for layer in drawn:
        if not reading(Network(shape, (*kept, layer))).fault:
            kept += (layer,)
    return Network(shape, kept or (BatchNorm(),))
