"""Drives several agencies' filings and their model side by side, and asks three ways after every step.

The model (model.py), the SQL reckoning (reckoning.py) and the code's own queries have to agree on: who is in force on
the days around every boundary, what each filing says, places taken, the receipt that counts, open applications, clocks.
"""

import copy
import datetime
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from core.accounts.models import Organisation
from core.calendars.calendar import digest
from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus
from core.documents.models import Upload
from core.reference.models import Area, Occupation, Setting
from core.refusals import Refused
from filings import board, changes, quota, workflow
from filings.assignments import standing_on
from filings.models import Application, Filing, QuotaYear, Receipt, in_force, suspended
from registry.verification import by_code
from tests.filings.factories import another_agency, quick_draft
from tests.filings.life.model import Case, Model, plain
from tests.filings.life.model import Filing as Filed
from tests.filings.life.reckoning import Reckoning, before_and_after
from tests.filings.model import STATUTORY, Days
from tests.world import DAY, FILE, HOLIDAYS_2026, MAKEUP_2026, WORDS, World, make_world

LONG = os.environ.get("FAULTS") == "long"
AGENCIES = {"a": "agency admin", "b": "rival admin", "c": "agency 3 admin", "d": "agency 4 admin"}
AREAS = {"410502": "市区", "410503": "市区", "410523": "汤阴县"}
CODES = ("4-02-02-01", "6-18-02-04", "6-31-01-03")
YEARS = range(2026, 2046)


def life_world() -> World:
    """The small world with a second urban district, a third occupation, two more agencies (one without consent to the
    portal, one of a county), places for three agencies and one in a county, and every year's calendar confirmed, so
    that no clock waits for one."""
    world = make_world()
    QuotaYear.objects.update(places=3)
    Setting.objects.create(key="cap_county", value=1, effective_from=datetime.date(2026, 1, 1), note="样例")
    Area.objects.create(code="410503", name="北关区", kind="市辖区", quota_area="市区")
    Occupation.objects.create(code=CODES[0], name="道路客运汽车驾驶员")
    days = [datetime.date(year, *one) for year in YEARS[1:] for one in STATUTORY]
    CalendarDay.objects.bulk_create(CalendarDay(date=day, kind=DayKind.HOLIDAY, name="节日") for day in days)
    for year in YEARS[1:]:
        rows = [(day, str(DayKind.HOLIDAY), "节日") for day in days if day.year == year]
        CalendarYear.objects.create(year=year, status=YearStatus.CONFIRMED, source="确认", digest=digest(rows))
    another_agency(world, 3)
    another_agency(world, 4)
    world.organisation(AGENCIES["c"]).consents.all().delete()
    Organisation.objects.filter(pk=world.organisation(AGENCIES["d"]).pk).update(area_id="410523")
    return world


def new_model() -> Model:
    """The model of `life_world`."""
    holidays = set(HOLIDAYS_2026) | {datetime.date(year, *one) for year in YEARS[1:] for one in STATUTORY}
    return Model(Days(set(YEARS), holidays, set(MAKEUP_2026)), AREAS, city=3, county=1)


def outcome(act: Callable[[], object]) -> tuple[str, set[str]]:
    """Run an act; return "done", or what refused it with its codes, the full caps by their keys."""
    try:
        act()
    except Refused as refusal:
        reasons = refusal.reasons
        readable = bool(reasons) and all(reason.text for reason in reasons)
        codes = {reason.field if reason.code == "cap_reached" else reason.code for reason in reasons}
        return type(refusal).__name__ if readable else "refused without a reason", codes
    return "done", set()


