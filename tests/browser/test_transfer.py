"""The finale in a real Chromium with a real worker: record a class, learn, keep, and hold it to the webcam."""

import re

from playwright.sync_api import expect

from core.images.drawn_things import thing_file
from core.stage.picture_wall import MOST_SHOWN

PATIENCE = 120_000  # ms: a worker imports Keras, photos go through the backbone, a busy machine learns
FRAMES = 14  # recorded of one hold


def test_a_recorded_class_is_learnt_kept_and_known_to_the_webcam(server, camera_window):
    """Hold a key and a class fills; the head learns it beside the two that were there; the webcam knows all three."""
    page = camera_window()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/transfer")
    page.get_by_label("Name of a new class").fill("on film")
    page.get_by_role("button", name="Add class").click()
    page.get_by_role("button", name="Record with the camera").click()
    row = page.locator(".wall-class", has=page.get_by_role("textbox", name="Name of the class on film"))
    record = row.locator("button.record")
    expect(record).to_be_visible()
    record.focus()
    page.keyboard.down(" ")
    expect(record).to_contain_text(re.compile(rf"\b({FRAMES}|{FRAMES + 1}|{FRAMES + 2})\b"), timeout=PATIENCE)
    assert row.locator(".wall-fresh").count() >= FRAMES  # seen while they are recorded
    page.keyboard.up(" ")
    expect(row.locator(".shot").nth(FRAMES - 1)).to_be_visible()
    page.get_by_role("button", name="Camera off").click()

    page.get_by_role("button", name="Learn to tell them apart").click()
    learnt = page.get_by_role("row").filter(has_text="Frozen backbone + head")
    expect(learnt).to_contain_text(re.compile(r"\d\.\d %"), timeout=PATIENCE)
    accuracy = float(re.search(r"(\d+\.\d) %", learnt.inner_text())[1])
    assert accuracy >= 80

    page.get_by_text("6 Keep it").click()
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("It is the Webcam page's from now on.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Webcam").first.click()
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("option", name="Yours").click()
    page.frame_locator("iframe[title*='webrtc']").get_by_role("button", name="Start the camera").click()
    expect(page.locator(".verdict-numbers")).to_contain_text("frames a second", timeout=PATIENCE)
    expect(page.locator(".verdict-bar")).to_have_count(3)


def test_a_name_that_is_refused_does_not_stay_on_the_wall(server, camera_window):
    """The heading has the true name again, and the page says what is wrong with the other one."""
    page = camera_window()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/transfer")
    shoes = page.get_by_role("textbox", name="Name of the class shoes")
    for typed, words in (("Bags", "There is already a class called bags."), ("", "A class needs a name.")):
        shoes.focus()
        page.keyboard.press("Control+A")
        page.keyboard.press("Backspace")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_text(words)).to_be_visible()
        expect(shoes).to_have_value("shoes")


def test_the_last_picture_of_a_large_class_can_be_seen_and_deleted(server, camera_window):
    """More pictures than stand on the wall at once: it is turned over, and what is deleted there is gone."""
    page = camera_window()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/transfer")
    page.get_by_role("button", name="Add pictures").click()
    files = [
        {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": thing_file("bags", number)}
        for number in range(MOST_SHOWN + 5)
    ]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
    add = page.get_by_role("button", name="Add them", disabled=False)
    add.click()
    expect(page.get_by_text("Of which class? Give it a name.")).to_be_visible()
    page.get_by_role("textbox", name="Class", exact=True).fill("mugs")
    add.click()  # from within the field
    page.get_by_role("button", name="5 more: pictures of mugs after these").click()
    pictures = page.get_by_role("button", name="mugs, picture ")
    expect(pictures).to_have_count(5)
    page.get_by_role("button", name=f"mugs, picture {MOST_SHOWN + 5}").click()
    page.get_by_role("button", name="Delete 1 picture").click()
    expect(pictures).to_have_count(4)
    page.get_by_role("button", name=f"{MOST_SHOWN} before: pictures of mugs before these").click()
    expect(pictures).to_have_count(MOST_SHOWN)

    shots = page.get_by_role("group", name="Pictures of mugs")
    expect(shots.locator("button[tabindex='0']")).to_have_count(1)  # Tab goes on behind them
    expect(pictures.first).to_be_focused()  # it came where the pressed tile went
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(pictures.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(shots.locator("button[tabindex='0']")).to_have_count(1)
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="4 more: pictures of mugs after these")).to_be_focused()


def test_one_class_after_the_other_is_recorded_by_hand(server, camera_window):
    """Holding the button of a second class goes on until it is let go, though the first one's loses the focus by it."""
    page = camera_window()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/transfer")
    page.get_by_role("button", name="Record with the camera").click()
    for name in ("bags", "shoes", "bags"):
        row = page.locator(".wall-class", has=page.get_by_role("textbox", name=f"Name of the class {name}"))
        record, count = row.locator("button.record"), row.locator(".wall-count")
        before = count.inner_text()
        record.hover()
        page.mouse.down()
        expect(record).to_have_text(re.compile("Recording: [4-9]"))
        page.mouse.up()
        expect(record).to_have_text("Hold to record")
        expect(count).not_to_have_text(before)
        assert int(count.inner_text()) >= int(before) + 4
