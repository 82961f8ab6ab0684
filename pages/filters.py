"""Filters: edit a small grid of numbers and see what of a picture lights up."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.explain.feature_map import describe
from core.explain.filter_challenges import CHALLENGES
from core.explain.filter_words import look_for
from core.explain.output_shape import left_over, shape_line
from core.nets.keras_source import convolution_source
from core.ops.arrays import LARGEST_KERNEL
from core.ops.convolution import Convolution, convolve
from core.ops.filter_bank import FILTER_BANK, named, resize_kernel
from core.stage.conversation import has_news
from core.stage.convolution_stage import COLOUR_PALETTES, COLOUR_RANGES, Scene, convolution_stage, edited
from core.ui import fields, lesson, links, map_source, picture_source, presenter

STAGE = "filters stage"
SIZES = tuple(range(1, LARGEST_KERNEL + 1))
STRIDES = tuple(range(1, 9))
DILATIONS = tuple(range(1, 6))
PADDINGS = ("valid", "same", 1, 2, 3, 4, 5)
ACTIVATIONS = {"relu": "ReLU", "none": "none", "abs": "|x|"}
RANGES = dict(zip(COLOUR_RANGES, ("this map", "fixed ±3")))
PALETTES = dict(zip(COLOUR_PALETTES, ("red–blue", "orange–blue")))
HOW_IT_WORKS = """
Lay the filter on the top left of the picture. Multiply each number of the filter by the pixel under it, add the
products, add the bias: that is the top left cell of the **feature map**. Move one step to the right and do it again; at
the edge, go on with the next row. Point at any cell of the map to see its sum.

A filter lights up where the picture **looks like the filter**: bright under its positive numbers, dark under its
negative ones. If its numbers add up to 0, flat places stay dark.

**ReLU** keeps what is above 0 and turns the rest (blue) to 0: "my pattern is here, and this strongly", or nothing.

**Stride** is the number of pixels from one window to the next, **padding** a border of zeros around the picture
("same": as many as keep its size at stride 1, "valid": none), **dilation** the number of pixels from one of the
filter's cells to the next (1: side by side).

