"""docs/security.md goes through every chapter, and what it points to is there."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_engine
ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs/security.md").read_text()


def test_every_chapter_is_there():
    named = {int(number) for title in re.findall(r"^## (.*)$", TEXT, re.M) for number in re.findall(r"V(\d+)", title)}
    assert named == set(range(1, 18))


def test_every_file_it_names_is_there():
    named = re.findall(r"`((?:T|[a-z_]+)/[\w/.*-]*)`", TEXT.replace("application/problem+json", ""))
    assert len(named) > 100
    missing = [one for one in named if not list(ROOT.glob(re.sub("^T/", "tests/", one).rstrip("/")))]
    assert not missing
