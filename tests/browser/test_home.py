"""The home page: alive without being asked, and the way to the lessons."""

from playwright.sync_api import expect

from tests.browser.driving import PICTURE, open_stage, point_of, settle, stage_value


def test_the_stage_sweeps_by_itself_and_stops_when_asked(page, server):
    """The window walks over the picture from the start; Pause holds it."""
    canvas = open_stage(page, server)
    page.wait_for_function("canvas => canvas.stage.stepper.index >= 2", arg=canvas.element_handle())
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_nothing_moves_for_whoever_asked_for_that(window, server):
    """With reduced motion the sweep waits for Play."""
    page = window(reduced_motion="reduce")
    canvas = open_stage(page, server)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert stage_value(canvas, "stage.stepper.playing") is False


def test_drawing_on_the_home_stage_is_kept_in_its_link(page, server):
    """The first touch works: a stroke on the picture relights the map and goes into the link."""
    canvas = open_stage(page, server)
    start, end = point_of(canvas, PICTURE, 2, 2), point_of(canvas, PICTURE, 2, 25)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()
    settle(page)
    page.wait_for_url("**picture=own.**")
    assert stage_value(canvas, "stage.content.picture.levels[2 * 28 + 14]") == 255


def test_every_room_can_be_entered_from_home(page, server):
    """Each lesson's card leads to its page."""
    from core.ui.lessons import LESSONS

    for lessons in LESSONS.values():
        for lesson in lessons:
            page.goto(server)
            page.get_by_test_id("stMain").get_by_role("link", name=lesson.title, exact=True).click()
            expect(page.get_by_role("heading", name=lesson.title, level=1)).to_be_visible()


def test_fingers_can_fold_the_menu(server, window):
    """A tablet has no pointer that would uncover the button, and no keys that a button could name."""
    page = window(820, 1180, touch=True, is_mobile=True)
    page.goto(server)
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").tap()
    expect(page.get_by_test_id("stSidebar").get_by_role("link").first).not_to_be_in_viewport()
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    expect(page.get_by_label("Shortcut Shift + P").filter(visible=True)).to_have_count(0)
