"""The evidence as an officer weighs it: materials and parts of the form with their marks, the conditions of M7."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.urls import reverse

from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.documents.models import Upload
from filings import corrections, m7
from filings.enums import Requester
from filings.models import Application, Material, PartMark, Request, ScopeItem
from filings.part_contents import Change, changes_of
from filings.parts import PARTS
from filings.views.common import FileLink, file_link
from regulation.codes import level_range_text

# What the last handing in was, at a material that it touched, and at a part that it changed.
TOUCHED = {Requester.CORRECTION: "本次补正改动过", Requester.SUPPLEMENT: "本次补充时改动过"}
CHANGED = {Requester.CORRECTION: "补正时的改动", Requester.SUPPLEMENT: "补充时的改动"}

# Evidence for an item of M7, by the material that shows it.
EVIDENCE = {1: "profile", 2: "venue", 3: "profile", 4: "work_plan", 5: "profile", 6: "work_plan", 7: "record"}

RESULTS = {
    m7.Result.MET: ("符合", "good"),
    m7.Result.UNMET: ("不符合", "bad"),
    m7.Result.DEPARTS: ("已说明理由", "warn"),
    m7.Result.RELAXABLE: ("可放宽", "warn"),
    m7.Result.JUDGE: ("需判断", "mute"),
}


@dataclass(frozen=True)
class MaterialRow:
    """A material with its evidence and its mark."""

    material: Material
    number: int
    label: str
    state: str
    verdict: str
    tone: str
    file: FileLink | None
    earlier: list[FileLink]
    notes: list[str]
    mark_url: str
    touched: str = ""  # what the agency last handed it in anew for, in words

    @property
    def anchor(self) -> str:
        return f"id_material-{self.material.key}"


@dataclass
class CheckRow:
    """A condition of M7 with its result, for each occupation where it is checked so."""

    label: str
    citation: str
    results: list[tuple[str, str, str, str]] = field(default_factory=list)  # occupation, words, tone, detail

    @property
    def met(self) -> bool:
        """The portal found it to hold, for every occupation, and nothing in it to look at."""
        return all(tone == "good" for _, _, tone, _ in self.results)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(words, tone, detail): occupations with the same result stand on one line."""
        grouped: dict[tuple[str, str], list[str]] = {}
        for occupation, words, tone, detail in self.results:
            said = f"{occupation}：{detail}" if occupation and detail else detail
            grouped.setdefault((words, tone), []).append("" if tone == "mute" else said)
        return [(words, tone, "；".join(filter(None, said))) for (words, tone), said in grouped.items()]


@dataclass(frozen=True)
class PartRow:
    """A part of the form with its mark, and what has changed in it since a notice last named it."""

    key: str
    label: str
    citation: str
    mark: PartMark | None
    state: str
    verdict: str
    tone: str
    changed: str
    changes: list[Change]
    mark_url: str
    said: str = ""  # the whole of a part that has nothing to unfold

    @property
    def anchor(self) -> str:
        return f"id_part-{self.key}"

    @property
    def asks(self) -> bool:
        """Whether something in it asks to be looked at: a mark against it, or what was changed since."""
        return self.state == "no" or bool(self.changes) or bool(self.mark and self.mark.touched)


def _part_verdict(mark: PartMark | None) -> tuple[str, str, str]:
    """(state, words, tone) of the mark; nothing is said where nobody has said anything."""
    if mark is None or mark.correct is None:
        return "wait", "改后未看" if mark and mark.touched else "", "warn"
    return ("ok", "无误", "good") if mark.good else ("no", "需补正", "bad")


def pledge_day(application: Application) -> str:
    """Return the day on which the pledge was signed, in words."""
    return in_words(application.pledge_signed_on) if application.pledge_signed_on else "未填写"


