"""Webcam: hold something before the camera and see what a network takes it for, and why."""

from dataclasses import replace

import streamlit as st

from core.compute.engine import engine
from core.images import kept_picture
from core.stage.feed import feed
from core.stage.verdict_board import camera_facts, content, verdict_board
from core.ui import camera, freezing, kept, lesson, links, live_view, presenter, retraining, transfer_keep
from core.ui.camera_trouble import Attempts, trouble_of
from core.ui.side_by_side import side_by_side

TAKEN = "webcam taken"  # session key: (id of the file or snapshot that was taken in, why it was refused)
ANOTHER = "webcam another"  # session key: counts how often another picture was asked for
BOARD, NOTICE = "verdict board", "webcam notice"  # the second: (visit, why another network looks than was asked for)
SOURCES = {"live": "Live", "snapshot": "Snapshot", "file": "Picture file"}
MISSING = {
    "own": "There is no network of your own here: it goes when the page is loaded anew, or with all your pictures. "
    "Train one or load its file on the Transfer page. Until then the built-in one looks.",
    "imagenet": "The whole ResNet50 is not on this machine; the README says which two files it takes.",
}
HOW_IT_WORKS = """
A camera gives up to 30 frames a second. Only the **newest** is looked at; what came while the network was busy is
dropped, so that the verdict is never about something long past. Each frame goes the same way as the photos that the
network learnt from: its middle square, made small, then through the **backbone**, whose last maps say what is where,
and the **head**, which weighs them.

**Why** is Grad-CAM: how much does each of the last maps speak for the class? The maps are added up with these weights,
and what is above zero is laid on the picture in red. It is computed from the score *before* the sigmoid or softmax: for
a verdict of 99.9% the curve behind it is flat and would hide every reason.

**Neither** is said when the picture is far, by angle, from all photos that the network learnt from. A network that
knows two things calls everything one of the two; the distance tells that a face or an empty wall is none of them. The
limit is set so that 95% of the photos kept aside for validation count as known: one real shoe in twenty is called
neither. **Not sure** is said when the likelier class has less than 75% (with more than two classes: 50%).

The frames go to this server, are looked at and forgotten. There is no sound, and nothing is recorded.
"""
# The camera's place is kept free for its picture, so that nothing jumps when it comes.
# A frozen picture lies on the camera's, which runs on unseen behind it: what is seen is what the verdict is about. A
# camera that does not run takes no room behind it, but its frame stays: it would come back without a height.
ROOM = """<style>
@media (min-width: 1001px) {{ .st-key-webcam_camera {{ min-height: {rem}rem; }} }}
.st-key-webcam_camera {{
  position: relative; border: 1px solid color-mix(in srgb, currentColor 12%, transparent); border-radius: 8px;
  overflow: hidden; gap: 0;
}}
.st-key-webcam_file img {{ max-height: calc({rem}rem - 7.6rem); object-fit: contain; }}
.st-key-webcam_file {{ padding-bottom: 0.6rem; }}
.st-key-webcam_camera [data-testid="stFileUploader"], .st-key-webcam_camera [data-testid="stCameraInput"] {{
  padding: 0.6rem;
}}
[data-testid="stToastContainer"] {{ top: auto; bottom: 1rem; }} /* not on the verdict */
.st-key-webcam_frozen {{ position: absolute; inset: 0 0 auto 0; z-index: 2; }}
[class*="st-key-webcam_frozen"] > div:last-child, .st-key-webcam_file > div:last-child {{ padding: 0.4rem 0.8rem; }}
.st-key-webcam_camera:has([class*="st-key-webcam_frozen"]) iframe {{ visibility: hidden; }}
.st-key-webcam_camera:has(.st-key-webcam_frozen_alone) [data-testid="stElementContainer"]:has(iframe) {{
  position: absolute;
}}
</style>"""
link = links.PageLink(
    "webcam",
    {
        "model": links.choice("shipped", ("shipped", "own", "imagenet")),
        "source": links.choice("live", tuple(SOURCES)),
        "facing": links.choice("user", tuple(camera.FACINGS)),
        "mirror": links.switch(True),
        "why": links.switch(True),
    },
)


def camera_side(session) -> camera.Stream:
    """The left half: a camera with its buttons, a snapshot, or a file. What it gives goes to the session."""
    frozen, mirrored = st.session_state.get(live_view.HELD), link.get("mirror")
    if link.get("source") == "live":
        stream = camera.stream("webcam", session.offer, facing=link.get("facing"), mirrored=mirrored)
        if frozen is not None:
            with st.container(key="webcam_frozen" if stream.playing else "webcam_frozen_alone"):
                st.image(frozen[:, ::-1] if mirrored else frozen, width="stretch")
                freezing.ways_on(frozen)  # where the camera's buttons were
        return stream
    asked = st.session_state.get(ANOTHER, 0)
    is_file = link.get("source") == "file"
    if not is_file:
        take_in(session, st.camera_input("Take a snapshot", resolution="480p", key=f"webcam snapshot {asked}"))
    else:
        types = ["png", "jpg", "jpeg", "webp"]
        take_in(session, st.file_uploader("A PNG, JPEG or WebP file, up to 20 MB", types, key=f"webcam file {asked}"))
    if (frozen := st.session_state.get(live_view.HELD)) is not None:
        with st.container(key="webcam_file"):
            if is_file:  # a snapshot is shown where it was taken
                st.image(frozen, width="stretch")
            freezing.ways_on(frozen)
    return camera.Stream()


