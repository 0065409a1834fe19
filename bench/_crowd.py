"""A city of many agencies, by COPY: each with its account, the application it was filed by, its filing, and all that
these leave behind: papers, publications, messages, claims, events.

What is in force is bounded by the year's number (M37), some forty; what is over is bounded by nothing.
"""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bench._copying import copy
from core.accounts.models import Organisation, OrganisationKind, Position, Role, ServiceConsent, User
from core.audit.models import Event
from core.deadlines.models import Clock
from core.documents import codes
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.publications.models import Publication
from core.reference.models import Occupation
from filings.models import Application, Claim, Filing, FilingScope, FilingSite, Receipt
from registry import entries

FIRST = 1_000_000  # keys from here on are the crowd's
OCCUPATIONS = 3  # of each filing
TERM = datetime.timedelta(days=1095)
MOMENT = "2026-01-01 02:00+00"
APPLICATION, FILING = "filings.application", "filings.filing"


@dataclass(frozen=True)
class One:
    """An agency of the crowd: its number, its county's office and area, the days of its filing (`ended`: the day it was
    over), and its occupations."""

    n: int
    county: int
    area: tuple[str, str]
    begun: datetime.date
    until: datetime.date
    ended: datetime.date | None
    state: str
    scope: list[tuple[int, str, str]]

    @property
    def name(self) -> str:
        return f"{self.area[1]}第{self.n}职业培训学校"

    @property
    def code(self) -> str:
        return f"S{self.n:012}"

    @property
    def verification(self) -> str:
        letters = [
            codes.ALPHABET[self.n // len(codes.ALPHABET) ** k % len(codes.ALPHABET)] for k in range(codes.LENGTH)
        ]
        return "-".join("".join(letters[k : k + 4]) for k in range(0, codes.LENGTH, 4))

    @property
    def credit(self) -> str:
        return f"91{self.n:016}"


def come(first: int, many: int, *, over: bool, on: datetime.date) -> None:
    """Let so many agencies come, numbered from `first`: in force on that day, or (`over`) ended before it."""
    counties = list(
        Organisation.objects.filter(kind=OrganisationKind.COUNTY)
        .order_by("area_id")
        .values_list("pk", "area_id", "area__name")
    )
    occupations = list(Occupation.objects.order_by("code").values_list("code", "name"))
    crowd = [_one(n, counties, occupations, over=over, on=on) for n in range(FIRST + first, FIRST + first + many)]
    for model, rows in _rows(crowd):
        copy(model, rows)
    entries.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as PostgreSQL does by itself


def _one(
    n: int, counties: Sequence[Any], occupations: Sequence[tuple[str, str]], *, over: bool, on: datetime.date
) -> One:
    office, area, name = counties[n % len(counties)]
    begun = on - datetime.timedelta(days=n % 900)
    ended, state = None, "active"
    if over:
        begun = begun - TERM
        state = ("expired", "expired", "deregistered", "terminated")[n % 4]
        ended = begun + (TERM if state == "expired" else datetime.timedelta(days=500))
    held = [(n * OCCUPATIONS + k, *occupations[(n * OCCUPATIONS + k) % len(occupations)]) for k in range(OCCUPATIONS)]
    return One(n, office, (area, name), begun, begun + TERM, ended, state, held)


def _rows(crowd: list[One]) -> Iterable[tuple[type, Iterable[dict[str, Any]]]]:
    centre = Organisation.objects.get(kind=OrganisationKind.CENTRE).pk
    yield Organisation, (
        {"id": one.n, "kind": "agency", "name": one.name, "credit_code": one.credit, "area_id": one.area[0],
         "confirmed_on": one.begun, "active": True}
        for one in crowd
    )  # fmt: skip
    yield User, (
        {"id": one.n, "username": f"u{one.n}", "display_name": "机构管理员", "is_superuser": False, "is_staff": False,
         "is_active": True, "date_joined": MOMENT}
        for one in crowd
    )  # fmt: skip
    yield (
        Position,
        (
            {"id": one.n, "user_id": one.n, "organisation_id": one.n, "role": Role.ADMIN, "since": one.begun}
            for one in crowd
        ),
    )
    yield (
        ServiceConsent,
        ({"id": one.n, "organisation_id": one.n, "given_on": one.begun, "given_by_id": one.n} for one in crowd),
    )
    yield Claim, (
        {"id": one.n, "organisation_id": one.n, "county_id": one.county, "state": "confirmed", "runs": 1,
         "made_on": one.begun, "made_at": MOMENT, "decided_on": one.begun}
        for one in crowd
    )  # fmt: skip
    yield Application, (
        {"id": one.n, "number": f"B-{one.n}", "kind": "initial", "agency_id": one.n, "late": False,
         "receiving_id": one.county, "state": "approved", "runs": 4, "created_on": one.begun, "created_at": MOMENT,
         "first_submitted_on": one.begun, "received_on": one.begun, "accepted_on": one.begun, "deemed_accepted": False,
         "decided_on": one.begun, "name": one.name, "credit_code": one.credit, "area_id": one.area[0],
         "accepts_supervision": True, "not_for_profit": True}
        for one in crowd
    )  # fmt: skip
    yield Clock, (
        {"matter_type": APPLICATION, "matter_id": str(one.n), "kind": "decision", "starts_on": one.begun, "amount": 20,
         "unit": "workday", "due_on": one.begun, "provisional": False, "state": "done", "started_at": MOMENT,
         "ended_on": one.begun}
        for one in crowd
    )  # fmt: skip
    yield from _filed(crowd)
    yield Publication, (row for one in crowd for row in _published(one))
    yield Message, (
        {"key": f"crowd:{one.n}:{organisation}", "kind": "filings.filed", "organisation_id": organisation,
         "roles": "[]", "title": f"{one.name}已备案", "body": "已同意备案。", "matter_type": APPLICATION,
         "matter_id": str(one.n), "on": one.begun, "at": MOMENT}
        for one in crowd
        for organisation in (one.n, one.county, centre)
    )  # fmt: skip
    yield Event, (
        {"at": MOMENT, "on": one.begun, "verb": "approve", "outcome": "done", "actor_label": "市中心负责人",
         "matter_type": APPLICATION, "matter_id": str(one.n), "payload": "{}", "frozen": "{}"}
        for one in crowd
    )  # fmt: skip


def _filed(crowd: list[One]) -> Iterable[tuple[type, Iterable[dict[str, Any]]]]:
    # One file stands for all of them.
    file = OfficialDocument.objects.filter(series="receipt", state="issued")[0].file.name
    centre = Organisation.objects.get(kind=OrganisationKind.CENTRE)
    yield Filing, (
        {"id": one.n, "agency_id": one.n, "application_id": one.n, "code": one.code, "name": one.name,
         "credit_code": one.credit, "area_id": one.area[0], "address": "示例路 1 号", "valid_from": one.begun,
         "valid_until": one.until, "term_from": one.begun, "held_open": False, "state": one.state, "runs": 0,
         "published": 1, "ended_on": one.ended}
        for one in crowd
    )  # fmt: skip
    yield FilingSite, (
        {"id": one.n, "filing_id": one.n, "name": "校本部", "area_id": one.area[0], "address": "示例路 1 号",
         "since": one.begun}
        for one in crowd
    )  # fmt: skip
    yield FilingScope, (
        {"id": pk, "filing_id": one.n, "occupation_id": code, "levels": "[5, 4, 3]", "since": one.begun}
        for one in crowd
        for pk, code, _ in one.scope
    )  # fmt: skip
    yield (
        FilingSite.scope.through,
        ({"id": pk, "filingsite_id": one.n, "filingscope_id": pk} for one in crowd for pk, *_ in one.scope),
    )
    yield OfficialDocument, (
        {"id": one.n, "series": "receipt", "number": f"安人社职评备〔{one.begun.year}〕{one.n}号", "title": "备案回执",
         "issuer_id": centre.pk, "addressee_id": one.n, "issuer_name": centre.name, "addressee_name": one.name,
         "matter_type": APPLICATION, "matter_id": str(one.n), "key": f"crowd:{one.n}", "content": "{}",
         "code": one.verification, "on": one.begun, "public": True, "state": "issued", "file": file,
         "pdf_sha256": f"{one.n:064}", "attempts": 1, "next_try_at": MOMENT, "created_at": MOMENT}
        for one in crowd
    )  # fmt: skip
    yield (
        Receipt,
        (
            {"id": one.n, "filing_id": one.n, "document_id": one.n, "valid_from": one.begun, "valid_until": one.until}
            for one in crowd
        ),
    )


def _published(one: One) -> Iterable[dict[str, Any]]:
    """Its grant, and its end where it is over."""
    record = {
        "name": one.name, "code": one.code, "credit_code": one.credit, "area": one.area[1], "area_code": one.area[0],
        "address": "示例路 1 号", "valid_from": str(one.begun), "valid_until": str(one.until),
        "receipt": f"安人社职评备〔{one.begun.year}〕{one.n}号", "verification": one.verification,
        "scope": [{"code": code, "occupation": name, "levels": [5, 4, 3], "sites": ["校本部"]}
                  for _, code, name in one.scope],
        "sites": [{"name": "校本部", "area": one.area[1], "area_code": one.area[0], "address": "示例路 1 号"}],
        "state": "active", "held_open": False, "ended_on": None, "suspensions": [],
    }  # fmt: skip
    row = {"kind": "filing", "title": one.name, "matter_type": FILING, "matter_id": str(one.n), "at": MOMENT}
    told = [("granted", one.begun, record)]
    if one.ended:
        told.append(("over", one.ended, {**record, "state": one.state, "ended_on": str(one.ended)}))
    for what, day, content in told:
        text = json.dumps(content, ensure_ascii=False)
        yield {**row, "key": f"crowd:{one.n}:{what}", "published_on": day, "content": text}
