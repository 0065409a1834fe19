"""Right-to-left words stand by themselves, and hidden marks turn nothing around."""

import pytest

from core.direction import concerns, isolated

ARABIC, HEBREW = "مركز التدريب", "בית ספר"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"<p>{ARABIC} · 3 项</p>", f"<p><bdi>{ARABIC}</bdi> · 3 项</p>"),
        (f"<p>{ARABIC} (3) {HEBREW}，2026年</p>", f"<p><bdi>{ARABIC} (3) {HEBREW}</bdi>，2026年</p>"),
        (f"<p>{ARABIC}甲{HEBREW}</p>", f"<p><bdi>{ARABIC}</bdi>甲<bdi>{HEBREW}</bdi></p>"),
        (f"<p>&lt;{HEBREW}&gt;</p>", f"<p>&lt;<bdi>{HEBREW}</bdi>&gt;</p>"),
        ("<p>甲\u202efdp.exe，乙</p>", "<p>甲fdp.exe，乙</p>"),
        (f"<p>{HEBREW}\u2067\u202e1</p>", f"<p><bdi>{HEBREW}</bdi>1</p>"),
        (f'<a title="{ARABIC} 3">甲</a>', f'<a title="{ARABIC} 3">甲</a>'),
        (f"<option>{ARABIC}</option>", f"<option>{ARABIC}</option>"),
        (f"<textarea>\n{ARABIC}\u202e</textarea>", f"<textarea>\n{ARABIC}\u202e</textarea>"),
        ("<p>𠮷野家 👩‍🏫 Z̤͔ 3</p>", "<p>𠮷野家 👩‍🏫 Z̤͔ 3</p>"),
    ],
)
def test_what_is_isolated(page, shown):
    assert isolated(page) == shown
    assert concerns(page.encode()) or page == shown


def test_a_page_of_chinese_is_not_taken_apart():
    every = "".join(map(chr, [*range(0x20, 0x580), *range(0x2070, 0xD800), *range(0xFF00, 0xFFF0)]))
    assert not concerns(every.encode())


def test_a_long_run_takes_no_longer_than_its_length():
    assert isolated("<p>" + "\u05b0 " * 50_000 + "</p>").startswith("<p><bdi>\u05b0 ")
