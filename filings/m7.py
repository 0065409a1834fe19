"""The live self-check against M7: every condition on the application's data, for agency and reviewer alike."""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.models import prefetch_related_objects
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from core.clock.words import in_words, span_in_words
from filings.enums import StaffKind
from filings.models import Application, ScopeItem, UrgentOccupation
from regulation.conditions import CONDITIONS, Condition
from regulation.thresholds import M7_WINDOW_YEARS, THRESHOLDS, meets_m7_person_times


class Result(StrEnum):
    """How a condition stands. JUDGE: a person judges it; DEPARTS: 原则上, departed from with a reason."""

    MET = "met"
    UNMET = "unmet"
    DEPARTS = "departs"
    RELAXABLE = "relaxable"
    JUDGE = "judge"


@dataclass(frozen=True)
class Check:
    """One condition of M7 on this application; `occupation` is its code where it is checked for each. `warning`: what
    to look at all the same, whatever the result."""

    condition: Condition
    result: Result
    detail: str
    warning: str = ""
    occupation: str = ""

    @property
    def holds(self) -> bool:
        """Nothing in it stands against approval by itself."""
        return self.result in (Result.MET, Result.DEPARTS, Result.JUDGE)

    @property
    def said(self) -> str:
        """The detail, and the warning behind it."""
        return "；".join(filter(None, (self.detail, self.warning)))


# What the checks look at, beside the application's own row.
ROWS = ("area", "scope__occupation", "scope__sites__area", "sites__area", "staff__occupations", "records")


def checks(application: Application, on: datetime.date, *, sites: Collection[int] | None = None) -> list[Check]:
    """Return every check of M7 in its order. `on`: the day of first submission once there is one, else today.

    sites: judge these sites alone, the ones that are granted; None: all. Reads the related rows once for this instance
    of the application; a failing check never blocks a draft.
    """
    prefetch_related_objects([application], *ROWS)
    return _judged(_facts(application, on, urgent_codes(on), sites))


def checks_of_many(applications: Sequence[Application], on: datetime.date) -> dict[int, list[Check]]:
    """Return the checks of each of these, in a fixed number of queries however many they are."""
    prefetch_related_objects(applications, *ROWS)
    urgent = urgent_codes(on)
    return {one.pk: _judged(_facts(one, on, urgent)) for one in applications}


def _facts(
    application: Application, on: datetime.date, urgent: set[str], sites: Collection[int] | None = None
) -> "_Facts":
    return _Facts(
        application=application,
        day=application.first_submitted_on or on,
        scope=list(application.scope.all()),
        sites=[site for site in application.sites.all() if sites is None or site.pk in sites],
        staff=list(application.staff.all()),
        records=list(application.records.all()),
        urgent=urgent,
    )


def _judged(facts: "_Facts") -> list[Check]:
    found = []
    for condition in CONDITIONS.values():
        if not condition.machine:
            found.append(Check(condition, Result.JUDGE, "由审核人员对照材料判断"))
        elif condition.per_occupation:
            judge = _PER_OCCUPATION[condition.key]
            if not facts.scope:
                found.append(Check(condition, Result.UNMET, "还没有填写申请的职业（工种）"))
            found.extend(Check(condition, *judge(facts, item), occupation=item.occupation_id) for item in facts.scope)
        else:
            found.append(Check(condition, *_WHOLE[condition.key](facts)))
    return found


def urgent_codes(on: datetime.date) -> set[str]:
    """Return the occupation codes on the published urgent list on that day."""
    rows = UrgentOccupation.objects.filter(since__lte=on).exclude(until__lt=on)
    return set(rows.values_list("occupation_id", flat=True))


def _verdict(ok: bool, good: str, bad: str) -> tuple[Result, str]:
    return (Result.MET, good) if ok else (Result.UNMET, bad)


