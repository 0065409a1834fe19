"""Selection on merit (择优, M11): who stands beside whom for a place on a day, by the experts' marks on the criteria
published beforehand; whom an approval would pass over; what a loser is told.

None waits for a later rival: who is not in assessment yet, or has no marks, stands in nobody's way.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from core.refusals import Reason
from filings import changes, contenders, grants, m7, quota
from filings.enums import ApplicationKind
from filings.models import (
    Application,
    CapOverride,
    PassedOver,
    PlaceGiven,
    Score,
)
from filings.quota import Places

HUNDREDTH = Decimal("0.01")


def points(value: Decimal) -> str:
    """Return marks as papers and pages print them: "75.0", "75.33"."""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


@dataclass(frozen=True)
class Candidate:
    """An application beside others for a place. score: the mean of its sheets in hundredths of the full marks, None
    where there is none yet; overridden: the bureau lets it over the cap, so that nobody takes its place; rank: None
    where it is not scored. urgent counts for the city's places alone: there urgent occupations come first."""

    application: Application
    score: Decimal | None
    sheets: int
    urgent: bool = False
    overridden: bool = False
    rank: int | None = None

    @property
    def key(self) -> tuple[bool, Decimal]:
        """By which it stands before or behind another; the same key is the same rank."""
        return self.urgent, Decimal(-1) if self.score is None else self.score

    @property
    def name(self) -> str:
        """The agency as it applied."""
        return self.application.name or self.application.agency.name

    @property
    def said(self) -> str:
        """Its score in words, for officers: "90.0 分，急需紧缺职业"."""
        marks = "没有专家评分" if self.score is None else f"{points(self.score)} 分"
        return f"{marks}，急需紧缺职业" if self.urgent else marks


def scores(applications: Iterable[int]) -> dict[int, tuple[Decimal, int]]:
    """Return {application: (mean of its sheets in hundredths of the full marks, how many)}; no entry without marks."""
    sheets = (
        Score.objects.filter(task__done_on__isnull=False, task__assessment__application__in=list(applications))
        .values_list("task__assessment__application", "task")
        .annotate(got=Sum("marks"), full=Sum("full_marks"))
    )
    shares: dict[int, list[Decimal]] = {}
    for application, _, got, full in sheets:
        if full:
            shares.setdefault(application, []).append(Decimal(100 * got) / full)
    return {
        application: ((sum(found, Decimal(0)) / len(found)).quantize(HUNDREDTH, ROUND_HALF_UP), len(found))
        for application, found in shares.items()
    }


def standings(caps: Collection[str], on: datetime.date) -> dict[str, list[Candidate]]:
    """Return for each place the applications in assessment for it on that day, the best first, in a handful of
    queries."""
    rows = Application.objects.select_related("agency", "area").defer("legal_representative_id", "contact_phone")
    return _standings(caps, on, m7.urgent_codes(on) if quota.CITY in caps else set(), rows)


def _standings(
    caps: Collection[str], on: datetime.date, urgent: Collection[str], rows: QuerySet[Application]
) -> dict[str, list[Candidate]]:
    """urgent: the occupations on the list, which count for the city's places alone. rows: the applications, with what
    is read of each."""
    wanting = {pk: keys for pk, keys in contenders.wanted(on).items() if keys & set(caps)}
    applications = rows.in_bulk(list(wanting))
    marks = scores(wanting)
    over = set(CapOverride.objects.filter(application__in=wanting, granted=True).values_list("application_id", "cap"))
    return {
        cap: _ranked(
            Candidate(
                application=applications[pk],
                score=marks.get(pk, (None, 0))[0],
                sheets=marks.get(pk, (None, 0))[1],
                urgent=cap == quota.CITY and any(one.partition(":")[2] in urgent for one in keys),
                overridden=(pk, cap) in over,
            )
            for pk, keys in wanting.items()
            if cap in keys
        )
        for cap in caps
    }


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    rows = sorted(found, key=lambda one: (one.score is None, *(-part for part in one.key), one.application.pk))
    scored = [one.key for one in rows if one.score is not None]
    return [one if one.score is None else replace(one, rank=1 + sum(key > one.key for key in scored)) for one in rows]


@dataclass(frozen=True)
class Choice:
    """One place that an approval would take, and who stands beside it."""

    places: Places
    own: Candidate
    candidates: list[Candidate]

    @property
    def rivals(self) -> list[Candidate]:
        """The others."""
        return [one for one in self.candidates if one.application.pk != self.own.application.pk]

    @property
    def contested(self) -> bool:
        """Whether more compete than there are places."""
        return len(self.candidates) > self.places.free

    @property
    def better(self) -> list[Candidate]:
        """The others that are scored and stand before it."""
        return [one for one in self.rivals if one.score is not None and one.key > self.own.key]

    @property
    def passed(self) -> list[Candidate]:
        """The better ones that would be left without a place: those beyond the places that remain after this one. A
        full cap that nobody lets it over is no choice; who is let over the cap has a place whatever is decided."""
        if not self.places.free and not self.own.overridden:
            return []
        left = max(self.places.free - 1, 0)
        before = [one for one in self.better if not one.overridden]
        return [one for one in before if sum(other.key >= one.key for other in before) > left]

    @property
    def could_pass(self) -> bool:
        """Whether it would pass anybody over if its urgent occupations were left out."""
        return bool(replace(self, own=replace(self.own, urgent=False)).passed)


