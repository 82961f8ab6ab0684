"""The webcam in a real Chromium, with a fake camera: things that the app draws itself."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core.images.drawn_things import thing_file

# The camera's frame is as high as what is in it, with the room for a picture.
ROOM_IS_KEPT = """() => {
    const frame = document.querySelector("iframe[title*='webrtc']");
    const inside = frame?.contentDocument?.querySelector("#root").getBoundingClientRect().height;
    return inside > 300 && Math.abs(frame.getBoundingClientRect().height - inside) < 2;
}"""
PATIENCE = 120_000  # ms: the first verdict waits for a worker that imports Keras


@pytest.fixture
def camera_page(server, camera_window):
    """Opens the page before the camera: camera_page(link="") -> a Playwright page."""

    def visit(link: str = "") -> Page:
        page = camera_window()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{server}/webcam{link}")
        expect(words(page)).to_be_visible(timeout=PATIENCE)
        return page

    return visit


def words(page: Page) -> Locator:
    return page.locator(".verdict-words")


def camera_button(page: Page, name: str) -> Locator:
    """One of the camera's own buttons, in the frame that streamlit-webrtc draws."""
    return page.frame_locator("iframe[title*='webrtc']").get_by_role("button", name=name)


def press(page: Page, name: str) -> None:
    camera_button(page, name).click()


def start(page: Page) -> None:
    """Start the camera, and once more where the connection failed and the board says so, as a person would."""
    press(page, "Start the camera")
    live_or_said = (
        page.locator(".verdict").get_by_text(re.compile("frames a second|could not be made")).filter(visible=True)
    )
    expect(live_or_said.first).to_be_visible(timeout=PATIENCE)
    if page.locator(".verdict-trouble").is_visible():
        press(page, "Start the camera")


def expect_live(page: Page) -> None:
    """Verdicts come: with frames per second, the verdict's age, bars and a heat map."""
    expect(page.locator(".verdict")).to_contain_text("frames a second", timeout=PATIENCE)
    expect(page.locator(".verdict-bar")).to_have_count(2)
    expect(page.locator(".verdict-heat")).to_be_visible(timeout=PATIENCE)
    assert words(page).inner_text() in ("handbag", "shoe", "bags", "shoes", "Not sure", "Neither", "…")


def test_a_visit_from_start_to_teaching(camera_page):
    """Start, verdict, freeze, on to Filters with the same picture, back, stop, start again: all by hand."""
    page = camera_page()
    freeze = page.get_by_role("button", name="Freeze")
    expect(camera_button(page, "Start the camera")).to_be_in_viewport(ratio=1)
    page.wait_for_function(ROOM_IS_KEPT)
    place = freeze.bounding_box()
    start(page)
    expect_live(page)
    assert freeze.bounding_box() == place  # the picture's room was kept for it: nothing under it moved
    page.keyboard.press("f")  # the focus is still in the camera's frame
    expect(page.get_by_role("button", name="Back to the camera")).to_be_visible()
    expect(words(page)).not_to_have_text("…", timeout=PATIENCE)
    numbers = page.locator(".verdict-numbers")
    expect(numbers).to_have_text("")
    page.locator("a[href*='picture=own']", has_text="Filters").click()
    page.wait_for_url("**/filters?picture=own.**")
    expect(page.get_by_role("application", name="Convolution stage")).to_be_visible()
    page.get_by_role("link", name="Webcam").first.click()
    camera_button(page, "Start the camera").wait_for(state="attached")  # the page is whole
    expect(camera_button(page, "Start the camera")).to_be_hidden()  # one thing at a time: the frozen picture
    page.get_by_role("button", name="Back to the camera").click()
    expect(freeze).to_be_visible()  # the page has been drawn anew
    start(page)
    expect_live(page)
    press(page, "Stop the camera")
    expect(words(page)).to_have_text("Hold something up")
    start(page)
    expect_live(page)
    page.get_by_text("Mirror", exact=True).click()
    page.wait_for_function("() => document.activeElement === document.body")  # a switch keeps no keys to itself
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Back to the camera")).to_be_visible()
    page.get_by_role("combobox", name="This is a …").press_sequentially("fluff")  # a letter of a name is no key
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Back to the camera")).to_be_visible()
    page.get_by_role("heading", name="Webcam").click()
    page.keyboard.press("f")
    expect(freeze).to_be_visible()
    expect_live(page)