class Driver:
    """Four agencies in one world, beside the model."""

    world: World
    model: Model
    day: datetime.date
    rulings = 1  # the number of the next one
    looks = 0  # how often it has been looked at: what the code answers one by one is asked in turns

    def actor(self, role: str):
        return self.world.actor(role, self.day)

    def agency(self, who: str):
        """The admin of an agency by its letter."""
        return self.actor(AGENCIES[who])

    first: Model

    def begin(self) -> None:
        """Start on the world's first day, with what `first` has filed already."""
        self.day, self.model, self.rulings = DAY, copy.deepcopy(self.first), 1

    def row(self, case: Case) -> Application:
        return Application.objects.get(pk=case.pk)

    def pass_days(self, days: int) -> None:
        self.day += datetime.timedelta(days)
        self.model.settle(self.day)

    def expect(self, act: Callable[[], object], *, refused: set[str] | None = None) -> bool:
        """Run an act that has to be done, or refused with exactly these reasons; return whether it was done."""
        found, codes = outcome(act)
        assert (found == "done") is (refused is None), (found, codes, refused)
        assert codes == (refused or set()), (found, codes, refused)
        return found == "done"

    # What a draft says

    def start(self, who: str, kind: str, refused: set[str] | None) -> Case | None:
        """Start a draft of a kind; `refused`: why it cannot be started."""
        made: list[Application] = []

        def act() -> None:
            if kind == "initial":
                made.append(quick_draft(self.world, AGENCIES[who], self.day))
            else:
                made.append(workflow.create_application(actor=self.agency(who), on=self.day, kind=kind))

        if not self.expect(act, refused=refused):
            return None
        draft, filing = made[0], self.model.filing_of(who, self.day)
        if kind == "initial":
            area = draft.agency.area_id
            draft.sites.update(name=f"{who}校本部", area_id=area)
            asked = {"name": draft.name, "seat": area, "site:+1": (f"{who}校本部", area)}
            asked["occ:6-18-02-04"] = (5, 4, 3), frozenset({"site:+1"})
            filing = None
        else:
            assert filing is not None
            asked = dict(filing.at(self.day))
        case = Case(who, kind, filing, asked, pk=draft.pk)
        self.model.cases.append(case)
        return case

    def complete(self, case: Case) -> None:
        """Let nothing be missing in a draft but what a step is about: M7 met on every count."""
        draft = self.row(case)
        fit = {"surveillance": True, "environment_ok": True, "safety_ok": True, "fire_ok": True}
        draft.sites.update(square_metres=800, places=60, other_area_reason="就近考评", **fit)
        draft.scope.update(question_bank="国家题库")
        draft.records.all().delete()
        for item in draft.scope.all():
            for back in (3, 2, 1):
                end = self.day - datetime.timedelta(365 * (back - 1) + 1)
                since = end - datetime.timedelta(360)
                draft.records.create(occupation_id=item.occupation_id, since=since, until=end, person_times=3000)
        draft.staff.all().delete()
        for kind in ("staff", "assessors", "supervisors", "experts"):
            draft.staff.create(kind=kind, name=f"{kind}甲")
        for name, value in WORDS.items():
            if name not in ("address", "legal_representative"):
                setattr(draft, name, value)
        draft.pledge_signed_on = self.day
        draft.changed_on = self.day if case.kind == "change" else None
        draft.save()
        for material in draft.materials.filter(upload=None):
            material.upload = Upload.objects.create(
                matter_type="filings.application",
                matter_id=str(draft.pk),
                slot=material.key,
                version=1,
                name=f"{material.key}.pdf",
                media_type="application/pdf",
                size=1,
                pages=1,
                sha256="0" * 64,
                file=FILE,
                uploaded_by=self.world.people[AGENCIES[case.agency]],
                on=self.day,
            )
            material.save()

    # What must agree after every step

    def boundaries(self) -> set[datetime.date]:
        """The days on which something begins or ends, in the model."""
        days = {self.day}
        for filing in self.model.filings:
            days |= {filing.valid_from, filing.term_from, filing.until, filing.last or self.day}
            days |= {day for receipt in filing.receipts for day in (receipt.valid_from, receipt.valid_until)}
            days |= {day for one in filing.suspensions for day in (one.since, one.until or self.day)}
        return days

    def check(self) -> None:
        """Look at all of it, three ways."""
        self.model.settle(self.day)
        self.looks += 1
        reckoning = Reckoning(self.day, before_and_after(self.boundaries()))
        self.in_force_on_every_day(reckoning)
        self.suspended_on_every_day(reckoning)
        self.filings_say_the_same(reckoning)
        self.places_taken(reckoning)
        self.the_receipt_that_counts(reckoning)
        self.open_applications(reckoning)
        self.the_same_clocks(reckoning)
        assigned = {one.pk for one in self.model.assignments if self.model.assigned(one, self.day)}
        same(set(standing_on(self.day).values_list("pk", flat=True)), assigned, "who is assigned")

    def in_turn(self, some: list[Any]) -> list[Any]:
        """Every third of some things, others the next time; all of them in the long search."""
        return some if LONG else some[self.looks % 3 :: 3]

    def in_force_on_every_day(self, reckoning: Reckoning) -> None:
        days = reckoning.days
        modelled = {(day, one.pk) for day in days for one in self.model.filings if self.model.in_force(one, day)}
        same(reckoning.in_force(), modelled, "the reckoning")
        asked = {self.day, *self.in_turn(days)}
        found = {(day, pk) for day in asked for pk in Filing.objects.filter(in_force(day)).values_list("pk", flat=True)}
        same(found, {one for one in modelled if one[0] in asked}, "the code's query")
        each = {(day, row.pk) for row in Filing.objects.all() for day in days if row.in_force(day)}
        same(each, modelled, "the code's method")

    def suspended_on_every_day(self, reckoning: Reckoning) -> None:
        days = reckoning.days
        modelled = {(day, one.pk) for day in days for one in self.model.filings if one.suspended(day)}
        same(reckoning.suspended(), modelled, "the reckoning")
        each = {(day, row.pk) for row in Filing.objects.all() for day in days if row.suspended(day)}
        same(each, modelled, "the code's method")
        today = set(Filing.objects.filter(suspended(self.day)).values_list("pk", flat=True))
        same(today, {pk for day, pk in modelled if day == self.day}, "the code's query")

    def filings_say_the_same(self, reckoning: Reckoning) -> None:
        modelled = {
            (day, one.pk): plain(one.at(day))
            for day in reckoning.ahead
            for one in self.model.filings
            if self.model.in_force(one, day)
        }
        same(reckoning.says(), modelled, "the reckoning")
        rows, begins = Filing.objects.in_bulk(), self.beginnings()
        asked = {key: one for key, one in modelled.items() if key[0] in begins}
        same({key: said(rows[key[1]], key[0]) for key in asked}, asked, "what a change begins from")

    def beginnings(self) -> set[datetime.date]:
        """Today, and each later day from which a filing says something else."""
        ahead = {since for one in self.model.filings for since, _ in one.versions if since > self.day}
        return {self.day, *ahead}

    def places_taken(self, reckoning: Reckoning) -> None:
        model = self.model
        modelled = Counter(
            (day, *pair)
            for day in reckoning.ahead
            for one in model.filings
            if model.in_force(one, day)
            for pair in model.takes(one.at(day))
        )
        same(reckoning.taken(), modelled, "the reckoning")
        here = {key[1:]: count for key, count in modelled.items() if key[0] == self.day}
        for (code, area), count in self.in_turn(sorted(here.items())):
            asked = quota.places(code, area, self.day)
            same((asked.taken, asked.cap), (count, model.cap(area, self.day)), f"places of {code} in {area}")
        found = board.board(self.day)
        cells = {(row.occupation.pk, cell.area): cell.places.taken for row in found["rows"] for cell in row.cells}
        same({key: count for key, count in cells.items() if count}, here, "the board")
        city = found["city"]
        same((city.taken, city.cap), (model.filed(self.day), model.cap("city", self.day)), "the city's places")

    def the_receipt_that_counts(self, reckoning: Reckoning) -> None:
        model = self.model
        rows = {one.pk: list(Receipt.objects.filter(filing_id=one.pk).order_by("id")) for one in model.filings}
        modelled = {
            (day, one.pk): rows[one.pk][one.receipts.index(receipt)].pk
            for day in reckoning.ahead
            for one in model.filings
            if model.in_force(one, day) and (receipt := model.receipt(one, day))
        }
        same(reckoning.receipts(), modelled, "the reckoning")
        for (day, pk), counts in modelled.items():
            stored = [row.pk for row in rows[pk] if row.valid_from <= day]
            stored = [
                row.pk
                for row in rows[pk]
                if row.pk in stored and (row.superseded_on is None or row.superseded_on > day)
            ]
            same(stored, [counts], f"not superseded on {day}")
        for one in model.filings:
            if Filing.objects.get(pk=one.pk).held_open and not model.held(one):
                continue  # a hold that ran out by a lapse alone is published when the lapse is carried out
            for place, row in enumerate(rows[one.pk]):
                for day in {
                    self.day,
                    *(receipt.valid_from for receipt in one.receipts if receipt.valid_from > self.day),
                }:
                    found = by_code(row.document.code, day).finding.standing.value
                    same(found, self.standing(one, place, day), f"receipt {place} of {one.pk} on {day}")

    def standing(self, filing: Filed, place: int, day: datetime.date) -> str:
        """What anyone learns of a receipt on a day."""
        receipt, later = filing.receipts[place], filing.receipts[place + 1 :]
        if filing.end not in ("", "expired") and day > (filing.last or day):
            return filing.end
        if any(one.valid_from == receipt.valid_from or receipt.valid_from < one.valid_from <= day for one in later):
            return "superseded"
        if not self.model.in_force(filing, day):
            return "expired"
        if receipt.valid_from > day:
            return "coming"
        return "suspended" if filing.suspended(day) else "valid"

    def open_applications(self, reckoning: Reckoning) -> None:
        agencies = {who: self.world.organisation(name).pk for who, name in AGENCIES.items()}
        modelled = {(agencies[case.agency], case.kind, case.pk) for case in self.model.cases if case.open}
        same(reckoning.open_applications(), modelled, "the reckoning")

    def the_same_clocks(self, reckoning: Reckoning) -> None:
        modelled = {
            ("application", case.pk, kind): clock for case in self.model.cases for kind, clock in case.clocks.items()
        }
        modelled |= {
            ("filing", one.pk, "validity"): (one.clock_from, one.until)
            for one in self.model.filings
            if one.last is None and one.until >= self.day
        }
        same(reckoning.clocks(), modelled, "the reckoning")


def same(found: Any, modelled: Any, who: str) -> None:
    """Make sure that two say the same, and name what alone differs."""
    if found == modelled:
        return
    if isinstance(found, dict) and isinstance(modelled, dict):
        found, modelled = (
            {key: one[key] for key in one if other.get(key) != one[key]}
            for one, other in ((found, modelled), (modelled, found))
        )
    elif isinstance(found, set):
        found, modelled = found - modelled, modelled - found
    raise AssertionError(f"{who} says {found}, the model {modelled}")


def said(row: Filing, day: datetime.date) -> dict[str, Any]:
    """What the code says that a filing says on a day, in the form of `model.plain`."""
    items = changes.of_filing(row, day)
    sites = {key: (one["name"], one["area"]) for key, one in items.items() if key.startswith(changes.SITE)}
    return {
        "name": items["name"],
        "seat": items[changes.SEAT]["area"],
        "sites": sorted(sites.values()),
        "scope": {
            key.removeprefix(changes.OCCUPATION): (
                sorted(value["levels"]),
                sorted(sites[site] for site in value["sites"] if site in sites),
            )
            for key, value in items.items()
            if key.startswith(changes.OCCUPATION)
        },
    }
