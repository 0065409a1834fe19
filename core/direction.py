"""Words written from right to left turn nothing around but themselves.

A name in Arabic or Hebrew inside a Chinese sentence takes the figures and marks beside it along; and a name may hold
marks that turn around all that follows. Nobody who writes a template has to think of it: pages and papers pass here.
"""

import re

# Letters of the scripts that run from right to left, their points and figures.
_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
# Marks that nobody sees, and that turn around what follows.
_CONTROL = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_CONTROLS = re.compile(_CONTROL)
# In the page's bytes: a quick look before anything is taken apart. Chinese pages hold none of these.
_SUSPECT = re.compile(
    rb"[\xd6-\xdf]|\xe0[\xa0-\xa3]|\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])|\xef[\xac-\xbb]|\xf0(?:\x90[\xa0-\xbf]|\x9e)"
)
_RUN = re.compile(rf"{_LETTER}(?:(?:[^\w<>&]|\d)*{_LETTER})*")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PIECES = re.compile(
    r"<(title|textarea|script|style|option)\b.*?</\1>|<[^>]*>"  # left as it is: no markup in there
    rf"|(?P<run>{_RUN.pattern})|{_CONTROL}",
    re.DOTALL | re.IGNORECASE,
)


def isolated(page: str) -> str:
    """Return a page of HTML in which each run of right-to-left text stands in a <bdi>, and hidden marks are gone."""
    return _PIECES.sub(_piece, page)


def plain(text: str) -> str:
    """Return words for what is no page (a feed, a mail), on one line: each run of right-to-left text between isolates,
    neither hidden marks nor control characters, which no XML can bear."""
    clean = " ".join(_UNWRITABLE.sub(" ", _CONTROLS.sub("", text)).split())
    return _RUN.sub("\u2068\\g<0>\u2069", clean)


def concerns(page: bytes) -> bool:
    """Tell whether a page in UTF-8 holds anything that `isolated` would change."""
    return _SUSPECT.search(page) is not None


def _piece(found: re.Match[str]) -> str:
    if run := found["run"]:
        return f"<bdi>{_CONTROLS.sub('', run)}</bdi>"
    return found[0] if found[0].startswith("<") else ""
