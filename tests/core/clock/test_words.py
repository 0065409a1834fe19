"""Days in sentences: how they read, and that no sentence of the sources puts one in as a table would."""

import ast
import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.clock.words import in_words, moment_in_words, span_in_words

ROOT = Path(__file__).parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ISO = "%Y-%m-%d"
# What a name ends with that holds a day: its bare value in a sentence would print as 2026-09-08.
DAYS = re.compile(r"(_on|_until|_from|^until|^since|_day)$")
# Faults of a calendar file name the day as the file's line has it, to be searched there.
AS_IN_THE_FILE = {"core/calendars/arrangements.py"}


def test_a_day_a_span_and_a_moment_read_as_people_write_them():
    day = datetime.date(2026, 9, 8)
    assert in_words(day) == "2026年9月8日"
    assert span_in_words(day, datetime.date(2027, 10, 11)) == "2026年9月8日至2027年10月11日"
    assert moment_in_words(datetime.datetime(2026, 9, 8, 16, 5, tzinfo=datetime.UTC)) == "2026年9月9日 00:05"


def raw_days(tree: ast.AST) -> Iterator[str]:
    """The values that an f-string with Chinese in it prints as a table would."""
    for sentence in ast.walk(tree):
        if not isinstance(sentence, ast.JoinedStr) or not CHINESE.search(ast.unparse(sentence)):
            continue
        for part in sentence.values:
            if not isinstance(part, ast.FormattedValue):
                continue
            name = part.value.attr if isinstance(part.value, ast.Attribute) else getattr(part.value, "id", "")
            spec = ast.unparse(part.format_spec) if part.format_spec else ""
            if ISO in spec or (DAYS.search(name) and not spec):
                yield ast.unparse(part.value)


def test_the_search_finds_what_it_is_for():
    found = list(raw_days(ast.parse("""f"自 {since:%Y-%m-%d} 起，{row.until} 止，共 {n} 日"; f"{row.served_on}" """)))
    assert found == ["since", "row.until"]


@pytest.mark.parametrize("package", ["regulation", "core", "filings", "registry", "desks"])
def test_no_sentence_prints_a_day_as_a_table_does(package):
    found = [
        f"{path.relative_to(ROOT)}: {{{value}}}"
        for path in sorted((ROOT / package).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in AS_IN_THE_FILE
        for value in raw_days(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_template_shows_an_iso_day_outside_an_attribute():
    shown = re.compile(r"""(?<!["'=])\{\{[^}]*\|date:["']Y-m-d["'][^}]*\}\}""")
    found = [
        f"{path.name}: {hit}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for hit in shown.findall(path.read_text(encoding="utf-8"))
    ]
    assert found == []
