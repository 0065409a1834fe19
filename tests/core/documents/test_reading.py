"""DOCX and XLSX as pages to read beside the work: their words, nothing that acts, and a sentence where it fails."""

import io

import pytest

from core.documents import reading
from core.documents.formats import DOCX, PDF, XLSX
from desks.demo import files

NAME = "方案.docx"


def page(content: bytes, media_type: str = DOCX) -> str:
    return reading.page(io.BytesIO(content), name=NAME, media_type=media_type)


def test_the_words_of_a_docx():
    text = page(files.docx("工作方案", ["一、组织架构", "<script>alert(1)</script>"]).read())
    assert "一、组织架构" in text
    assert "<script>alert" not in text
    assert NAME in text


def test_the_sheets_of_an_xlsx_and_what_is_left_out():
    rows = [("职业", "人次"), *((f"职业{number}", number) for number in range(reading.ROWS + 5))]
    text = page(files.xlsx("培训评价经历", rows).read(), XLSX)
    assert "<td>职业7</td><td>7</td>" in text
    assert "还有 6 行没有显示" in text
    assert f"<td>职业{reading.ROWS}</td>" not in text


@pytest.mark.parametrize("media_type", [DOCX, XLSX])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"plain"])
def test_what_cannot_be_read_says_what_to_do(media_type, content):
    assert "请点“下载”" in page(content, media_type)


@pytest.mark.parametrize(
    ("media_type", "size", "can"),
    [
        (DOCX, 1, True),
        (XLSX, reading.LARGEST, True),
        (XLSX, reading.LARGEST + 1, False),
        (PDF, 1, False),
        ("image/png", 1, False),
    ],
)
def test_which_files_are_read_as_pages(media_type, size, can):
    assert reading.readable(media_type, size) is can


def test_the_page_may_run_and_fetch_nothing():
    assert reading.POLICY.startswith("sandbox; default-src 'none'")
    assert "script-src" not in reading.POLICY