@dataclass(frozen=True)
class _Facts:
    """The application's rows, read once; one method per machine-checked condition, named by its key."""

    application: Application
    day: datetime.date
    scope: list[ScopeItem]
    sites: list[Any]
    staff: list[Any]
    records: list[Any]
    urgent: set[str]

    def registered_locally(self) -> tuple[Result, str]:
        area = self.application.area
        return _verdict(area is not None, f"注册地：{area}", "还没有填写注册地所在县（市、区）")

    def legal_person(self) -> tuple[Result, str]:
        form = self.application.legal_form
        return _verdict(bool(form), self.application.get_legal_form_display(), "还没有填写法人类型")

    def credit_code(self) -> tuple[Result, str]:
        code = self.application.credit_code
        try:
            uscc.validate(code)
        except InvalidChecksum:
            return Result.MET, f"{code}：校验位不符，请审核人员核对证照原件"
        except ValidationError:
            return Result.UNMET, "统一社会信用代码应为18位"
        return Result.MET, code

    def surveillance(self) -> tuple[Result, str]:
        without = [site.name for site in self.sites if not site.surveillance]
        if not self.sites:
            return Result.UNMET, "还没有填写考评场地"
        return _verdict(not without, f"{len(self.sites)} 处场地都有视频监控", f"没有视频监控：{'、'.join(without)}")

    def same_area(self) -> tuple[Result, str]:
        away = [site for site in self.sites if site.area_id != self.application.area_id]
        if not self.sites:
            return Result.UNMET, "还没有填写考评场地"
        if not away:
            return Result.MET, "场地都在注册地所在县（市、区）"
        names = "、".join(f"{site.name}（{site.area}）" for site in away)
        if all(site.other_area_reason.strip() for site in away):
            return Result.DEPARTS, f"不在注册地，已说明理由：{names}"
        return Result.UNMET, f"不在注册地，请说明理由：{names}"

    def own_unit(self) -> tuple[Result, str]:
        unit = self.application.unit_name
        return _verdict(bool(unit.strip()), unit, "还没有填写专门机构名称")

    def accepts_supervision(self) -> tuple[Result, str]:
        return _verdict(self.application.accepts_supervision, "已承诺", "还没有勾选自愿接受监督的承诺")

    def three_years(self) -> tuple[Result, str]:
        since = self.application.training_since
        if since is None:
            return Result.UNMET, "还没有填写开展培训评价的起始日期"
        full = years_before(since, -M7_WINDOW_YEARS)  # a school's beginning may lie before any calendar here
        if full > self.day:
            return Result.UNMET, f"自{in_words(since)}起，到{in_words(full)}才满{M7_WINDOW_YEARS}年"
        gaps = [span_in_words(first, last) for first, last in self._years_without_record()]
        return _verdict(not gaps, f"自{in_words(since)}起", f"{'、'.join(gaps)}没有培训评价记录")

    def _years_without_record(self) -> list[tuple[datetime.date, datetime.date]]:
        """The years of the window, the earliest first, in which nothing was trained or evaluated."""
        years = [
            (years_before(self.day, back + 1), years_before(self.day, back))
            for back in reversed(range(M7_WINDOW_YEARS))
        ]
        return [
            (first, last)
            for first, last in years
            if not any(r.person_times and r.since <= last and r.until > first for r in self.records)
        ]

    def sites_for(self, item: ScopeItem) -> tuple[Result, str]:
        names = [site.name for site in item.sites.all()]
        return _verdict(bool(names), "、".join(names), "没有对应的考评场地")

    def staff_for(self, item: ScopeItem, kind: str) -> tuple[Result, str]:
        """People named for no occupation in particular serve all of them."""
        label = StaffKind(kind).label
        members = [
            member
            for member in self.staff
            if member.kind == kind
            and item.occupation_id in ({o.pk for o in member.occupations.all()} or {item.occupation_id})
        ]
        return _verdict(bool(members), f"{label} {len(members)} 人", f"没有{label}")

    def question_bank(self, item: ScopeItem) -> tuple[Result, str]:
        return _verdict(bool(item.question_bank.strip()), item.question_bank, "没有填写题库来源")

    def person_times(self, item: ScopeItem) -> tuple[Result, str, str]:
        """With what may have been counted twice: a warning, never a ground by itself."""
        return *self._person_times(item), counted_twice(self.records, item.occupation_id)

    def _person_times(self, item: ScopeItem) -> tuple[Result, str]:
        total = person_times(self.records, item.occupation_id, self.day)
        text = f"近{M7_WINDOW_YEARS}年 {total:,} 人次"
        if meets_m7_person_times(total):
            return Result.MET, text
        needed = THRESHOLDS["m7_person_times"].figure
        if across := records_across(self.records, item.occupation_id, self.day):
            start = years_before(self.day, M7_WINDOW_YEARS)
            spans = "、".join(span_in_words(r.since, r.until) for r in across)
            text = f"{text}（{spans}跨出这3年，没有计入；请在{in_words(start)}处拆成两行）"
        if item.occupation_id in self.urgent:
            return Result.RELAXABLE, f"{text}，低于 {needed:,}；属急需紧缺职业，可说明理由适当放宽"
        return Result.UNMET, f"{text}，低于 {needed:,}，不在急需紧缺目录"


