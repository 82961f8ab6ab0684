"""The visitor's pictures on the page: the wall, the ways in, and what is to be said of them."""

from contextlib import closing

import streamlit as st

from core.images.archive_url import ArchiveDownload, check_url
from core.images.archives import handbags_shoes, read_sent, read_zip
from core.images.picture_layout import MOST_CLASSES
from core.images.picture_split import shortage
from core.stage.picture_wall import Deed, deed, picture_wall
from core.ui import lesson, picture_sets, presenter
from core.ui.picture_sets import DRAWN, OWN, PHOTOS
from core.ui.plain_text import shown as as_it_is

WALL, COMPLAINT, URL_DOWNLOAD = "picture wall", "picture wall complaint", "archive download"
URL_ASKED, URL_REFUSED = "archive asked", "archive refused"  # session keys: the last address, and why it was nothing
URL_FIELD = "archive address"
LEFT_OUT = "files left out"  # how many of those that were just added
FILE_TYPES = ["png", "jpg", "jpeg", "webp"]
LAYOUT = "One folder for each class, or train, validation and test with one folder for each class in them."
WORDS = {
    PHOTOS: "Handbags and shoes from the folder of data: start with them, or put your own in their place.",
    DRAWN: "Drawn by the app, so that all of this works at once. Photos of your own are harder, and more fun.",
    OWN: "Your own pictures, in the place of the examples.",
}
CHANGED = "The examples, as you changed them."


def take_in(aside: bool) -> None:
    """Do what the person has just done on the wall. aside: what is recorded is for the test."""
    done = deed(WALL)
    if done:
        try:
            _do(done, aside)
        except ValueError as error:
            # A name that was refused needs no repeating: it was typed just now.
            st.session_state[COMPLAINT] = (lesson.rule if done.kind in ("add", "rename") else lesson.plain)(error)


def _do(done: Deed, aside: bool) -> None:
    match done.kind:
        case "add":
            picture_sets.current().add_class(done.name)
            picture_sets.mark_own()
        case "rename":
            picture_sets.rename_class(done.old, done.name)
        case "drop":
            picture_sets.delete_class(done.name)
        case "turn":
            picture_sets.turn(done.name, done.first)
        case "delete":
            picture_sets.delete(done.numbers)
        case "frames":
            picture_sets.mark_own()
            picture_sets.add_frames(done.name, done.frames, "test" if aside else None)