def part_rows(application: Application, requests: list[Request]) -> dict[str, PartRow]:
    """Return the parts of the form as the reviewer marks them. requests: all of them, with their items."""
    marks = {mark.key: mark for mark in application.part_marks.all()}
    last = {item.part: (item, request) for request in requests for item in request.items.all() if item.part}
    rows = {}
    for key, part in PARTS.items():
        state, verdict, tone = _part_verdict(marks.get(key))
        item, request = last.get(key, (None, None))
        rows[key] = PartRow(
            key=key,
            label=part.label,
            citation=part.citation.code,
            mark=marks.get(key),
            state=state,
            verdict=verdict,
            tone=tone,
            changed=CHANGED[request.kind] if request and request.answered_on else "机构正在修改，还没有提交",
            changes=changes_of(item) if item else [],
            mark_url=reverse("filings:mark-part", args=[application.pk, key]),
            said=pledge_day(application) if key == "pledge_day" else "",
        )
    return rows


def _verdict(material: Material) -> tuple[str, str, str]:
    """(state, words, tone) of the mark."""
    if material.good:
        return "ok", "齐全 合规", "good"
    if material.bad:
        return (
            "no",
            "、".join(
                word
                for word, bad in (("不齐全", material.complete is False), ("不合规", material.compliant is False))
                if bad
            ),
            "bad",
        )
    return "wait", "未看", "mute"


def materials(
    application: Application, checks: list[m7.Check], names: dict[str, str], *, with_marks: bool = True
) -> list[MaterialRow]:
    """Return the six materials with their files, and what the portal reckons beside them; an expert sees no marks."""
    matter_type, matter_id = matter_key(application)
    uploads: dict[str, list[Upload]] = {}
    for upload in Upload.objects.filter(matter_type=matter_type, matter_id=matter_id).order_by("version"):
        uploads.setdefault(upload.slot, []).append(upload)
    record = [f"{names.get(c.occupation, '')}{c.said}" for c in checks if c.condition.key == "person_times"]
    handed_in = TOUCHED[answered.kind] if (answered := corrections.last_answered(application)) else ""
    rows = []
    for number, material in enumerate(application.materials.select_related("upload"), 1):
        state, verdict, tone = _verdict(material) if with_marks else ("file", "", "mute")
        older = [upload for upload in uploads.get(material.key, []) if upload.pk != material.upload_id]
        rows.append(
            MaterialRow(
                material=material,
                number=number,
                label=material.rule.label,
                state=state,
                verdict=verdict,
                tone=tone,
                file=file_link(material.upload) if material.upload else None,
                earlier=[file_link(upload, current=False) for upload in older] if with_marks else [],
                notes=record if material.key == "record" else [],
                mark_url=reverse("filings:mark", args=[application.pk, material.key]),
                touched=handed_in if with_marks and material.touched else "",
            )
        )
    return rows


def conditions(checks: list[m7.Check], names: dict[str, str]) -> dict[str, Any]:
    """Return what filings/parts/conditions.html prints: what is judged by a person or stands against it, item by item,
    and what the portal found to hold."""
    items = condition_rows(checks, names)
    return {
        "conditions": items,
        "unmet": sum(1 for check in checks if not check.holds),
        "met": sum(len(item["met"]) for item in items),
    }


def condition_rows(checks: list[m7.Check], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return M7 item by item: what the portal checked, and what a person has to judge, with the evidence's key."""
    items = []
    for item, group in groupby(checks, key=lambda check: check.condition.item):
        rows: dict[str, CheckRow] = {}
        for check in group:
            row = rows.setdefault(check.condition.key, CheckRow(check.condition.label, check.condition.citation.code))
            words, tone = RESULTS[check.result]
            if check.warning and check.holds:
                words, tone = f"{words}，请核对", "warn"
            row.results.append((names.get(check.occupation, ""), words, tone, check.said))
        listed = list(rows.values())
        items.append(
            {
                "citation": f"M7({item})",
                "rows": listed,
                "asking": [row for row in listed if not row.met],
                "met": [row for row in listed if row.met],
                "material": EVIDENCE[item],
            }
        )
    return items


def scope_words(scope: list[ScopeItem], levels: list[int] | None = None) -> str:
    """Return "焊工（五—三级）、电工（五—四级）". levels: these, not those applied for."""
    named = [(item.occupation.name, item.levels if levels is None else levels) for item in scope]
    return "、".join(f"{name}（{level_range_text(of)}）" if of else name for name, of in named)