def person_times(records: list[Any], occupation: str, day: datetime.date) -> int:
    """Return the person-times of one occupation in the 3 years up to `day`; spans count that lie inside whole."""
    start = years_before(day, M7_WINDOW_YEARS)
    return sum(r.person_times for r in records if r.occupation_id == occupation and r.since >= start and r.until <= day)


def records_across(records: list[Any], occupation: str, day: datetime.date) -> list[Any]:
    """Return the spans that begin before the window and end in it: counted only once split, since how many of their
    person-times fall inside nobody can tell from the row."""
    start = years_before(day, M7_WINDOW_YEARS)
    return [r for r in records if r.occupation_id == occupation and r.since < start <= r.until <= day]


def counted_twice(records: list[Any], occupation: str) -> str:
    """Return, in words, which records of an occupation may count the same people twice: lines entered alike, and spans
    that overlap. Both may be right (two courses at a time), so they are named for people to look at."""
    lines = Counter(sorted((r.since, r.until, r.person_times) for r in records if r.occupation_id == occupation))
    alike = [
        f"{span_in_words(*line[:2])} {line[2]:,} 人次填了 {times} 次" for line, times in lines.items() if times > 1
    ]
    across, last = [], None
    for line in lines:
        if last and line[0] <= last[1]:
            across.append(f"{span_in_words(*last[:2])} 与 {span_in_words(*line[:2])}")
        last = line if last is None else max(last, line, key=lambda one: one[1])
    said = []
    if alike:
        said.append(f"{_some(alike)}，可能重复填写，请核对")
    if across:
        said.append(f"时间有重叠：{_some(across)}，请核对人次没有重复计算")
    return "；".join(said)


Line = tuple[datetime.date, datetime.date, int]


# How many of them a warning spells out.
NAMED = 3


def _some(found: list[str]) -> str:
    more = len(found) - NAMED
    return "、".join(found[:NAMED]) + (f"等 {len(found)} 处" if more > 0 else "")


def years_before(day: datetime.date, years: int) -> datetime.date:
    """Return the corresponding day `years` earlier (later for a negative figure); the month's last day where
    there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


_WHOLE: dict[str, Callable[[_Facts], tuple[Result, str]]] = {
    "registered_locally": _Facts.registered_locally,
    "legal_person": _Facts.legal_person,
    "credit_code": _Facts.credit_code,
    "surveillance": _Facts.surveillance,
    "same_area": _Facts.same_area,
    "own_unit": _Facts.own_unit,
    "accepts_supervision": _Facts.accepts_supervision,
    "three_years": _Facts.three_years,
}
_PER_OCCUPATION: dict[str, Callable[[_Facts, ScopeItem], tuple[Result, str] | tuple[Result, str, str]]] = {
    "sites": _Facts.sites_for,
    "question_bank": _Facts.question_bank,
    "person_times": _Facts.person_times,
    **{kind.value: partial(_Facts.staff_for, kind=kind.value) for kind in StaffKind},
}
