"""Architecture: build a network from blocks and read every shape, every parameter, and what a cell sees."""

import json
from dataclasses import replace

import streamlit as st

from core.images.colour_pictures import draw_colour
from core.images.digits import DEFAULT_SEED, draw_digit
from core.nets.adapted import hidden_end
from core.nets.layer import shape_text
from core.nets.layers import Dense
from core.nets.network import MOST_LAYERS, Network, reading
from core.nets.notebook import notebook
from core.nets.presets import DEFAULT, PRESETS
from core.nets.source import source
from core.stage.architecture_stage import Scene, architecture_stage, edited
from core.stage.conversation import has_news
from core.stage.parts import PictureChoice
from core.ui import lesson, links, network_field, presenter
from core.ui.architecture_texts import HOW_IT_WORKS, RECIPES
from core.ui.lessons import HOUSE

STAGE = "architecture stage"
TRAIN = HOUSE / "pages" / "train.py"
SIDE = 64  # cells of a colour drawing
DIGITS = (3, 5, 7, 8)
DRAWINGS = {"flower": "Flower", "apple": "Apple", "lights": "Traffic light"}
PICTURES = (*(f"digit{digit}" for digit in DIGITS), *DRAWINGS)
NONE = "usual"  # stands in the link for a layer or a cell that the stage picks itself
link = links.PageLink(
    "architecture",
    {
        network_field.PARAMETER: network_field.network(PRESETS[DEFAULT].network),
        "layer": links.choice(NONE, (NONE, -1, *range(MOST_LAYERS))),
        "row": links.choice(NONE, (NONE, *range(1024))),
        "column": links.choice(NONE, (NONE, *range(1024))),
        "picture": links.choice(PICTURES[0], PICTURES),
    },
)


@st.cache_data
def pictures() -> list[PictureChoice]:
    """The pictures that a cell is followed back to: grey ones and coloured ones."""
    digits = [PictureChoice(f"digit{n}", f"Digit {n}", draw_digit(n, DEFAULT_SEED)) for n in DIGITS]
    return digits + [PictureChoice(name, title, draw_colour(name, SIDE)) for name, title in DRAWINGS.items()]


def scene_of_link() -> Scene:
    network, place = link.get(network_field.PARAMETER), link.get("layer")
    cell = (link.get("row"), link.get("column"))
    return Scene(
        network=network,
        chosen=None if place == NONE or place >= len(network.layers) else place,
        cell=None if NONE in cell else cell,
        picture=link.get("picture"),
    )


def named(network: Network) -> Network:
    """The network with the name of the preset that it is, if it is one."""
    known = {preset.network: preset.title for preset in PRESETS.values()}
    return replace(network, name=known.get(network, ""))


def keep(scene: Scene) -> None:
    link.set(network_field.PARAMETER, scene.network)
    link.set("layer", NONE if scene.chosen is None else scene.chosen)
    row, column = (NONE, NONE) if scene.cell is None else scene.cell
    link.set("row", row)
    link.set("column", column)
    link.set("picture", scene.picture if scene.picture in PICTURES else PICTURES[0])


def onward(network: Network) -> None:
    """To the training, and the files to take away; or why not yet."""
    read = reading(network)
    if read.fault:
        st.info("One block does not fit: the table says which and why.", icon=":material/rule:")
        return
    last = read.rows[-1].output_shape if read.rows else network.input_shape
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if len(last) != 1 or not any(isinstance(layer, Dense) for layer in network.layers):
            st.markdown(f"It ends in {shape_text(last)}. To train it, let it end in a dense layer.")
        elif TRAIN.exists():
            st.page_link(
                TRAIN,
                label="**Train this**",
                icon=":material/play_circle:",
                query_params=network_field.carried(network),
            )
            if end := hidden_end(network):
                st.markdown(
                    f"No answer yet: training would make one of the last layer, Dense {end.units}. "
                    "To keep it hidden, add a Dense with softmax, one unit for each class."
                )
        if presenter.is_on():
            return
        try:
            book = json.dumps(notebook(network), ensure_ascii=False, indent=1)
        except ValueError:
            pass  # a network without a dense end has no training to write down
        else:
            st.download_button(
                "Notebook",
                book,
                file_name=network_field.file_name(network, ".ipynb"),
                mime="application/x-ipynb+json",
                icon=":material/download:",
                help="Data, model, training and test, ready to run in Jupyter or Colab",
                on_click="ignore",
            )


def below_the_fold(network: Network) -> None:
    if not reading(network).fault:
        with st.expander("Show the Keras code", icon=":material/code:"):
            st.caption("Runs as it is: pip install keras tensorflow. Shapes and parameters stand at each line.")
            st.code(source(network), language="python", height=420)
    with st.expander("How to read the table", icon=":material/school:"):
        st.markdown(HOW_IT_WORKS)
    with st.expander("Recipes that work", icon=":material/menu_book:"):
        st.markdown(RECIPES)


complaint = link.open(has_news(STAGE))
scene = edited(STAGE, scene_of_link())
keep(scene)
link.close()

lesson.heading(
    "Architecture", "Build a network from blocks: smaller but deeper, and every number can be checked by hand."
)
architecture_stage(STAGE, scene, presets=PRESETS.values(), pictures=pictures(), presenting=presenter.is_on())
if complaint:
    st.warning(complaint, icon=":material/link_off:")
network = named(scene.network)
onward(network)
if not presenter.is_on():
    below_the_fold(network)
