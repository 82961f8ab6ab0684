"""The Filters page as a whole: links, settings, two windows at once, presenter mode."""

from playwright.sync_api import expect

from tests.browser.driving import choose, open_stage, output, point_of, query, settle, stage_value, sum_line
from tests.browser.serving import served

LINK = "filters?kernel=0_1_0~1_-4_1~0_1_0&picture=drawn.8.5&hand=5&stride=2&padding=same&activation=abs&pin=out_3_4"


def test_a_deep_link_opens_on_a_cold_server(page):
    """The first visit to a server that has just started may be a link to a lesson with everything set in it."""
    with served() as cold:
        canvas = open_stage(page, f"{cold}/{LINK}")
        settings = stage_value(canvas, "stage.settings")
        assert settings == {"stride": 2, "padding": "same", "dilation": 1, "flip": False, "activation": "abs"}
        assert stage_value(canvas, "Array.from(stage.content.filters[0].kernel.values)") == [0, 1, 0, 1, -4, 1, 0, 1, 0]
        assert stage_value(canvas, "[stage.content.picture.key, stage.outputs[0].rows]") == ["drawn.8.5", 14]
        assert stage_value(canvas, "[stage.target.row, stage.target.column]") == [3, 4]
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("link", name="Filters")).to_be_visible()
        page.close()  # before the server: it may be fetching still


