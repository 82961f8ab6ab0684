"""The Filters page under a person's hand, in a real Chromium."""

from playwright.sync_api import expect

from tests.browser.driving import open_stage, output, point_of, query, settle, sum_line


def test_pointing_at_an_output_cell_writes_its_sum(page, server):
    """Point at a cell of the feature map and its products and their sum stand in the line below."""
    canvas = open_stage(page, f"{server}/filters")
    page.mouse.move(*point_of(canvas, output(), 0, 0))
    expect(sum_line(page)).to_have_text("1×0 + 1×0 + 1×0 + 0×0 + 0×0 + 0×0 + −1×0 + −1×0 + −1×0 = 0 → ReLU → 0")


def test_a_click_pins_a_cell_into_the_link(page, server):
    """Click a cell and it stays when the pointer leaves, and stands in the link; click again and it goes."""
    canvas = open_stage(page, f"{server}/filters")
    page.mouse.click(*point_of(canvas, output(), 4, 12))
    settle(page)
    assert query(page) == {"pin": "out_4_12"}
    page.mouse.click(*point_of(canvas, output(), 4, 12))
    settle(page)
    assert query(page) == {}