def test_what_is_taught_is_learnt_and_looks_at_once(camera_page):
    """Freeze, name it, teach it, retrain: the toast says how good it is, and the visitor's own network looks."""
    page = camera_page()
    start(page)
    expect_live(page)
    page.get_by_role("button", name="Freeze").click()
    named = page.get_by_role("combobox", name="This is a …")
    named.press_sequentially("sho")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Teach it as a new class")).to_be_enabled()  # a slip is seen
    named.click()
    page.get_by_role("option", name="shoes", exact=True).click()
    page.get_by_role("button", name="Teach it", exact=True).click()
    expect(page.get_by_text(re.compile("shoes has [0-9]+ pictures now"))).to_be_visible()
    expect(page.get_by_role("button", name="Teach it", disabled=True)).to_have_count(1)  # twice teaches nothing more
    page.get_by_role("button", name="Retrain and go live").click()
    expect(page.get_by_text(re.compile("Retrained: [0-9.]+% of the validation pictures right"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    assert "model=own" in page.url
    expect_live(page)
    assert {bar.inner_text().split()[0] for bar in page.locator(".verdict-bar").all()} == {"bags", "shoes"}


def test_two_visitors_at_once(camera_page):
    """Each has a verdict of their own, and one who stops takes nothing from the other."""
    first, second = camera_page(), camera_page("?present=1&why=0&mirror=0")
    start(first)
    expect_live(first)  # on two cores, two films and two browsers leave a worker that still imports Keras no room
    start(second)
    expect(second.locator(".verdict")).to_contain_text("frames a second", timeout=PATIENCE)
    expect(second.locator(".verdict-heat")).to_be_hidden()
    size = words(second).evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 40
    press(first, "Stop the camera")
    expect(words(first)).to_have_text("Hold something up")
    expect(second.locator(".verdict")).to_contain_text("frames a second", timeout=PATIENCE)


def test_a_refused_camera_is_said_with_what_helps(server, window):
    """A browser that gives no camera: the reason, what to do, and the other two ways to show something."""
    page = window()
    page.add_init_script(
        "navigator.permissions.query = async () => Object.assign(new EventTarget(), {state: 'denied'});"
        "navigator.mediaDevices.enumerateDevices = async () => [{kind: 'videoinput'}];"
    )
    page.goto(f"{server}/webcam")
    expect(page.get_by_text("The camera was refused to this page.")).to_be_visible()
    expect(page.get_by_text("allow the camera, and load the page again")).to_be_visible()
    page.get_by_role("radio", name="Picture file").click()
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()


def test_a_page_without_https_is_told_apart_from_one_without_a_camera(server, window):
    """No secure context: HTTPS is named; secure but no camera: the camera is."""
    for script, said in (
        ("Object.defineProperty(window, 'isSecureContext', {value: false})", "came without HTTPS"),
        ("navigator.mediaDevices.enumerateDevices = async () => []", "sees no camera"),
    ):
        page = window()
        page.add_init_script(script)
        page.goto(f"{server}/webcam")
        expect(page.get_by_text(said)).to_be_visible()


def test_picture_files_come_one_after_the_other(camera_page):
    """Another one, the same one again, and one that is refused: it says why, and no verdict of the one before stays."""
    page = camera_page("?source=file")
    chosen = page.get_by_test_id("stFileUploaderDropzoneInput")
    bag = {"name": "bag.jpg", "mimeType": "image/jpeg", "buffer": thing_file("bags", 1)}
    for _ in range(2):
        chosen.set_input_files([bag])
        expect(page.locator(".verdict-bar")).to_have_count(2, timeout=PATIENCE)
        page.get_by_role("button", name="Another one").click()
        expect(page.get_by_role("button", name="Another one")).to_have_count(0)
        expect(page.locator(".verdict-bar")).to_have_count(0)
    chosen.set_input_files([bag])
    expect(page.locator(".verdict-bar")).to_have_count(2, timeout=PATIENCE)
    chosen.set_input_files([{"name": "text.jpg", "mimeType": "image/jpeg", "buffer": b"only words"}])
    expect(page.get_by_text("This file is not a PNG, JPEG or WebP picture")).to_be_visible()
    expect(page.locator(".verdict-bar")).to_have_count(0)
