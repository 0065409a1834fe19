"""A register is read whole: every fault of every row at once, with its row and column."""

import datetime
import io

import openpyxl
import pytest

from core.reference.models import Area, Occupation
from core.refusals import Invalid
from filings.imports.reading import read
from filings.imports.workbooks import template, with_faults
from tests.filings.registers import FIRST, OTHER, SECOND, book, data, register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference():
    Area.objects.create(code="410502", name="文峰区", kind="市辖区", quota_area="市区")
    Area.objects.create(code="410523", name="汤阴县", kind="县", quota_area="汤阴县")
    Occupation.objects.create(code="6-18-02-04", name="焊工")
    Occupation.objects.create(code="6-31-01-03", name="电工")


def register_of(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def faults(*lines, edit=None) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in read(register(*lines, edit=edit)).faults]


def test_lines_of_one_code_are_one_agency():
    found = read(register(FIRST, SECOND, OTHER))
    assert (found.faults, found.lines, [entry["rows"] for entry in found.entries]) == ([], 3, [[2, 3], [4]])
    first, other = found.entries
    assert [(item["occupation"], item["levels"], item["sites"]) for item in first["scope"]] == [
        ("6-18-02-04", [5, 4, 3], ["本部"]),
        ("6-31-01-03", [5, 4], ["汤阴校区"]),
    ]
    assert first["sites"][0] == {"name": "本部", "area": "410502", "address": "文峰区示例路3号"}
    assert (other["valid_from"], other["valid_until"]) == ("", "2028-06-30")


def test_merged_cells_are_read_as_people_see_them():
    def merge(sheet):
        for column in "ABCDEFGHI":
            sheet.merge_cells(f"{column}2:{column}3")

    whole = {**FIRST, **SECOND}
    found = read(register(FIRST, whole, OTHER, edit=merge))
    assert (found.faults, [entry["rows"] for entry in found.entries]) == ([], [[2, 3], [4]])


def test_one_occupation_at_two_sites_is_two_lines():
    at = {"site": "东校区", "site_address": "示例路8号"}
    found = read(register(FIRST, {"occupation": "焊工", "levels": "543", **at}))
    assert found.faults == []
    assert found.entries[0]["scope"][0]["sites"] == ["本部", "东校区"]
    assert found.entries[0]["sites"][1] == {"name": "东校区", "area": "410502", "address": "示例路8号"}


def test_a_site_said_once_need_not_be_said_again():
    at = {"site": "东校区", "site_address": "示例路8号"}
    found = read(register({**FIRST, **at}, {"occupation": "电工", "levels": "4", "site": "东校区"}))
    assert (found.faults, len(found.entries[0]["sites"])) == ([], 1)


def test_every_fault_of_every_row_is_named():
    assert faults(
        {**FIRST, "code": "S0000410008", "credit_code": "123", "area": "郑州市", "levels": "特级"},
        {**OTHER, "name": None, "valid_until": "长期", "occupation": "电焊"},
        {"levels": None, "occupation": None},
    ) == [
        (2, "code"),
        (2, "credit_code"),
        (2, "area"),
        (2, "levels"),
        (3, "name"),
        (3, "valid_until"),
        (3, "occupation"),
    ]


def test_what_is_needed_is_named_once_for_an_agency():
    bare = {"code": FIRST["code"], "occupation": "焊工", "levels": "5"}
    needed = ["name", "credit_code", "area", "address", "legal_representative", "valid_until"]
    assert faults(bare, {"occupation": "电工", "levels": "5"}) == [(2, column) for column in needed]


def test_a_first_line_names_its_code():
    assert faults({**FIRST, "code": None}) == [(2, "code")]


def test_lines_of_one_code_must_not_contradict_each_other():
    again = {**FIRST, "occupation": "电工", "name": "另一家学校", "valid_until": "2027-03-02"}
    assert faults(FIRST, again) == [(3, "name"), (3, "valid_until")]


def test_one_agency_has_one_filing():
    assert faults(FIRST, {**OTHER, "credit_code": FIRST["credit_code"]}) == [(3, "credit_code")]


