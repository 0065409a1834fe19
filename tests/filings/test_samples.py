"""The samples of the guide: they fill in every field of the forms, name nobody, and the template reads back."""

import io

import openpyxl
import pikepdf
import pytest

from filings import sample_texts as texts
from filings import samples, staff_table
from filings.forms import draft_rows, draft_steps
from regulation.conditions import CONDITIONS
from regulation.materials import MATERIALS

# Fields that only a change has, or that come up only where a number is doubtful.
RARE = {"changed_on", *draft_steps.AgencyForm.ticks}


@pytest.mark.parametrize(
    ("form", "values"),
    [
        (draft_steps.AgencyForm, texts.AGENCY),
        (draft_steps.SinceForm, texts.SINCE),
        (draft_rows.ScopeForm, texts.SCOPE),
        (draft_rows.SiteForm, texts.SITE),
        (draft_steps.PledgeForm, texts.PLEDGE),
        *((draft_rows.RecordForm, line) for line in texts.RECORDS),
        *((draft_rows.StaffForm, line) for line in texts.STAFF),
    ],
)
def test_the_sample_fills_in_every_field_of_the_form(form, values):
    assert set(values) == set(form.base_fields) - RARE


def test_every_condition_is_borne_out_by_a_material():
    shown = [key for material in MATERIALS.values() for key in material.shows]
    assert sorted(shown) == sorted(CONDITIONS)
    assert {key for _, _, key in texts.OUTLINE if key} <= set(CONDITIONS)


def test_what_is_copied_from_the_sample_table_is_read():
    book = openpyxl.load_workbook(io.BytesIO(samples.content("staff")))
    assert [cell.value for cell in book["人员"][1]] == [column.label for column in staff_table.COLUMNS]
    lines = [[str(cell or "") for cell in row] for row in book["填写示例"].iter_rows(values_only=True)]
    table = staff_table.read("\n".join(map("\t".join, lines)), occupations={"6-18-02-04": "焊工"}, there=[])
    assert [row.faults for row in table.rows] == [()] * len(texts.STAFF)


@pytest.mark.parametrize("key", [key for key, one in samples.SAMPLES.items() if one.name.endswith(".pdf")])
def test_the_papers_are_short(key):
    with pikepdf.open(io.BytesIO(samples.content(key))) as pdf:
        assert 1 <= len(pdf.pages) <= 4
