"""Registers of paper filings as real XLSX files, made by openpyxl."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.models import Organisation, Role
from core.documents import uploads
from core.workflow import proposals
from filings import workflow
from filings.imports.columns import COLUMNS
from filings.models import Filing, FilingImport
from filings.workflow import importing
from tests.world import DAY, World, file

# One agency of two occupations, the second at another site; the codes of tests.world's agencies end in 01X and 02P.
FIRST: dict[str, Any] = {
    "code": "S000041000801",
    "name": "文峰区丙职业培训学校",
    "credit_code": "52410502MJ00000037",
    "area": "文峰区",
    "address": "文峰区示例路3号",
    "legal_representative": "法定代表人丙",
    "person_in_charge": "负责人丙",
    "valid_from": datetime.date(2024, 3, 1),
    "valid_until": datetime.date(2027, 3, 1),
    "occupation": "6-18-02-04",
    "levels": "五级、四级、三级",
}
SECOND: dict[str, Any] = {
    "occupation": "电工",
    "levels": "五级至四级",
    "site": "汤阴校区",
    "site_area": "410523",
    "site_address": "汤阴县示例路4号",
}
OTHER: dict[str, Any] = {
    **FIRST,
    "code": "S000041000802",
    "name": "汤阴县丁职业培训学校",
    "credit_code": "52410523MJ0000004P",
    "area": "汤阴县",
    "address": "汤阴县示例路5号",
    "valid_from": None,
    "valid_until": "2028年6月30日",
    "occupation": "电工 6-31-01-03",
    "levels": "4",
}


def book(*lines: dict[str, Any], keys: tuple[str, ...] = tuple(COLUMNS)) -> openpyxl.Workbook:
    """A workbook with the headings and these lines."""
    made = openpyxl.Workbook()
    made.active.title = "备案"
    made.active.append([COLUMNS[key].heading for key in keys])
    for line in lines:
        made.active.append([line.get(key) for key in keys])
    return made


def data(made: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def register(*lines: dict[str, Any], edit: Callable[[Any], None] | None = None) -> SimpleUploadedFile:
    """A register as a browser sends it. edit: what is done to its sheet."""
    made = book(*lines)
    if edit is not None:
        edit(made.active)
    return SimpleUploadedFile("台账.xlsx", data(made))


def uploaded(world: World, *lines: dict[str, Any], on: datetime.date = DAY) -> FilingImport:
    """A register of these lines, uploaded by the centre's handler."""
    actor = world.actor("centre handler", on)
    return importing.upload(register(*lines), actor=actor, on=on, source="市中心纸质备案台账")


def proposed(world: World, found: FilingImport, on: datetime.date = DAY, **payload: Any) -> Any:
    """The register proposed to the chief."""
    payload = {"codes_confirmed": False, **payload}
    return proposals.propose(found, "load", actor=world.actor("centre handler", on), on=on, payload=payload)


def loaded(world: World, *lines: dict[str, Any], on: datetime.date = DAY) -> list[Filing]:
    """The filings of a register loaded by two people."""
    found = uploaded(world, *lines, on=on)
    proposals.decide(proposed(world, found, on), actor=world.actor("centre chief", on), on=on)
    return list(found.filings.order_by("id"))


def registered(world: World, who: str = "new admin", **fields) -> Organisation:
    """An account that says the first line's credit code is its own."""
    words = {"name": FIRST["name"], "credit_code": FIRST["credit_code"], "area_id": "410502", **fields}
    organisation = Organisation.objects.create(kind="agency", **words)
    world.add(who, organisation, Role.ADMIN)
    return organisation


def confirmed(world: World, organisation: Organisation, who: str = "new admin", on: datetime.date = DAY) -> None:
    """Its identity confirmed by the county, which gives it what registers loaded under its code."""
    claim = workflow.make_claim(organisation, actor=world.actor(who, on), on=on)
    for slot in ("licence", "authorisation"):
        uploads.receive(file(f"{slot}.pdf"), matter=claim, slot=slot, actor=world.actor(who, on), on=on)
    workflow.confirm_claim(claim, actor=world.actor("county handler", on), on=on)
    organisation.refresh_from_db()