With a picture of n pixels, p zeros of padding in all, a filter that spans f pixels and stride s, there are
⌊(n + p − f) / s⌋ + 1 cells along a side.
"""
link = links.PageLink(
    "filters",
    {
        **picture_source.FIELDS,
        "kernel": fields.kernel(fields.as_rows(FILTER_BANK["horizontal"].kernel)),
        "second": fields.kernel(None),
        "bias": fields.weight(0.0),
        "bias2": fields.weight(0.0),
        "activation": links.choice("relu", tuple(ACTIVATIONS)),
        "stride": links.choice(1, STRIDES),
        "padding": links.choice("valid", PADDINGS),
        "dilation": links.choice(1, DILATIONS),
        "flip": links.switch(False),
        "pin": fields.traced(),
        "zoom": links.whole(1, 1, 4),
        "range": links.choice(COLOUR_RANGES[0], COLOUR_RANGES),
        "palette": links.choice(COLOUR_PALETTES[0], COLOUR_PALETTES),
        "challenge": links.choice(None, tuple(CHALLENGES)),
    },
)


def scene_of_link(source: picture_source.Source) -> Scene:
    kernels = [np.array(rows) for rows in (link.get("kernel"), link.get("second")) if rows]
    return Scene(
        picture=source.picture,
        picture_key=source.key,
        kernels=tuple(kernels),
        biases=(link.get("bias"), link.get("bias2"))[: len(kernels)],
        activation=link.get("activation"),
        traced=link.get("pin"),
        zoom=link.get("zoom"),
        another=link.get("hand"),
    )


def keep(scene: Scene) -> None:
    picture_source.keep(link, scene)
    rows = [fields.as_rows(kernel) for kernel in scene.kernels]
    link.set("kernel", rows[0])
    link.set("second", rows[1] if len(rows) > 1 else None)
    link.set("bias", scene.biases[0])
    link.set("bias2", scene.biases[1] if len(rows) > 1 else 0.0)
    link.set("activation", scene.activation)
    link.set("pin", scene.traced)
    link.set("zoom", scene.zoom)


def resized(scene: Scene) -> Scene:
    """The scene with its filters in the size just chosen; where none was, the choice follows the filter."""
    shape = scene.kernels[0].shape
    chosen = tuple(st.session_state.get(f"filters.{side}", n) for side, n in zip(("rows", "columns"), shape))
    if chosen != st.session_state.get("filters.size", chosen):
        scene = replace(scene, kernels=tuple(resize_kernel(kernel, *chosen) for kernel in scene.kernels))
        shape = chosen
    st.session_state["filters.rows"], st.session_state["filters.columns"] = st.session_state["filters.size"] = shape
    return scene


def settings_row() -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        picture_source.controls(link)
        st.segmented_control(
            "Activation", ACTIVATIONS, format_func=ACTIVATIONS.get, key=link.key("activation"), required=True
        )
        st.toggle(
            "True convolution",
            key=link.key("flip"),
            help="Mathematicians turn the filter by 180° before they lay it down; deep learning does not.",
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox("Filter rows", SIZES, key="filters.rows", width=96)
        st.selectbox("Columns", SIZES, key="filters.columns", width=92)
        st.selectbox("Stride", STRIDES, key=link.key("stride"), width=84)
        st.selectbox("Padding", PADDINGS, key=link.key("padding"), width=104)
        st.selectbox("Dilation", DILATIONS, key=link.key("dilation"), width=88)
        st.segmented_control("Colour range", RANGES, format_func=RANGES.get, key=link.key("range"), required=True)
        st.segmented_control("Palette", PALETTES, format_func=PALETTES.get, key=link.key("palette"), required=True)
    picture_source.offer(link)


def what_happens(scene: Scene, settings: Convolution) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("#### What happens here")
        map_source.pool_this_map()
        map_source.put_into_the_net(link.get("kernel"))
    picture = scene.picture / 255
    for number, (kernel, bias) in enumerate(zip(scene.kernels, scene.biases), 1):
        shape = shape_line(picture.shape, kernel.shape, settings)
        known = named(kernel)
        title = known.title if known else "Your filter"
        st.markdown(f"**{title}{f' (filter {number})' if len(scene.kernels) > 1 else ''}**: {shape}.")
        seen = describe(convolve(picture, kernel, replace(settings, bias=bias)), settings.activation)
        st.markdown(f"{look_for(kernel, settings)} {seen}")
        if known:
            st.caption(f"Source: {known.source}.")


def challenges(scene: Scene, settings: Convolution) -> None:
    st.markdown("#### Can you make this filter?")
    chosen = link.get("challenge")
    verdict = chosen and CHALLENGES[chosen].check(scene.kernels[0], replace(settings, bias=scene.biases[0]))
    solved = st.session_state.setdefault("filters solved", set())
    if verdict and verdict.passed:
        solved.add(chosen)
    st.pills(
        "Challenge",
        tuple(CHALLENGES),
        format_func=lambda name: f"{'✓ ' if name in solved else ''}{CHALLENGES[name].title}",
        key=link.key("challenge"),
        label_visibility="collapsed",
        wrap=True,
    )
    if not chosen:
        st.caption("Pick one. ConvLab checks your filter on digits that you do not see.")
        return
    st.markdown(CHALLENGES[chosen].task)
    st.progress(verdict.score)
    if verdict.passed:
        st.success(verdict.words, icon=":material/celebration:")
    else:
        st.info(verdict.words, icon=":material/flag:")
        with st.expander("A hint", icon=":material/lightbulb:"):
            st.markdown(CHALLENGES[chosen].hint)


def below_the_fold(scene: Scene, settings: Convolution) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        what_happens(scene, settings)
    with right:
        challenges(scene, settings)
    code = st.expander("Show the Keras code", icon=":material/code:", on_change="rerun", key="filters.code")
    if code.open:
        with code:
            keras_code(scene, settings)


def keras_code(scene: Scene, settings: Convolution) -> None:
    which = st.segmented_control("Filter", (1, 2), default=1, required=True) if len(scene.kernels) > 1 else 1
    bias = scene.biases[which - 1]
    source = convolution_source(scene.picture / 255, scene.kernels[which - 1], replace(settings, bias=bias))
    st.caption("Runs as it is: pip install keras tensorflow. Its feature map holds the numbers on the stage.")
    st.code(source, language="python", height=420)


complaint = link.open(has_news(STAGE))
scene = resized(edited(STAGE, scene_of_link(picture_source.of(link))))
keep(scene)
source = picture_source.of(link)
scene = scene_of_link(source)
settings = Convolution(
    stride=link.get("stride"),
    padding=link.get("padding"),
    dilation=link.get("dilation"),
    activation=scene.activation,
    flip=link.get("flip"),
)

link.close()

lesson.heading("Filters", "A filter is a small grid of numbers. Drag one of its numbers up or down.")
convolution_stage(
    STAGE,
    scene,
    settings,
    palette=link.get("palette"),
    colour_range=link.get("range"),
    pictures=source.choices,
    another=True,
    presenting=presenter.is_on(),
)
for line in filter(None, (complaint, source.notice)):
    st.warning(line, icon=":material/link_off:")
settings_row()
try:
    for kernel in scene.kernels:
        convolve(scene.picture / 255, kernel, settings)
except ValueError as error:
    st.error(lesson.plain(error), icon=":material/fit_screen:")
else:
    st.caption(left_over(scene.picture.shape, scene.kernels[0].shape, settings))
    if not presenter.is_on():
        below_the_fold(scene, settings)
if not presenter.is_on():
    with st.expander("How a filter works", icon=":material/school:"):
        st.markdown(HOW_IT_WORKS)
