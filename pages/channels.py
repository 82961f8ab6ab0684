"""Channels: a filter for a colour picture is a cube, and what it makes is one flat map."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.explain.channel_layers import conventions, parameter_line, size_line, sum_against_apart
from core.figures.blocks import Blocks, layer_blocks
from core.figures.template import CONFIG
from core.images.colour_names import drawn_name
from core.images.colour_pictures import with_brightness
from core.nets.layer_source import layer_source
from core.ops.colour_filters import VERTICAL, cube, named_cube, with_channels
from core.ops.convolution import Convolution
from core.ops.filter_bank import HORIZONTAL, resize_kernel
from core.ops.layers import APART, GROUPED, GROUPS, KINDS, SUMMED, TRANSPOSED, layer_maps
from core.stage.channels_stage import MOST_FILTERS, ChannelsScene, channels_stage, edited
from core.stage.conversation import has_news
from core.stage.convolution_stage import COLOUR_PALETTES, COLOUR_RANGES
from core.ui import channel_fields, colour_source, fields, lesson, links, presenter
from core.ui.channel_fields import as_cube, as_slices, named_slices
from core.ui.channel_texts import HOW_IT_WORKS, KIND_NAMES, KIND_WORDS, WHY_ADD

STAGE = "channels stage"
DOUBLED = "channels.doubled"  # session key: the stack as it was evened out for groups
SIZES = (1, 2, 3, 5, 7)
STRIDES, DILATIONS = (1, 2, 3), (1, 2, 3)
PADDINGS = ("valid", "same", 1, 2)
ACTIVATIONS = ("relu", "none", "abs")
RANGES = dict(zip(COLOUR_RANGES, ("map's most", "±3")))
PALETTES = dict(zip(COLOUR_PALETTES, ("red–blue", "orange–blue")))
TEN = ("edge-below", "edge-right", "red-green", "yellow-blue", "red", "green", "blue", "yellow", "outline", "light")
BOTH_NEEDED = as_slices(cube(VERTICAL, VERTICAL, 0 * VERTICAL))
GREY_PAIR = tuple(as_slices(kernel[:, :, np.newaxis]) for kernel in (HORIZONTAL, VERTICAL))
link = links.PageLink(
    "channels",
    {
        **colour_source.FIELDS,
        "filters": channel_fields.cubes(named_slices("red", "green", "outline")),
        "biases": channel_fields.biases(()),
        "chosen": links.whole(0, 0, MOST_FILTERS - 1),
        "kind": links.choice(SUMMED, KINDS),
        "activation": links.choice("relu", ACTIVATIONS),
        "stride": links.choice(1, STRIDES),
        "padding": links.choice("valid", PADDINGS),
        "dilation": links.choice(1, DILATIONS),
        "pin": fields.traced(),
        "zoom": links.whole(1, 1, 4),
        "range": links.choice(COLOUR_RANGES[0], COLOUR_RANGES),
        "palette": links.choice(COLOUR_PALETTES[0], COLOUR_PALETTES),
    },
)
EXAMPLES = {
    "6×6×3, one filter: 4×4": {"picture": drawn_name("flag", 6), "side": 6, "filters": named_slices("yellow")},
    "Ten filters: 4×4×10": {"picture": drawn_name("flag", 6), "side": 6, "filters": named_slices(*TEN)},
    "7×7 in grey, two filters: 5×5×2": {"picture": drawn_name("seven", 7), "filters": GREY_PAIR},
    "Only the sum sees it": {
        "picture": drawn_name("bars", 12),
        "side": 12,
        "filters": (BOTH_NEEDED,),
        "biases": (-4.0,),
    },
    "The sum cancels": {"picture": drawn_name("halves", 12), "side": 12, "filters": named_slices("edge-right")},
}


def scene_of_link(source: colour_source.ColourSource) -> ChannelsScene:
    cubes = tuple(map(as_cube, link.get("filters")))
    biases = (link.get("biases") + (0.0,) * MOST_FILTERS)[: len(cubes)]
    scene = ChannelsScene(
        picture=source.picture,
        picture_key=source.key,
        cubes=cubes,
        biases=biases,
        chosen=min(link.get("chosen"), len(cubes) - 1),
        activation=link.get("activation"),
        traced=link.get("pin"),
        zoom=link.get("zoom"),
    )
    return scene.with_slices(link.get("kind"))


def keep(scene: ChannelsScene) -> None:
    colour_source.keep(link, scene.picture, scene.picture_key)
    link.set("filters", tuple(map(as_slices, scene.cubes)))
    link.set("biases", scene.biases if any(scene.biases) else ())
    link.set("chosen", scene.chosen)
    link.set("activation", scene.activation)
    link.set("pin", scene.traced)
    link.set("zoom", scene.zoom)


def resized(scene: ChannelsScene) -> ChannelsScene:
    """The scene with its filters in the size just chosen; where none was, the choice follows the filters."""
    side = scene.cubes[0].shape[0]
    chosen = st.session_state.get("channels.cells", side)
    if chosen != st.session_state.get("channels.size", chosen):
        scene = replace(scene, cubes=tuple(resize_kernel(cube, chosen, chosen) for cube in scene.cubes))
        side = chosen
    st.session_state["channels.cells"] = st.session_state["channels.size"] = side
    return scene


def load(example: dict) -> None:
    """Put an example on the stage: what it does not name is as usual."""
    st.session_state.pop(DOUBLED, None)
    usual = {name: field.default for name, field in link.fields.items() if name not in ("palette", "range", "side")}
    for name, value in (usual | example).items():
        link.set(name, value)


def even_out() -> None:
    """Groups need as many filters each: where one is missing the last one is doubled, and goes again after them."""
    stack, doubled = link.get("filters"), st.session_state.pop(DOUBLED, None)
    if link.get("kind") == GROUPED and len(stack) % GROUPS:
        stack += stack[-1:]
        st.session_state[DOUBLED] = stack
        link.set("filters", stack)
    elif doubled and len(stack) == len(doubled) and not any(link.get("biases")[len(stack) - 1 :]):
        untouched = as_slices(with_channels(as_cube(doubled[-1]), len(stack[-1])))
        if stack[-1] in (untouched, stack[-2]):
            link.set("filters", stack[:-1])


def settings_row() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for title, example in EXAMPLES.items():
            st.button(title, on_click=load, args=(example,))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        colour_source.controls(link)
        st.segmented_control(
            "Channels are",
            KINDS,
            format_func=KIND_NAMES.get,
            key=link.key("kind"),
            required=True,
            on_change=even_out,
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox("Filter", SIZES, format_func=lambda n: f"{n}×{n}", key="channels.cells", width=110)
        st.selectbox("Stride", STRIDES, key=link.key("stride"), width=110)
        st.selectbox("Padding", PADDINGS, key=link.key("padding"), width=120)
        st.selectbox("Dilation", DILATIONS, key=link.key("dilation"), width=110)
        st.segmented_control("Full colour at", RANGES, format_func=RANGES.get, key=link.key("range"), required=True)
        st.segmented_control("Palette", PALETTES, format_func=PALETTES.get, key=link.key("palette"), required=True)


def shapes(scene: ChannelsScene, levels: np.ndarray, maps: np.ndarray, kind: str, settings: Convolution) -> None:
    st.markdown("#### Shapes and parameters")
    kernel, channels = scene.cubes[0].shape[:2], levels.shape[2]
    last, first = conventions(levels.shape, maps.shape)
    st.markdown(
        f"{size_line(levels.shape[:2], kernel, kind, settings)}.\n\n"
        f"**{last}** with the channels last (Keras, TensorFlow), **{first}** with the channels first (PyTorch).\n\n"
        f"Parameters: **{parameter_line(kernel, channels, len(scene.cubes), kind)}**; the + 1 is the bias."
    )
    st.markdown(KIND_WORDS[kind])
    known = named_cube(scene.cubes[scene.chosen])
    if known:
        st.markdown(f"**{known.title}{'' if known.title.endswith('?') else ':'}** {known.sees}")


def in_space(scene: ChannelsScene, levels: np.ndarray, maps: np.ndarray, kind: str) -> None:
    st.markdown("#### The layer in space")
    rows, columns, slices = scene.cubes[0].shape
    slices = slices // GROUPS if kind == GROUPED else slices
    blocks = Blocks(levels.shape, (rows, columns, slices), len(scene.cubes), maps.shape)
    figure = layer_blocks(blocks, dark=st.context.theme.type == "dark", large=presenter.is_on())
    last, _ = conventions(levels.shape, maps.shape)
    st.plotly_chart(figure, theme=None, config=CONFIG, key="channels blocks", alt=f"Blocks in space: {last}")
    st.caption("Or take hold of it and drag.")


def below_the_fold(scene: ChannelsScene, levels: np.ndarray, maps: np.ndarray, kind: str, settings: Convolution):
    left, right = st.columns(2, gap="large")
    with left:
        shapes(scene, levels, maps, kind, settings)
    with right:
        in_space(scene, levels, maps, kind)
    with st.expander("Why not three separate filters?", icon=":material/call_merge:"):
        st.markdown(WHY_ADD)
        if kind in (SUMMED, APART):
            chosen = scene.chosen
            verdict = sum_against_apart(levels / 255, scene.cubes[chosen], scene.biases[chosen], settings)
            st.markdown(f"**On the stage now:** {verdict}")
    with st.expander("Show the Keras code", icon=":material/code:"):
        st.caption("Runs as it is: pip install keras tensorflow. Its feature maps hold the numbers on the stage.")
        source = layer_source(levels, scene.cubes, scene.biases, kind, settings)
        st.code(source, language="python", height=420)
    with st.expander("How a filter sees colour", icon=":material/school:"):
        st.markdown(HOW_IT_WORKS)


complaint = link.open(has_news(STAGE))
kind = link.get("kind")
scene = resized(edited(STAGE, scene_of_link(colour_source.of(link))).with_slices(kind))
keep(scene)
if in_grey := kind == GROUPED and scene.picture.shape[2] == 1:
    kind = SUMMED
source = colour_source.of(link)
settings = Convolution(
    stride=link.get("stride"),
    padding=link.get("padding"),
    dilation=link.get("dilation"),
    activation=scene.activation,
)

link.close()

lesson.heading("Channels", "A filter for colour is a cube: a slice for each channel, and one sum.")
channels_stage(
    STAGE,
    scene,
    kind,
    settings,
    palette=link.get("palette"),
    colour_range=link.get("range"),
    pictures=source.choices,
    presenting=presenter.is_on(),
)
if complaint:
    st.warning(complaint, icon=":material/link_off:")
settings_row()
if in_grey:
    st.info(
        "One channel cannot be split into groups: it is added up here. Take a colour picture.", icon=":material/layers:"
    )
levels = with_brightness(scene.picture) if kind == GROUPED and scene.picture.shape[2] == 3 else scene.picture
try:
    maps = layer_maps(levels / 255, scene.cubes, scene.biases, kind, settings)
except ValueError as error:
    remedy = "Take a smaller filter or dilation." if kind != TRANSPOSED else "Take less padding."
    st.error(f"{error}. {remedy}", icon=":material/fit_screen:")
else:
    if not presenter.is_on():
        below_the_fold(scene, levels, maps, kind, settings)
    else:
        in_space(scene, levels, maps, kind)
