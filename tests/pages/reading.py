"""What a person reads on a page."""


def words(app) -> str:
    """All texts of the page, and what it says of success and failure."""
    kinds = (app.markdown, app.caption, app.info, app.success, app.error, app.warning)
    return " ".join(element.value for kind in kinds for element in kind)