def test_an_occupation_is_written_once_for_a_site_and_with_the_same_levels():
    assert faults(FIRST, {"occupation": "焊工", "levels": "543"}) == [(3, "occupation")]
    elsewhere = {"occupation": "焊工", "levels": "5", "site": "东校区", "site_address": "示例路8号"}
    assert faults(FIRST, elsewhere) == [(3, "levels")]


def test_a_site_has_name_and_address_and_one_of_each():
    assert faults({**FIRST, "site": "东校区"}) == [(2, "site_address")]
    assert faults({**FIRST, "site_address": "示例路8号"}) == [(2, "site")]
    at = {"site": "东校区", "site_address": "示例路8号"}
    other = {"occupation": "电工", "levels": "5", "site": "东校区", "site_address": "示例路9号"}
    assert faults({**FIRST, **at}, other) == [(3, "site_address")]


def test_a_formula_is_no_content():
    def reckon(sheet):
        sheet["B2"], sheet["I3"], sheet["A4"] = "=A1", "=TODAY()", '=CONCATENATE("S000041","000809")'

    found = faults(FIRST, OTHER, FIRST, edit=reckon)
    assert [one for one in found if one in ((2, "name"), (3, "valid_until"), (4, "code"))] == [
        (2, "name"),
        (3, "valid_until"),
        (4, "code"),
    ]


def test_columns_may_stand_in_any_order_under_a_title_and_bear_other_names():
    def rearrange(sheet):
        sheet.insert_cols(1)
        sheet["A1"], sheet["A2"] = "序号", 1
        for cell in sheet[1]:
            cell.value = {"统一社会信用代码*": "信用代码", "职业（工种）*": "职业(工种)", "有效期至*": "有效期止"}.get(
                cell.value, cell.value
            )
        sheet.insert_rows(1)
        sheet["A1"] = "安阳市社评机构备案台账"
        sheet.merge_cells("A1:O1")

    found = read(register(FIRST, edit=rearrange))
    assert (found.faults, found.unknown, found.entries[0]["rows"]) == ([], ["序号"], [3])


def test_dates_as_excel_has_them_and_as_text_are_the_same():
    as_text = read(register({**FIRST, "valid_until": "２０２７.3.1", "valid_from": "2024/3/1"})).entries
    assert (
        as_text
        == read(
            register({**FIRST, "valid_until": datetime.datetime.combine(datetime.date(2027, 3, 1), datetime.time())})
        ).entries
    )


# -- workbooks handed out ----------------------------------------------------------------------------------------


def test_the_empty_template_says_that_it_is_empty():
    with pytest.raises(Invalid, match="还没有填写"):
        read(register_of(template()))


def test_the_template_offers_areas_and_occupations_and_is_read_when_filled():
    made = openpyxl.load_workbook(io.BytesIO(template()))
    assert made.sheetnames == ["备案", "填写说明", "填写示例", "区域", "职业"]
    assert [row[0].value for row in made["职业"].iter_rows(min_row=2)] == ["焊工 6-18-02-04", "电工 6-31-01-03"]
    assert {rule.formula1 for rule in made["备案"].data_validations.dataValidation} == {
        "'区域'!$A$2:$A$3",
        "'职业'!$A$2:$A$3",
    }
    for column, value in enumerate(FIRST.values(), 1):
        made["备案"].cell(2, column, value)
    assert read(register_of(data(made))).faults == []


def test_a_register_comes_back_with_its_faults_beside_the_rows_and_can_be_mended():
    sent = register({**FIRST, "levels": "特级", "address": "=danger()"}, SECOND)
    first = read(sent)
    made = openpyxl.load_workbook(io.BytesIO(with_faults(sent, first.faults)))
    sheet = made["备案"]
    assert sheet["A1"].value == "问题"
    assert "等级：“特级”里的等级看不懂" in sheet["A2"].value
    assert sheet["A3"].value in (None, "")
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    # Words that begin with "=" come back as words; mended, the same file is a register again.
    sheet["F2"], sheet["L2"] = "文峰区示例路3号", "五级"
    assert read(register_of(data(made))).faults == []


def test_sheets_of_the_template_are_no_second_register():
    made = book(FIRST)
    sample = made.create_sheet("填写示例")
    for row in made["备案"].iter_rows(values_only=True):
        sample.append(row)
    assert len(read(register_of(data(made))).entries) == 1
