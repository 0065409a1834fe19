"""How the papers of a transition would look, before it goes: the same contents, without number and code."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from core.accounts.models import Organisation
from core.calendars.calendar import current as current_calendar
from core.deadlines import clocks
from core.documents import rendering
from core.documents import series as document_series
from core.documents.models import OfficialDocument
from core.documents.papers import issuing_body
from core.reference import settings
from core.reference.models import Area, Occupation
from filings import changes, contents, corrections, grants, merit, parts, permissions, terms, undoing
from filings.enums import ApplicationKind, ApplicationState, Requester, RulingAuthority
from filings.models import Application, Filing
from filings.workflow import ending, setting_aside, steps
from regulation.periods import PERIODS
from regulation.remedies import Paper

TO_BE_GIVEN = "（签发时编定）"


@dataclass(frozen=True)
class Draft:
    """A paper as it would be issued."""

    series: str
    content: dict[str, Any]
    issuer: Organisation
    addressee: Organisation


Payload = dict[str, Any]
Make = Callable[[Any, Payload, datetime.date], Draft]  # of an application or a filing


def _to_agency(matter: steps.Matter, series: str, issuer: Organisation, **content: Any) -> Draft:
    return Draft(series, {**contents.common(matter), **content}, issuing_body(issuer), matter.agency)


def _centre() -> Organisation:
    found = steps.centre()
    assert found is not None
    return found


def _due(kind: str, on: datetime.date, amount: int | None = None) -> datetime.date:
    spec = PERIODS[kind]
    if amount is None and spec.setting:
        amount = settings.value(kind, on)
    return spec.run(on, current_calendar(), amount=amount).end


def _correction(application: Application, payload: Payload, on: datetime.date) -> Draft:
    items = [contents.item(mark.key, mark.remark) for mark in corrections.marks(application) if mark.bad]
    return _to_agency(
        application, "correction", steps.receiving(application),
        received_on=application.received_on, items=items, days=payload.get("days") or 0,
    )  # fmt: skip


def _extension(application: Application, payload: Payload, on: datetime.date) -> Draft:
    request = corrections.unanswered(application, Requester.CORRECTION)
    clock = clocks.running(application, "correction")
    days = payload.get("days") or 0
    last = {}
    if clock is not None and days > clock.amount:
        last = {"last_day": clocks.length(clock, min(days, PERIODS["correction"].total_maximum or 60)).end}
    return _to_agency(
        application, "correction_extension", steps.receiving(application),
        correction_number=request.document.number if request and request.document else "",
        reason=payload.get("reason") or "", days=days, **last,
    )  # fmt: skip


def _acceptance(application: Application, payload: Payload, on: datetime.date) -> Draft:
    return _to_agency(
        application, "acceptance", steps.receiving(application),
        received_on=application.received_on, accepted_on=on, decision_due_on=_due("decision", on),
        recommendation_due_on=_due("county_recommendation", on) if application.receiving != _centre() else None,
    )  # fmt: skip


def _decline(application: Application, payload: Payload, on: datetime.date) -> Draft:
    return _to_agency(
        application, "decline", steps.receiving(application),
        received_on=application.received_on, reasons=contents.reasons(payload.get("grounds") or []),
        remedies=contents.remedies(Paper.DECLINE, steps.receiving(application)),
    )  # fmt: skip


def _recommendation(*, late: bool) -> Make:
    def make(application: Application, payload: Payload, on: datetime.date) -> Draft:
        content = {
            **contents.common(application), **contents.who(application),
            "accepted_on": application.accepted_on, "deemed": application.deemed_accepted,
            "favourable": bool(payload.get("positive")), "opinion": payload.get("text") or "", "late": late,
        }  # fmt: skip
        issuer = application.opinion_from or steps.receiving(application)
        return Draft("recommendation", content, issuer, _centre())

    return make


def _supplement(application: Application, payload: Payload, on: datetime.date) -> Draft:
    clock = clocks.running(application, "decision")
    items = [contents.item(key, i["what"]) for i in payload.get("items") or [] if (key := parts.key_of(i))]
    return _to_agency(
        application, "supplement", _centre(),
        accepted_on=application.accepted_on, items=items, decision_due_on=clock.due_on if clock else None,
    )  # fmt: skip


def _receipt(application: Application, payload: Payload, on: datetime.date) -> Draft:
    if application.kind == ApplicationKind.CHANGE:
        return _changed_receipt(application, payload, on)
    wanted = grants.of(application, payload.get("granted") or [], payload.get("left_out") or [])
    filing = application.filing if application.kind == ApplicationKind.RENEWAL else None
    scope = [
        {
            "code": one.occupation,
            "occupation": one.item.occupation.name,
            "levels": one.levels,
            "sites": [site.name for site in one.sites],
        }
        for one in wanted
    ]
    used = {site.pk for one in wanted for site in one.sites}
    sites = [
        {"name": s.name, "area": s.area.name, "address": s.address}
        for s in application.sites.select_related("area")
        if s.pk in used
    ]
    return _to_agency(
        application, "receipt", _centre(), **contents.who(application),
        filing_code=filing.code if filing else TO_BE_GIVEN, address=application.address,
        valid_from=max(filing.valid_until + terms.ONE_DAY, on) if filing else on,
        valid_until=terms.end_of(filing.valid_until if filing else on),
        scope=scope, sites=sites, partial=bool(payload.get("left_out")),
    )  # fmt: skip


def _changed_receipt(application: Application, payload: Payload, on: datetime.date) -> Draft:
    """The receipt of the filing as it will stand: what is granted of the change over what it says today."""
    filing = application.filing
    assert filing is not None
    items = changes.outcome(application, payload.get("granted") or [], on)
    sites = {key: value for key, value in items.items() if key.startswith(changes.SITE)}
    areas = dict(Area.objects.values_list("code", "name"))
    codes = {key.removeprefix(changes.OCCUPATION): value for key, value in items.items() if changes.OCCUPATION in key}
    names = dict(Occupation.objects.filter(pk__in=codes).values_list("code", "name"))
    scope = [
        {
            "code": code,
            "occupation": names[code],
            "levels": value["levels"],
            "sites": [sites[key]["name"] for key in value["sites"] if key in sites],
        }
        for code, value in sorted(codes.items())
    ]
    term = terms.terms(filing, on)[0]
    return _to_agency(
        application, "receipt", _centre(), agency=items["name"], credit_code=filing.credit_code,
        filing_code=filing.code, address=items[changes.SEAT]["address"], valid_from=term.valid_from,
        valid_until=term.valid_until, scope=scope,
        sites=[{"name": s["name"], "area": areas[s["area"]], "address": s["address"]} for s in sites.values()],
        partial=bool(payload.get("left_out")),
    )  # fmt: skip


def _left_out(application: Application, payload: Payload) -> list[dict[str, str]]:
    if application.kind == ApplicationKind.CHANGE:
        return [
            {"what": changes.label(part["item"]), "reason": part["reason"], "basis": part["basis"]}
            for part in payload.get("left_out") or []
        ]
    return contents.left_out(grants.rows(application, payload.get("left_out") or []))


def _partial_refusal(application: Application, payload: Payload, on: datetime.date) -> Draft:
    left_out = _left_out(application, payload)
    taken = merit.taken_by(application, payload.get("granted") or [], payload.get("left_out") or [], on)
    return _to_agency(
        application, "partial_refusal", _centre(), receipt_number=TO_BE_GIVEN, left_out=left_out,
        **contents.selection(application, [part["basis"] for part in left_out], on, taken=[one.key for one in taken]),
        remedies=contents.remedies(Paper.PARTIAL_APPROVAL, _centre()),
    )  # fmt: skip


def _refusal(application: Application, payload: Payload, on: datetime.date) -> Draft:
    return _to_agency(
        application, "refusal", _centre(),
        accepted_on=application.accepted_on, deemed=application.deemed_accepted,
        reasons=contents.reasons(payload.get("grounds") or []),
        **contents.selection(application, [str(one.get("basis")) for one in payload.get("grounds") or []], on),
        remedies=contents.remedies(Paper.REFUSAL, _centre()),
    )  # fmt: skip


def _deregistration(filing: Filing, payload: Payload, on: datetime.date) -> Draft:
    row = filing.deregistrations.filter(pk=payload.get("deregistration") or 0).first()
    if row is None:
        raise KeyError("deregistration")
    effective_on = on if ending.at_once(row, on) else None
    return _to_agency(
        filing, "deregistration", _centre(), **contents.deregistration(row, effective_on),
        remedies=contents.remedies(Paper.DEREGISTRATION, _centre()),
    )  # fmt: skip


def _resumption(application: Application, payload: Payload, on: datetime.date) -> Draft:
    kind, amount, _ = undoing.period(application)
    office = permissions.office_of_decision(application) or _centre()
    state = undoing.state_before(application)
    content = contents.resumption(*_undone(application, payload), state, on, kind, _due(kind, on, amount))
    return _to_agency(application, "resumption", office, **content)


def _revocation(application: Application, payload: Payload, on: datetime.date) -> Draft:
    stands = payload.get("certificates_stand", True)
    effects = undoing.effects(application, on, certificates_stand=stands)
    content = contents.revocation(*_undone(application, payload), effects, _centre())
    return _to_agency(application, "revocation", _centre(), **content)


def _reinstatement(application: Application, payload: Payload, on: datetime.date) -> Draft:
    row, papers = setting_aside.revoking(application)
    content = contents.reinstatement(application, _ruling(payload), row, papers, on)
    return _to_agency(application, "reinstatement", _centre(), **content)


def _undone(application: Application, payload: Payload) -> tuple[Application, Payload, str, list[OfficialDocument]]:
    """What both papers say first: the ruling, the decision that it sets aside, and its papers."""
    return application, _ruling(payload), undoing.decision(application), setting_aside.papers_of(application)


def _ruling(payload: Payload) -> Payload:
    """As far as it is filled in."""
    blank = "（未填写）"
    named = {name: payload.get(name) or blank for name in ("number", "orders")}
    return {**payload, **named, "authority": payload.get("authority") or RulingAuthority.COURT}


# Which papers a transition issues, the chief one first.
_PAPERS: dict[str, dict[str, Make]] = {
    "request_correction": {"correction": _correction},
    "extend_correction": {"correction_extension": _extension},
    "accept": {"acceptance": _acceptance},
    "decline": {"decline": _decline},
    "recommend": {"recommendation": _recommendation(late=False)},
    "give_opinion": {"recommendation": _recommendation(late=False)},
    "give_late_opinion": {"recommendation": _recommendation(late=True)},
    "invite_supplements": {"supplement": _supplement},
    "approve": {"receipt": _receipt, "partial_refusal": _partial_refusal},
    "refuse": {"refusal": _refusal},
    "deregister": {"deregistration": _deregistration},
    "set_aside": {"resumption": _resumption, "revocation": _revocation},
    "reinstate": {"reinstatement": _reinstatement},
}


def papers_of(name: str, payload: Payload, matter: steps.Matter) -> list[tuple[str, str]]:
    """Return (series, title) of the papers that this transition would issue with this payload."""
    only = {"partial_refusal": payload.get("left_out"), "revocation": matter.state == ApplicationState.APPROVED}
    found = [key for key in _PAPERS.get(name, {}) if only.get(key, True)]
    return [(key, document_series.get(key).title) for key in found]


def pdf(matter: steps.Matter, name: str, payload: Payload, *, on: datetime.date, series: str = "") -> bytes:
    """Return the preview of a transition's paper (its first, or the one of `series`). Raises KeyError for none."""
    makers = _PAPERS[name]
    draft = makers[series or next(iter(makers))](matter, payload, on)
    return rendering.preview(
        document_series.get(draft.series),
        draft.content,
        issuer=draft.issuer.name,
        addressee=draft.addressee.name,
        on=on,
    )


def respond(content: bytes) -> HttpResponse:
    """Answer with a preview, shown in a frame of our own pages only."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return response