def take_in(session, taken) -> None:
    """A snapshot or a file becomes the frozen picture, once. One that is refused leaves none, and says why."""
    if taken is None:
        return
    if st.session_state.get(TAKEN, ("", ""))[0] != taken.file_id:
        try:
            jpeg, _, _ = kept_picture.packed(taken.getvalue())
            live_view.hold(session, freezing.decoded(jpeg))
            refused = ""
        except ValueError as error:
            live_view.hold(session, None)
            refused = lesson.plain(error, "Received")
        st.session_state[TAKEN] = (taken.file_id, refused)
    if refused := st.session_state[TAKEN][1]:
        st.error(refused, icon=":material/broken_image:")


def another(session) -> None:
    """Let the frozen picture go; the same file may come again."""
    live_view.hold(session, None)
    st.session_state[ANOTHER] = st.session_state.get(ANOTHER, 0) + 1


def board_side(session, stream: camera.Stream) -> None:
    """The right half: the verdict. While there is something to look at, the browser asks for newer ones."""
    frozen, source, with_heat = live_view.held(session), link.get("source"), link.get("why")
    with_camera, thing = source != "file", offered[link.get("model")].thing
    facts, has_turn = camera_facts(BOARD), camera.has_turn()
    attempts = st.session_state.setdefault("webcam attempts", Attempts())
    attempts.note(stream)

    def now() -> dict:
        """What stands on the board at this moment, with what was set when the page last ran."""
        on_air = stream.playing or stream.connecting
        if frozen is None:
            moving = on_air
            trouble = trouble_of(facts, stream, attempts, has_turn) if with_camera else None
        else:
            live_view.keep_judging(session, frozen)
            moving, trouble = not live_view.is_done(session, frozen), None
        board = live_view.board(session, on_air, frozen, with_heat, source, thing)
        return {**content(replace(board, trouble=trouble)), "moving": moving}

    verdict_board(
        BOARD,
        now(),
        moves=feed(BOARD, now),
        mirrored=link.get("mirror") and source == "live",  # a snapshot is shown as it was taken
        facing=link.get("facing"),
        presenting=presenter.is_on(),
    )


def freeze(session) -> None:
    if session.verdict is not None:
        live_view.hold(session, session.verdict.picture)


def controls(session, offered, playing: bool) -> None:
    """Freeze first; then what looks, where the pictures come from, and how they are shown."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        frozen = st.session_state.get(live_view.HELD) is not None
        if frozen:
            back = "Back to the camera" if link.get("source") == "live" else "Another one"
            # Its F is heard in assets/stage/camera_keys.js: Streamlit would hear it in the name of a class as well.
            st.button(
                back,
                icon=":material/play_arrow:",
                type="primary",
                help="Let this picture go (F)",
                key="webcam_thaw",
                on_click=another,
                args=(session,),
            )
        else:
            st.button(
                "Freeze",
                icon=":material/ac_unit:",
                type="primary",
                shortcut="f",
                help="Keep this picture: look at it on other pages, or teach it (F)",
                disabled=not playing,
                on_click=freeze,
                args=(session,),
            )
        st.segmented_control(
            "Pictures from",
            SOURCES,
            format_func=SOURCES.get,
            key=link.key("source"),
            required=True,
            on_change=live_view.hold,  # what was frozen came from the other one
            args=(session, None),
        )
        if len(offered) > 1:
            st.selectbox(
                "Network",
                tuple(offered),
                format_func=lambda name: offered[name].title,
                key=link.key("model"),
                width=340 if presenter.is_on() else 255,
            )
        if link.get("source") == "live":
            st.segmented_control(
                "Phone's camera",
                camera.FACINGS,
                format_func=camera.FACINGS.get,
                key=link.key("facing"),
                required=True,
                help="Another camera of a computer is chosen beside the camera's button.",
            )
        with st.container(width="content", gap="xxsmall"):  # one above the other: the row fits a projector
            if link.get("source") == "live":
                st.toggle("Mirror", key=link.key("mirror"))
            st.toggle("Why", key=link.key("why"), help="A heat map: what in the picture speaks for the verdict")


complaint = link.open()
transfer_keep.write_down()
offered = live_view.models()
if kept.is_new():
    link.set("model", "own")
    if link.get("source") == "live":  # a snapshot or a file is looked at again: what came of it is to be seen
        st.session_state.pop(live_view.HELD, None)
if link.get("model") not in offered:
    st.session_state[NOTICE] = (links.visit(), MISSING[link.get("model")])
    link.set("model", "shipped")
link.close()
session = live_view.live(offered[link.get("model")])

lesson.heading("Webcam", "Hold something before the camera: what does the network take it for, and why?")
left, right = side_by_side("webcam", *((10, 13) if presenter.is_on() else (1, 1)))
with left, st.container(key="webcam_camera"):
    st.html(ROOM.format(rem=21 if presenter.is_on() else 26))
    stream = camera_side(session)
    if stream.possible:
        engine().warm("serve")
with right:
    board_side(session, stream)
controls(session, offered, stream.playing)
on_visit, notice = st.session_state.get(NOTICE, (0, ""))
for line in filter(None, (complaint, notice if on_visit == links.visit() and link.get("model") == "shipped" else "")):
    st.warning(line, icon=":material/link_off:")
frozen = st.session_state.get(live_view.HELD)
if frozen is not None:
    freezing.teach(frozen, link.get("source") == "live")
else:
    retraining.go_on()
if not presenter.is_on():
    with st.expander("How it works", icon=":material/school:"):
        st.markdown(HOW_IT_WORKS)
