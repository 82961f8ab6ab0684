"""Pooling: of each window keep the largest number, or the mean; and see what that forgets."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.explain.moving import REACH, moved
from core.explain.output_shape import left_over, shape_line
from core.images.strokes import STROKES, TITLES
from core.nets.pooling_source import pooling_source, sizes_source, stack_source
from core.ops.convolution import convolve
from core.ops.pooling import LARGEST_POOL, Pooling, pooled_shape
from core.stage import pooling_stage, stack_stage
from core.stage.conversation import has_news
from core.stage.convolution_stage import COLOUR_PALETTES
from core.stage.parts import PictureChoice
from core.ui import fields, lesson, links, map_source, picture_source, presenter
from core.ui.pooling_texts import HOW_IT_WORKS, LEADS

VIEWS = {"pool": "Window by window", "move": "Move it by a pixel", "stack": "A stack of maps"}
STAGES = {view: f"pooling {view} stage" for view in VIEWS}
SIZES = tuple(range(1, LARGEST_POOL + 1))
STRIDES = ("size", *range(1, LARGEST_POOL + 1))
PADDINGS = ("valid", "same")
SIDES = tuple(range(2, 9))
PALETTES = dict(zip(COLOUR_PALETTES, ("red–blue", "orange–blue")))
NUMBERS = ((2.0, 7.0, 0.0, 1.0), (4.0, 3.0, 0.0, 0.0), (0.0, 1.0, 6.0, 6.0), (-2.0, 1.0, 8.0, 4.0))
link = links.PageLink(
    "pooling",
    {
        "view": links.choice("pool", tuple(VIEWS)),
        "from": links.choice("numbers", pooling_stage.SOURCES),
        "numbers": fields.kernel(NUMBERS),
        **picture_source.FIELDS,
        **map_source.FIELDS,
        "pool": links.whole(2, 1, LARGEST_POOL),
        "pool_stride": links.choice("size", STRIDES),
        "pool_padding": links.choice("valid", PADDINGS),
        "pin": fields.traced(),
        "moved": fields.picture("stroke.hook"),
        "moved_from": links.choice("picture", pooling_stage.SOURCES[1:]),
        "move": fields.move((0, 0), most=REACH),
        "stack": links.choice("maps", stack_stage.SHOWN),
        "kind": links.choice("max", stack_stage.KINDS),
        "times": links.whole(1, 0, stack_stage.MOST_POOLINGS),
        "slice": links.whole(0, 0, len(stack_stage.FILTERS) - 1),
        "cell": fields.traced(),
        "palette": links.choice(COLOUR_PALETTES[0], COLOUR_PALETTES),
    },
)


def scene_of_link(view: str) -> pooling_stage.Scene:
    """What the stages "pool" and "move" show."""
    moving = view == "move"
    source = picture_source.of(link, "moved" if moving else "picture")
    return pooling_stage.Scene(
        source=link.get("moved_from" if moving else "from"),
        numbers=np.array(link.get("numbers")),
        picture=source.picture,
        picture_key=source.key,
        kernel=np.array(link.get("kernel")),
        bias=link.get("bias"),
        traced=None if moving else link.get("pin"),
        another=link.get("hand"),
        shift=link.get("move"),
    )


def keep(view: str, scene: pooling_stage.Scene) -> None:
    link.set("kernel", fields.as_rows(scene.kernel))
    link.set("bias", scene.bias)
    if view == "move":
        picture_source.keep(link, scene, "moved")
        link.set("moved_from", "map" if scene.source == "map" else "picture")
        link.set("move", scene.shift)
    else:
        picture_source.keep(link, scene)
        link.set("from", scene.source)
        link.set("numbers", fields.as_rows(scene.numbers))
        link.set("pin", scene.traced)


def stack_of_link() -> stack_stage.Scene:
    source = picture_source.of(link)
    cell = link.get("cell")
    return stack_stage.Scene(
        shown=link.get("stack"),
        kind=link.get("kind"),
        picture=source.picture,
        picture_key=source.key,
        poolings=link.get("times"),
        traced=cell and replace(cell, filter=link.get("slice")),
        another=link.get("hand"),
    )


def keep_stack(scene: stack_stage.Scene) -> None:
    picture_source.keep(link, scene)
    link.set("stack", scene.shown)
    link.set("kind", scene.kind)
    link.set("times", scene.poolings)
    link.set("slice", scene.traced.filter if scene.traced else 0)
    link.set("cell", scene.traced and replace(scene.traced, filter=0))


def take_in_edits(view: str) -> None:
    """Write into the link what the person did on the stage of this view."""
    if view == "stack":
        keep_stack(stack_stage.edited(STAGES[view], stack_of_link()))
        return
    scene = pooling_stage.edited(STAGES[view], scene_of_link(view))
    keep(view, resized(scene) if view == "pool" else scene)


def resized(scene: pooling_stage.Scene) -> pooling_stage.Scene:
    """The scene with its numbers in the size just chosen; where none was, the choice follows the numbers."""
    shape = scene.numbers.shape
    chosen = tuple(st.session_state.get(f"pooling.{side}", n) for side, n in zip(("rows", "columns"), shape))
    if chosen != st.session_state.get("pooling.size", chosen):
        numbers = np.zeros(chosen)
        rows, columns = (min(old, new) for old, new in zip(shape, chosen))
        numbers[:rows, :columns] = scene.numbers[:rows, :columns]
        scene, shape = replace(scene, numbers=numbers), chosen
    st.session_state["pooling.rows"], st.session_state["pooling.columns"] = st.session_state["pooling.size"] = shape
    return scene


def settings_row(view: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.selectbox("Pool size", SIZES, format_func=lambda n: f"{n}×{n}", key=link.key("pool"), width=110)
        st.selectbox("Stride", STRIDES, format_func=stride_name, key=link.key("pool_stride"), width=160)
        st.selectbox("Padding", PADDINGS, key=link.key("pool_padding"), width=110)
        if view == "pool" and link.get("from") == "numbers":
            st.selectbox("Rows", SIDES, key="pooling.rows", width=100)
            st.selectbox("Columns", SIDES, key="pooling.columns", width=100)
        st.segmented_control("Palette", PALETTES, format_func=PALETTES.get, key=link.key("palette"), required=True)
        if shows_digits(view):
            picture_source.controls(link)
    if shows_digits(view):
        picture_source.offer(link)


def shows_digits(view: str) -> bool:
    """Whether the stage shows a picture that is chosen below it."""
    return (view == "pool" and link.get("from") != "numbers") or (view == "stack" and link.get("stack") == "maps")


def stride_name(stride: str | int) -> str:
    return "as the size" if stride == "size" else str(stride)


def pooling_of_link() -> Pooling:
    size, stride = link.get("pool"), link.get("pool_stride")
    return Pooling(size, size if stride == "size" else stride, link.get("pool_padding"))


def view_options(choices: list[PictureChoice]) -> dict:
    return {"palette": link.get("palette"), "pictures": choices, "presenting": presenter.is_on()}


def draw_stage(view: str, pooling: Pooling, source: picture_source.Source) -> None:
    if view == "stack":
        stack_stage.stack_stage(STAGES[view], stack_of_link(), pooling, **view_options(source.choices))
        return
    strokes = [PictureChoice(name, TITLES[name], STROKES[name]) for name in STROKES] if view == "move" else []
    draw = pooling_stage.moving_stage if view == "move" else pooling_stage.pooling_stage
    draw(
        STAGES[view],
        scene_of_link(view),
        pooling,
        map_source.convolution_of(link),
        filters=stack_stage.FILTERS,
        another=view == "pool",
        **view_options(strokes + source.choices),
    )


def pooled_numbers(view: str) -> np.ndarray:
    """The map (H, W) that is pooled on the stages "pool" and "move"."""
    scene = scene_of_link(view)
    if view == "pool" and scene.source == "numbers":
        return scene.numbers
    picture = moved(scene.picture / 255, *scene.shift) if view == "move" else scene.picture / 255
    if scene.source != "map":
        return picture
    return convolve(picture, scene.kernel, replace(map_source.convolution_of(link), bias=scene.bias))


def map_shape(view: str) -> tuple[int, ...]:
    if view != "stack":
        return pooled_numbers(view).shape
    stack = stack_of_link()
    return stack_stage.BLOCK[:2] if stack.shown == "sizes" else stack.picture.shape


def keras_code(view: str, pooling: Pooling) -> str:
    if view != "stack":
        return pooling_source(pooled_numbers(view), pooling)
    stack = stack_of_link()
    if stack.shown == "sizes":
        return sizes_source(stack_stage.BLOCK, stack.poolings, stack.kind, pooling)
    return stack_source(stack.picture / 255, [f.kernel for f in stack_stage.FILTERS], stack.kind, pooling)


def below_the_fold(view: str, pooling: Pooling) -> None:
    code = st.expander("Show the Keras code", icon=":material/code:", on_change="rerun", key="pooling.code")
    if code.open:
        with code:
            st.caption("Runs as it is: pip install keras tensorflow. Its maps hold the numbers on the stage.")
            st.code(keras_code(view, pooling), language="python", height=420)
    with st.expander("How pooling works", icon=":material/school:", expanded=True):
        st.markdown(HOW_IT_WORKS)


complaint = link.open(any(map(has_news, STAGES.values())))
view = link.get("view")
take_in_edits(view)
source = picture_source.of(link, "moved" if view == "move" else "picture")
pooling = pooling_of_link()

link.close()

lesson.heading("Pooling", LEADS[view])
st.segmented_control(
    "What to look at",
    VIEWS,
    format_func=VIEWS.get,
    key=link.key("view"),
    required=True,
    label_visibility="collapsed",
)
draw_stage(view, pooling, source)
for line in filter(None, (complaint, source.notice)):
    st.warning(line, icon=":material/link_off:")
settings_row(view)
try:
    shape, size = map_shape(view), (pooling.size, pooling.size)
    pooled_shape(shape, pooling)
    st.caption(f"{shape_line(shape, size, pooling)}. {left_over(shape, size, pooling)}")
except ValueError as error:
    st.error(f"{error}. Take a smaller pool or stride.", icon=":material/fit_screen:")
else:
    if not presenter.is_on():
        below_the_fold(view, pooling)