def test_a_bad_link_gives_the_usual_state_and_one_line(page, server):
    """What cannot be read in a link is named in one line; the rest of the link counts."""
    canvas = open_stage(page, f"{server}/filters?stride=99&kernel=1_2~3&padding=same")
    assert stage_value(canvas, "[stage.settings.stride, stage.settings.padding]") == [1, "same"]
    assert stage_value(canvas, "stage.content.filters[0].kernel.values.length") == 9
    expect(page.get_by_text("Part of this link could not be read")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_two_windows_do_not_disturb_each_other(window, server):
    """Two visitors with different filters keep their own, whatever the other one does."""
    first, second = window(), window()
    one = open_stage(first, f"{server}/filters?kernel=1_1~1_1")
    two = open_stage(second, f"{server}/filters?kernel=2_2~2_2&activation=none")
    first.get_by_role("radio", name="5", exact=True).click()
    settle(first)
    second.get_by_role("radio", name="Laplacian").click()
    settle(second)
    assert query(first) == {"kernel": "1_1~1_1", "picture": "drawn.5.0"}
    assert query(second) == {"kernel": "0_1_0~1_-4_1~0_1_0", "activation": "none"} or "kernel" in query(second)
    assert stage_value(one, "stage.content.filters[0].kernel.rows") == 2
    assert stage_value(two, "stage.content.activation") == "none"


def test_settings_reach_the_stage_and_nothing_edited_is_lost(page, server):
    """A filter edited by hand keeps its numbers when it is made larger, and the map follows stride and padding."""
    canvas = open_stage(page, f"{server}/filters?kernel=5_0_0~0_0_0~0_0_7")
    choose(page, "Filter rows", "5")
    expect(page.get_by_role("textbox", name="Filter 1, row 5, column 3")).to_be_visible()
    settle(page)
    assert query(page)["kernel"] == "0_0_0~5_0_0~0_0_0~0_0_7~0_0_0"
    choose(page, "Stride", "3")
    choose(page, "Padding", "2")
    page.wait_for_url("**padding=2**")
    expect(page.get_by_text("⌊(28 + 4 − 5) / 3⌋ + 1 = 10")).to_be_visible()
    assert stage_value(canvas, "[stage.outputs[0].rows, stage.outputs[0].columns]") == [10, 10]


def test_a_filter_that_does_not_fit_is_said_and_nothing_breaks(page, server):
    """A dilated filter larger than the picture gets a line in plain words; smaller dilation brings the map back."""
    kernel = "~".join(["1_1_1_1_1_1_1_1_1"] * 9)
    page.goto(f"{server}/filters?kernel={kernel}&dilation=5")
    expect(page.get_by_text("A kernel must fit inside the padded picture")).to_be_visible()
    expect(page.get_by_text("The filter is larger than the picture with its border")).to_be_visible()
    choose(page, "Dilation", "1")
    expect(page.get_by_text("28×28 → 20×20")).to_be_visible()
    expect(page.get_by_text("The filter is larger than the picture with its border")).to_have_count(0)


def test_copy_link_copies_what_is_on_screen(window, server):
    """Edit and press “Copy link” at once: the clipboard holds the link with the edit in it."""
    page = window(permissions=["clipboard-read", "clipboard-write"])
    open_stage(page, f"{server}/filters")
    page.get_by_role("radio", name="Vertical edge").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{server}/filters?kernel=1_0_-1~1_0_-1~1_0_-1"


def test_the_browser_goes_back_to_an_earlier_state(page, server):
    """The browser's Back button undoes the last change of the link, on the stage too."""
    canvas = open_stage(page, f"{server}/filters")
    page.get_by_role("radio", name="Vertical edge").click()
    settle(page)
    page.wait_for_url("**kernel=**")
    page.evaluate("new Promise(done => requestAnimationFrame(done))")
    page.go_back()
    expect(page.get_by_role("radio", name="Horizontal edge")).to_be_checked()
    assert stage_value(canvas, "stage.content.filters[0].kernel.values[2]") == 1


def test_leaving_and_returning_keeps_the_work(page, server):
    """Go to the home page and back by the menu: the filter, the settings and the link are as they were left."""
    open_stage(page, f"{server}/filters?kernel=3_3~3_3&stride=2")
    page.get_by_role("link", name="ConvLab").click()
    expect(page.get_by_role("heading", name="ConvLab")).to_be_visible()
    page.get_by_role("link", name="Filters").first.click()
    page.wait_for_url("**kernel=3_3~3_3**")
    canvas = page.get_by_role("application", name="Convolution stage")
    expect(canvas).to_be_visible()
    assert query(page) == {"kernel": "3_3~3_3", "stride": "2"}
    assert stage_value(canvas, "stage.outputs[0].rows") == 14


def test_presenter_mode_is_large_and_bare(page, server):
    """With ?present=1 there is no menu, no stage text under 18 px, and the filter's numbers are 28 px or more."""
    canvas = open_stage(page, f"{server}/filters?present=1")
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    sizes = page.locator(".stage").evaluate(
        """stage => [...stage.querySelectorAll(":not(#stage-keys)")]
            .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
            .map(node => [parseFloat(getComputedStyle(node).fontSize), node.textContent])"""
    )
    assert min(sizes)[0] >= 18, min(sizes)
    cell = page.get_by_role("textbox", name="Filter 1, row 1, column 1")
    assert cell.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 28
    bottom = page.locator(".controls").evaluate("node => node.getBoundingClientRect().bottom")
    assert bottom <= 720
    page.mouse.move(*point_of(canvas, output(), 0, 0))
    expect(sum_line(page)).to_contain_text("= 0")
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    assert "present" not in query(page)


def test_the_challenge_is_checked_and_celebrated(page, server):
    """Pick a challenge with the wrong filter: a friendly figure; choose the right filter: done."""
    open_stage(page, f"{server}/filters?challenge=vertical-strokes")
    expect(page.get_by_text("of the light falls on vertical strokes")).to_be_visible()
    page.get_by_role("radio", name="Vertical edge").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_be_visible()


def test_an_own_picture_goes_onto_the_stage(page, server, tmp_path):
    """Upload a photo of a dark cross on white paper: it is swapped to light on dark and shown on the stage."""
    from PIL import Image, ImageDraw

    paper = Image.new("L", (300, 300), 250)
    ImageDraw.Draw(paper).line((150, 40, 150, 260), fill=10, width=30)
    paper.save(tmp_path / "cross.png")
    canvas = open_stage(page, f"{server}/filters")
    page.get_by_role("button", name="Your own picture").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(tmp_path / "cross.png")
    page.get_by_role("button", name="Put it on the stage").click()
    page.wait_for_url("**picture=own.**")
    page.wait_for_function("canvas => canvas.stage.content.picture.key === 'own'", arg=canvas.element_handle())
    levels = stage_value(canvas, "stage.content.picture.levels")
    assert levels[14 * 28 + 14] > 200
    assert levels[14 * 28 + 3] < 30


def test_a_file_that_is_no_picture_is_refused_in_plain_words(page, server, tmp_path):
    """A text file that calls itself .png gets one line beside the upload."""
    (tmp_path / "notes.png").write_text("not a picture")
    open_stage(page, f"{server}/filters")
    page.get_by_role("button", name="Your own picture").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(tmp_path / "notes.png")
    expect(page.get_by_text("This file is not a PNG, JPEG or WebP picture")).to_be_visible()
