"""The link of a page and the state it stands for, through Streamlit's own test of a page."""

import pytest
from streamlit.testing.v1 import AppTest


def lesson():
    import streamlit as st

    from core.ui import links

    link = links.PageLink(
        "lesson",
        {"stride": links.choice(1, (1, 2, 3)), "zoom": links.whole(1, 1, 4), "flip": links.switch(False)},
    )
    complaint = link.open(news=st.session_state.get("news", False))
    st.session_state["seen"] = {name: link.get(name) for name in link.fields}
    st.session_state["complaint"] = complaint
    link.close()
    if not st.session_state.get("shut"):
        st.selectbox("Stride", (1, 2, 3), key=link.key("stride"))
    st.toggle("Flip", key=link.key("flip"))


@pytest.fixture
def app():
    return AppTest.from_function(lesson, default_timeout=20)


def query(app):
    return {name: values[0] if isinstance(values, list) else values for name, values in dict(app.query_params).items()}


def test_without_a_link_everything_is_at_its_default_and_the_link_is_empty(app):
    """Defaults do not stand in the link."""
    app.run()
    assert app.session_state["seen"] == {"stride": 1, "zoom": 1, "flip": False}
    assert query(app) == {}


def test_a_link_sets_widgets_and_other_state(app):
    """Every field of the link reaches the state, and its widget shows it."""
    app.query_params.update(stride="3", zoom="4", flip="1")
    app.run()
    assert app.session_state["seen"] == {"stride": 3, "zoom": 4, "flip": True}
    assert app.selectbox[0].value == 3
    assert app.toggle[0].value is True
    assert query(app) == {"stride": "3", "zoom": "4", "flip": "1"}


def test_a_widget_writes_the_link(app):
    """Choose another stride and the link has it; back to the default and it is gone."""
    app.run()
    app.selectbox[0].select(2).run()
    assert query(app) == {"stride": "2"}
    app.selectbox[0].select(1).run()
    assert query(app) == {}


@pytest.mark.parametrize("bad", ["0", "4", "two", "", "1.5", "２"])
def test_what_cannot_be_read_is_named_and_the_rest_counts(app, bad):
    """A bad value leaves its field at the default, one line names it, and the other fields are followed."""
    app.query_params.update(stride=bad, zoom="2")
    app.run()
    assert app.session_state["seen"] == {"stride": 1, "zoom": 2, "flip": False}
    assert "stride" in app.session_state["complaint"]
    app.run()
    assert "stride" in app.session_state["complaint"], "it stays until something is changed"
    app.toggle[0].set_value(True).run()
    app.run()
    assert app.session_state["complaint"] == ""


def test_a_widget_that_first_appears_later_shows_the_value(app):
    """As in a popover: the value is sent with it, and nothing is written over what somebody types there afterwards."""
    app.session_state["shut"] = True
    app.query_params.update(stride="3")
    app.run()
    app.run()
    app.session_state["shut"] = False
    app.run()
    assert app.selectbox[0].proto.set_value and app.selectbox[0].value == 3
    app.run()
    assert not app.selectbox[0].proto.set_value


def test_a_widget_that_comes_back_shows_what_was_chosen_last(app):
    """Chosen, gone, set by the page, there again: neither the first value nor the one that was chosen returns."""
    app.query_params.update(stride="3")
    app.run()
    app.selectbox[0].select(2).run()
    for choice in (2, 1):
        app.session_state["shut"] = True
        app.session_state["lesson.stride"] = choice
        app.run()
        app.run()
        app.session_state["shut"] = False
        app.run()
        assert app.selectbox[0].value == choice == app.session_state["seen"]["stride"]


def test_coming_to_another_page_is_another_visit(app):
    """Runs of one page are one visit."""
    from core.ui import links

    app.run()
    first = app.session_state[links.VISITS]
    app.run()
    assert app.session_state[links.VISITS] == first
    app.session_state[links.CURRENT_PAGE] = "another"
    app.run()
    assert app.session_state[links.VISITS] == first + 1


def test_a_new_link_in_the_same_session_is_followed(app):
    """Another link, as from the browser's Back button, replaces the state, an empty one too."""
    app.query_params.update(stride="3")
    app.run()
    app.query_params.update(stride="2")
    app.run()
    assert app.session_state["seen"]["stride"] == 2
    app.query_params.clear()
    app.run()
    assert app.session_state["seen"]["stride"] == 1


def test_an_old_link_that_comes_with_an_edit_is_an_echo(app):
    """While the browser has not shown the new link yet, its old one must not undo what was just done."""
    app.query_params.update(stride="3")
    app.run()
    app.selectbox[0].select(2).run()
    app.query_params.update(stride="3")
    app.session_state["news"] = True
    app.run()
    assert app.session_state["seen"]["stride"] == 2
    assert query(app) == {"stride": "2"}


def test_an_old_link_that_comes_with_the_widgets_is_an_echo(app):
    """A run that a browser asked for before it showed the new link, with nothing done in between, undoes nothing."""
    app.query_params.update(stride="3")
    app.run()
    app.selectbox[0].select(2).run()
    app.query_params.update(stride="3")
    app.run()
    assert app.session_state["seen"]["stride"] == 2
    assert query(app) == {"stride": "2"}


def test_whoever_comes_from_another_page_gets_the_link_that_led_here(app):
    """Also where the page wrote another one a moment ago: echoes belong to one visit."""
    from core.ui import links

    app.query_params.update(stride="3")
    app.run()
    app.selectbox[0].select(2).run()
    app.session_state[links.CURRENT_PAGE] = "another"
    app.query_params.update(stride="3")
    app.run()
    assert app.session_state["seen"]["stride"] == 3


def test_presenter_mode_stays_in_the_link(app):
    """A link that is written keeps ?present=1."""
    from core.ui import presenter

    app.session_state[presenter.PARAMETER] = True
    app.run()
    app.selectbox[0].select(2).run()
    assert query(app) == {"stride": "2", "present": "1"}
