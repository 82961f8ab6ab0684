"""Large counts in words that a class can picture."""

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
PERIODS = ((365.25 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def in_words(count: float) -> str:
    """ "2.7 billion", "39 million", "896": two significant figures from ten thousand on."""
    for scale, word in SCALES:
        if count >= max(0.9995 * scale, 10_000):
            return f"{_two_figures(count / scale)} {word}"
    return f"{count:,.0f}"


def time_at_one_a_second(count: int) -> str:
    """How long it takes to look at so many pictures, one a second: "87 years"."""
    for seconds, word in PERIODS:
        if count >= seconds:
            number = _two_figures(count / seconds)
            return f"{number} {word}{'' if number == '1' else 's'}"
    return "no time"


def in_bytes(megabytes: float) -> str:
    """ "11 GB", "154 MB", "3.6 kB": GB from 1,000 MB on, kB below 0.1 MB."""
    size, unit = megabytes, "MB"
    if megabytes >= 1000:
        size, unit = megabytes / 1000, "GB"
    elif megabytes < 0.1:
        size, unit = 1000 * megabytes, "kB"
    return f"{size:,.0f} {unit}" if size >= 9.95 else f"{size:.2g} {unit}"


def _two_figures(value: float) -> str:
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")