def show(aside_key: str) -> None:
    """The wall with its controls. aside_key: the session key of the switch for recording a test set."""
    pictures = picture_sets.current()
    if fresh := st.session_state.pop(LEFT_OUT, 0):  # the list itself may lie below the edge of the screen
        st.toast(f"{left_out(fresh)}: see the list below.", icon=":material/broken_image:", duration="long")
    picture_wall(
        WALL,
        picture_sets.wall_classes(),
        thumb=72 if presenter.is_on() else picture_sets.THUMB,
        revision=pictures.revision,
        most_classes=MOST_CLASSES,
        aside=bool(st.session_state.get(aside_key)),
        presenting=presenter.is_on(),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Add pictures", icon=":material/add_photo_alternate:"):
            _ask(bool(st.session_state.get(aside_key)))
        _example_buttons()
        if before := picture_sets.snapshot():
            words = f"Undo: bring back {as_it_is(before.words)}"
            st.button(words, icon=":material/undo:", on_click=picture_sets.undo)
        st.toggle(
            "Keep for the test",
            key=aside_key,
            help="What you record now, or add to one class, is kept for the one last question. Folders and ZIPs say it "
            "themselves.",
        )
    _say()


def left_out(files: int) -> str:
    """That so many files were not taken in."""
    return f"{files:,} files were left out" if files != 1 else "1 file was left out"


def _example_buttons() -> None:
    now = picture_sets.source()
    if now != PHOTOS and handbags_shoes():
        st.button(
            "Handbags and shoes", icon=":material/photo_library:", on_click=picture_sets.load_examples, args=(PHOTOS,)
        )
    if now != DRAWN:
        st.button("Drawn examples", icon=":material/draw:", on_click=picture_sets.load_examples, args=(DRAWN,))
    if len(picture_sets.current()) or picture_sets.current().classes:
        st.button("Start empty", icon=":material/delete_sweep:", on_click=picture_sets.start_empty)


def _say() -> None:
    """What is wrong or worth knowing about the pictures."""
    pictures = picture_sets.current()
    if complaint := st.session_state.pop(COMPLAINT, None):  # until the next thing is done
        st.error(as_it_is(complaint), icon=":material/error:")
    if reason := shortage(pictures):
        st.info(as_it_is(reason), icon=":material/info:")
    if warning := pictures.lopsided:
        st.warning(as_it_is(warning), icon=":material/balance:")
    if bad := pictures.bad_files:
        with st.expander(left_out(len(bad)), icon=":material/broken_image:", expanded=len(bad) <= 3):
            for one in bad[:50]:
                st.markdown(f"- **{as_it_is(one.name)}**: {as_it_is(one.reason)}")
            if len(bad) > 50:
                st.caption(f"and {len(bad) - 50:,} more")
            st.button("Clear this list", on_click=pictures.forget_bad_files)
    changed = picture_sets.source() == OWN and picture_sets.has_examples()
    if len(pictures):
        st.caption(CHANGED if changed else WORDS[picture_sets.source()])


@st.dialog("Add pictures", width="medium")
def _ask(aside: bool) -> None:
    """aside: what is added to one class is for the test."""
    way = st.segmented_control("From where", tuple(_WAYS), default=next(iter(_WAYS)), required=True)
    _WAYS[way](aside)


def _class_name() -> str | None:
    own = picture_sets.current() if picture_sets.source() == OWN else None
    known = own.classes if own else ()
    if not known:  # a list without entries would say "No results"
        return st.text_input("Class", placeholder="A name, such as mugs")
    return st.selectbox(
        "Class", known, index=None, accept_new_options=True, placeholder="One of yours, or a new name and Enter"
    )


def _is_asked(button: str, name: str | None, given: object) -> bool:
    """Whether what was given is to be added to a class; without a name for it that is said.

    The button is not greyed for want of a name: that counts once its field is left, as it is by the click.
    """
    if not st.button(button, type="primary", disabled=not given):
        return False
    if not name:
        st.error("Of which class? Give it a name.", icon=":material/edit:")
    return bool(name)


def _part(aside: bool) -> str | None:
    """The part of what is added; said, where it is none that is learnt from."""
    if aside:
        st.caption("What you add to a class here is kept for the test.")
    return "test" if aside else None


def _from_files(aside: bool) -> None:
    name = _class_name()
    files = st.file_uploader("PNG, JPEG or WebP", FILE_TYPES, accept_multiple_files=True, max_upload_size=20)
    part = _part(aside)
    if _is_asked("Add them", name, files):
        sent = [(file.name, file.getvalue()) for file in files]
        _with_bar(lambda pictures, told: pictures.add_files(name, sent, part, told))


def _from_folder(aside: bool) -> None:
    st.caption(LAYOUT)
    files = st.file_uploader(
        "A folder of up to 200 MB", FILE_TYPES, accept_multiple_files="directory", max_upload_size=20
    )
    if st.button("Add them", type="primary", disabled=not files):
        _with_bar(lambda pictures, told: pictures.add_archive(read_sent(sent(files)), told))


def sent(files) -> list:
    """Files of a folder, as `read_sent` wants them."""
    return [(file.name, file.size, file.getvalue) for file in files]


def _from_zip(aside: bool) -> None:
    st.caption(LAYOUT)
    file = st.file_uploader("A ZIP of up to 200 MB", ["zip"], max_upload_size=200)
    if st.button("Add them", type="primary", disabled=file is None):
        _with_bar(lambda pictures, told: pictures.add_archive(read_zip(file), told))


def _from_link(aside: bool) -> None:
    if st.session_state.get(URL_DOWNLOAD) is None:
        _link_form()
    else:
        _watch_link()


def _link_form() -> None:
    """The address, and why the last one was nothing: it stays, for a slip can be mended."""
    st.session_state.setdefault(URL_FIELD, st.session_state.get(URL_ASKED, ""))
    help_of = "Up to 200 MB, from a public address."
    st.text_input("Address of a ZIP", key=URL_FIELD, placeholder="https://…", help=help_of)
    st.button("Download", type="primary", on_click=_download)
    if refused := st.session_state.get(URL_REFUSED):
        st.error(refused, icon=":material/link_off:")


def _download() -> None:
    """Begin the download, or note why that cannot be."""
    address = st.session_state[URL_FIELD]
    st.session_state.update({URL_ASKED: address, URL_REFUSED: ""})
    try:
        check_url(address)
    except ValueError as error:
        st.session_state[URL_REFUSED] = as_it_is(lesson.plain(error))
    else:
        st.session_state[URL_DOWNLOAD] = ArchiveDownload(address).start()


@st.fragment(run_every=0.5)
def _watch_link() -> None:
    """How far the download is; when it has ended, what came of it, or the address again."""
    download: ArchiveDownload | None = st.session_state.get(URL_DOWNLOAD)
    now = download.progress() if download else None
    if now is None:
        _link_form()
    elif now.state == "running":
        left = f", {now.seconds_left:.0f} s left" if now.seconds_left and now.total else ""
        st.progress(
            min(1.0, now.fraction) if now.total else 0.0,
            text=f"{now.done / 1e6:.1f} MB at {now.rate / 1e6:.1f} MB/s{left}",
        )
        st.button("Cancel", on_click=download.cancel, key="cancel archive")
    else:
        del st.session_state[URL_DOWNLOAD]
        with closing(download):  # the file goes, whatever came of it
            if now.state == "done":  # what is refused is said where the bar was, until this runs again
                refused = _with_bar(lambda pictures, told: pictures.add_archive(download.archive(), told))
                st.session_state[URL_REFUSED] = refused
            else:
                st.session_state[URL_REFUSED] = as_it_is(now.message) if now.state == "failed" else ""
                _link_form()


def _from_camera(aside: bool) -> None:
    name = _class_name()
    photo = st.camera_input("Hold something before the camera", resolution="480p")
    part = _part(aside)
    if _is_asked("Add it", name, photo):
        _with_bar(lambda pictures, told: pictures.add_capture(name, photo.getvalue(), part=part))


_WAYS = {
    "Files of one class": _from_files,
    "A folder": _from_folder,
    "A ZIP": _from_zip,
    "A link": _from_link,
    "One photo": _from_camera,
}


def _with_bar(work) -> str:
    """Take pictures in with a bar; then the page is drawn anew. What is refused is said here and nothing is lost.

    returns: what was refused, in words for the page.
    """
    bar = st.progress(0.0, text="Looking at the files")

    def told(done: int, total: int) -> None:
        bar.progress(done / max(1, total), text=f"{done:,} of {total:,}")

    before = len(picture_sets.current().bad_files) if picture_sets.source() == OWN else 0
    try:
        picture_sets.take_in(lambda pictures: work(pictures, told))
    except ValueError as error:
        bar.empty()
        refused = as_it_is(lesson.plain(error, "Received"))
        st.error(refused, icon=":material/error:")
        return refused
    st.session_state[LEFT_OUT] = len(picture_sets.current().bad_files) - before
    st.rerun()