def taken_by(
    application: Application, granted: Collection[str], left_out: grants.Parts, on: datetime.date
) -> list[Places]:
    """Return the places that this approval takes: of a change what comes out of the items that can be applied."""
    if application.kind != ApplicationKind.CHANGE:
        return quota.wanted(application, grants.of(application, granted, left_out), on)
    assert application.filing is not None
    now = changes.of_filing(application.filing, on)
    items = [item.key for item in application.change_items.all() if item.key in granted and changes.settled(item, now)]
    return quota.wanted_by_change(application, items, on)


def choices(
    application: Application, places: Collection[Places], granted: Collection[str], on: datetime.date
) -> list[Choice]:
    """Return each place with who stands beside the application for it. granted: the occupations, which say whether it
    is urgent for the city's places."""
    caps = [one.key for one in places]
    codes = m7.urgent_codes(on) if quota.CITY in caps else set()
    # Asked under the lock of every approval: no more of the others than how they are called.
    rows = Application.objects.select_related("agency").only("name", "agency__name")
    found = _standings(caps, on, codes, rows) if caps else {}
    urgent = bool(codes & set(granted))
    listed = []
    for one in places:
        own = next((c for c in found[one.key] if c.application.pk == application.pk), None)
        if own is not None:  # in assessment, as whoever is compared
            own = replace(own, urgent=one.key == quota.CITY and urgent)
            listed.append(Choice(one, own, found[one.key]))
    return listed


# A place's key to {"reason": why the better ones are passed over, "rivals": who they were when that was written}.
Said = Mapping[str, Mapping[str, Any]]


def field(cap: str) -> str:
    """Return how a form calls the reason for a place."""
    return f"passed-over-{cap}"


def against(found: Iterable[Choice], said: Said) -> list[Reason]:
    """Return one reason for each place for which better ones are passed over without a reason, or others than the
    handler saw: the chief decides on what the handler saw."""
    reasons, open_caps = [], set()
    for choice in found:
        cap, passed = choice.places.key, choice.passed
        given = said.get(cap) or {}
        if not passed:
            continue
        open_caps.add(cap)
        where = f"{choice.places.label}{f'还有 {choice.places.free} 个名额' if choice.places.free else '已满'}"
        names = "、".join(f"{one.name}（{one.said}）" for one in passed)
        own = choice.own.said if choice.own.score is None else f" {choice.own.said}"
        ahead = f"{where}，本件{own}；有 {len(passed)} 件在评估的申请排在前面而会得不到名额：{names}。"
        if not str(given.get("reason") or "").strip():
            reasons.append(Reason("passed_over", f"{ahead}同意本件的，请写明越过的理由。", field(cap), "M11"))
        elif set(given.get("rivals") or []) != {one.application.pk for one in passed}:
            text = f"{ahead}与提议时看到的不同，请看过后重新写明理由。"
            reasons.append(Reason("rivals_changed", text, field(cap), "M11"))
    for cap in sorted(set(said) - open_caps):
        text = "没有越过评分更高的申请（或情况已有变化），不需要写越过的理由，请重新提议。"
        reasons.append(Reason("nobody_passed_over", text, field(cap), "M11"))
    return reasons


def record(found: Iterable[Choice], said: Said, *, run: int, on: datetime.date) -> None:
    """Write down each place given, and who was passed over for it with the reason. In the decision's transaction."""
    found = list(found)
    given = PlaceGiven.objects.bulk_create(
        PlaceGiven(
            application=choice.own.application,
            cap=choice.places.key,
            score=choice.own.score,
            urgent=choice.own.urgent,
            free=choice.places.free,
            given_on=on,
            run=run,
        )
        for choice in found
    )
    PassedOver.objects.bulk_create(
        PassedOver(
            place=place,
            rival=one.application,
            score=one.score,
            urgent=one.urgent,
            reason=str(said[place.cap]["reason"]).strip(),
        )
        for choice, place in zip(found, given, strict=True)
        for one in choice.passed
    )


def lost(application: Application, places: Iterable[Places], on: datetime.date) -> list[str]:
    """Return what the loser of these places is told where they are full now: that they went to a better one while it
    was in assessment, or to another for a recorded reason. Neither names nor scores of others."""
    assessment = getattr(application, "assessment", None)
    full = {one.key: one.label for one in places if not one.free}
    if assessment is None or not full:
        return []
    given: dict[str, list[PlaceGiven]] = {}
    rows = PlaceGiven.objects.filter(cap__in=full, given_on__gte=assessment.started_on)
    for row in rows.exclude(application=application):
        given.setdefault(row.cap, []).append(row)
    passed = set(PassedOver.objects.filter(rival=application).values_list("place__cap", flat=True))
    score = scores([application.pk]).get(application.pk, (Decimal(-1), 0))[0]
    urgent = bool(m7.urgent_codes(on) & set(application.scope.values_list("occupation_id", flat=True)))
    said = []
    for cap, label in full.items():
        winners = [row for row in given.get(cap, ()) if row.score is not None]
        if cap in passed:
            said.append(f"{label}的名额给予了其他申请，理由已记录在案。")
        elif any(row.score > score and row.urgent >= urgent for row in winners):
            said.append(f"{label}的名额已给予评分更高的申请。")
        elif any(row.urgent > urgent for row in winners):
            said.append(f"{label}的名额已优先给予急需紧缺职业的申请。")
    return said
