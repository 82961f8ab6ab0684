"""The way in: a small stage that is already alive, and the rooms of the house."""

from dataclasses import replace
from itertools import cycle

import numpy as np
import streamlit as st

from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK
from core.stage.conversation import has_news
from core.stage.convolution_stage import Scene, convolution_stage, edited
from core.ui import fields, lesson, links, picture_source, presenter
from core.ui.lessons import LESSONS

STAGE = "home stage"
link = links.PageLink(
    "home",
    {**picture_source.FIELDS, "kernel": fields.kernel(fields.as_rows(FILTER_BANK["horizontal"].kernel))},
)

complaint = link.open(has_news(STAGE))
source = picture_source.of(link)
scene = edited(STAGE, Scene(source.picture, source.key, (np.array(link.get("kernel")),), (0.0,)))
picture_source.keep(link, scene)
link.set("kernel", fields.as_rows(scene.kernels[0]))

link.close()

lesson.heading("ConvLab", "See how convolutional networks see. Touch anything: draw on the picture, drag a number.")
# The stage sweeps by itself; where it stands is not worth a link.
convolution_stage(STAGE, replace(scene, traced=None), Convolution(), compact=True, presenting=presenter.is_on())
for line in filter(None, (complaint, source.notice)):
    st.warning(line, icon=":material/link_off:")
for part, lessons in LESSONS.items():
    st.markdown(f"#### {part}")
    for room, column in zip(lessons, cycle(st.columns(2))):
        with column, st.container(border=True):
            st.page_link(room.script, label=f"**{room.title}**", icon=room.icon)
            st.markdown(room.invitation)
