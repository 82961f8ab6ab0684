"""Words that a person chose (names of classes and files) inside the app's own sentences: shown letter for letter."""

import re

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # every ASCII punctuation mark may be one of Markdown's


def shown(text: str) -> str:
    """The text for st.markdown, st.error, captions and labels; none of its marks is taken for formatting or a picture.

    For st.html use html.escape instead.
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
