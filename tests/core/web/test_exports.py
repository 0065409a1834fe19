"""Files of lists: text stays text, dates are dates, every row in order, whatever an agency calls itself."""

import csv
import datetime
import io
from urllib.parse import unquote

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from core.reference.models import Area
from core.web import exports
from core.web.pagination import batches

DAY = datetime.date(2026, 9, 22)
HEADINGS = ("机构名称", "有效期至", "家数")
ROWS = [
    ["文峰区甲职业培训学校", datetime.date(2029, 9, 18), 3],
    ['=HYPERLINK("x")', None, -2],
    ["+86 372", None, 0],
    ["@乙", None, None],
    ['第一行\n第二行,"引号"', datetime.date(2026, 2, 28), 1],
    ["坏\x0b字符", None, 1],
]


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_is_chinese_to_a_spreadsheet_and_no_formula():
    answer = exports.respond("csv", "备案机构", HEADINGS, iter(ROWS), on=DAY)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert unquote(answer["Content-Disposition"]) == "attachment; filename*=utf-8''备案机构-20260922.csv"
    data = content(answer)
    assert data.startswith(b"\xef\xbb\xbf")
    heading, *rows = read_csv(data)
    assert heading == list(HEADINGS)
    assert rows[0] == ["文峰区甲职业培训学校", "2029-09-18", "3"]
    assert [row[0] for row in rows[1:4]] == ['\'=HYPERLINK("x")', "'+86 372", "'@乙"]
    assert rows[1][2] == "-2"
    assert rows[4][0] == '第一行\n第二行,"引号"'


def test_xlsx_has_text_dates_and_numbers():
    answer = exports.respond("xlsx", "备案机构", HEADINGS, iter(ROWS), on=DAY)
    assert answer["Content-Type"] == exports.XLSX_TYPE
    assert unquote(answer["Content-Disposition"]).endswith("备案机构-20260922.xlsx")
    data = content(answer)
    heading, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert heading == list(HEADINGS)
    assert rows == [
        ["文峰区甲职业培训学校", datetime.date(2029, 9, 18), 3.0],
        ['=HYPERLINK("x")', "", -2.0],
        ["+86 372", "", 0.0],
        ["@乙", "", ""],
        ['第一行\n第二行,"引号"', datetime.date(2026, 2, 28), 1.0],
        ["坏字符", "", 1.0],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 7  # "f" would be a formula
    assert sheet["B2"].is_date


def test_only_what_can_be_written_is_asked_for():
    assert [exports.asked({"export": kind}) for kind in ("csv", "xlsx", "pdf", "", None)] == ["csv", "xlsx", "", "", ""]


@pytest.mark.django_db
@pytest.mark.parametrize("key", [("code",), ("-kind", "code")])
def test_batches_are_every_row_once_in_order(key, django_assert_num_queries):
    for number in range(7):
        Area.objects.create(code=f"41050{number}", name=f"区域{number}", kind=f"k{number % 2}", quota_area="市区")
    with django_assert_num_queries(4):
        found = list(batches(Area.objects.all(), key=key, size=3))
    assert [len(batch) for batch in found] == [3, 3, 1]
    assert [row for batch in found for row in batch] == list(Area.objects.order_by(*key))
