"""Service (送达) of papers: in the portal on arrival, else recorded with proof; and what starts with it."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from core.accounts.actors import Actor
from core.accounts.models import ServiceConsent
from core.audit import trail
from core.clock.words import in_words
from core.documents.models import OfficialDocument, Service, ServiceMethod, Upload
from core.documents.verification import undone
from core.refusals import NotPossible, Reason
from regulation.periods import PERIODS

ANNOUNCEMENT_DAYS = PERIODS["announced_service"].amount or 0

# By announcement only when these fail (民事诉讼法 95, DOMAIN.md "Service"): read as each of them, with its day and why.
BEFORE_ANNOUNCEMENT = (ServiceMethod.HAND, ServiceMethod.POST, ServiceMethod.WITNESS)

# (the served paper, the day of service, today): runs in the transaction that records the service. Returns why the
# service has no effect, for people; nothing where it takes effect.
OnServed = Callable[[OfficialDocument, datetime.date, datetime.date], str | None]

_reactions: dict[str, list[OnServed]] = {}


def on_served(series: str, function: OnServed) -> None:
    """Register what starts when a paper of this series is served, from an app's ready()."""
    functions = _reactions.setdefault(series, [])
    if function not in functions:
        functions.append(function)


def consenting(documents: Iterable[OfficialDocument], on: datetime.date) -> set[int]:
    """The ids of the addressees that have consented, as of that day, to being served in the portal."""
    addressees = {one.addressee_id for one in documents}
    given = ServiceConsent.objects.filter(organisation__in=addressees, given_on__lte=on)
    return set(given.exclude(withdrawn_on__lte=on).values_list("organisation_id", flat=True))


def serve_in_portal(document: OfficialDocument, on: datetime.date) -> Service | None:
    """Serve a paper on its arrival in the inbox, where the addressee has consented; else None, and it stays unserved.

    For the transaction that creates the paper and its message. What starts with service starts here.
    """
    return next(iter(serve_all_in_portal([document], on)), None)


def serve_all_in_portal(documents: Sequence[OfficialDocument], on: datetime.date) -> list[Service]:
    """Serve those of the papers whose addressee has consented, as `serve_in_portal` does one."""
    willing, served = consenting(documents, on), []
    for document in documents:
        if document.addressee_id in willing:
            served.append(Service.objects.create(document=document, method=ServiceMethod.PORTAL, served_on=on))
            _take_effect(served[-1], on)
    return served


def effective_on(method: str, served_on: datetime.date) -> datetime.date:
    """Return the day of service: of an announcement the 30th day after `served_on`, on which it was posted."""
    announced = method == ServiceMethod.ANNOUNCEMENT
    return served_on + datetime.timedelta(days=ANNOUNCEMENT_DAYS) if announced else served_on


def over(document: OfficialDocument, on: datetime.date) -> list[Reason]:
    """Return why a paper waits for no service on that day: it was served, set aside, or corrected by a newer one. The
    one condition of pages and API."""
    if hasattr(document, "service"):
        return [Reason("already_served", "这份文书已经送达过，不能重复登记。", "document")]
    if why := undone(document, on):
        return [Reason("set_aside", f"{why}不用再登记送达。", "document")]
    if successors := document.successors.all():
        numbers = "、".join(one.number for one in successors)
        return [Reason("superseded", f"这份文书已由{numbers}更正并取代，请登记新文书的送达。", "document")]
    return []


@transaction.atomic
def record_service(
    document: OfficialDocument,
    *,
    method: str,
    served_on: datetime.date,
    proof: Upload | None,
    actor: Actor,
    on: datetime.date,
    note: str = "",
    attempts: Sequence[Mapping[str, Any]] = (),
) -> Service:
    """Record service by hand, post, witness or announcement, with its proof.

    served_on: the day it was handed over; for an announcement the day of posting, which serves at the end of the 30th
    day after it. attempts: how service was tried before, each {"method", "on", "why"} (it failed); an announcement
    needs one of each other method. Effects in order: the row, what starts with service (for an announcement, when its
    days are over; where it comes too late, the row's `no_effect` says why), the audit event. Raises NotPossible with
    every reason.
    """
    locked = OfficialDocument.objects.select_for_update(no_key=True, of=("self",)).get(pk=document.pk)
    reasons = over(locked, on) + _against(document, method, served_on, proof, on)
    reasons += _against_attempts(document, method, served_on, attempts)
    if reasons:
        raise NotPossible(reasons)
    announced = method == ServiceMethod.ANNOUNCEMENT
    day = effective_on(method, served_on)
    service = Service.objects.create(
        document=document,
        method=method,
        served_on=day,
        proof=proof,
        note=note,
        recorded_by=actor.position,
        took_effect=False,
        attempts=[{**one, "on": one["on"].isoformat()} for one in attempts],
    )
    if not announced or day < on:
        _take_effect(service, on)
    trail.record(
        "document.serve",
        actor=actor,
        on=on,
        matter=(document.matter_type, document.matter_id),
        payload={
            "number": document.number,
            "method": method,
            "served_on": day,
            "posted_on": served_on if announced else None,
            "proof": str(proof.pk) if proof else "",
            "note": note,
            "attempts": service.attempts,
            "took_effect": service.took_effect,
            "no_effect": service.no_effect,
        },
    )
    return service


def _against(
    document: OfficialDocument, method: str, served_on: datetime.date, proof: Upload | None, on: datetime.date
) -> list[Reason]:
    reasons = []
    if method not in ServiceMethod.values or method == ServiceMethod.PORTAL:
        reasons.append(Reason("method", "请选择直接、邮寄、留置或公告送达。", "method"))
    if proof is None:
        reasons.append(Reason("no_proof", "请上传送达凭证（回证、邮寄回执、见证记录或公告截图）。", "proof"))
    elif (proof.matter_type, proof.matter_id) != (document.matter_type, document.matter_id):
        reasons.append(Reason("other_proof", "这份凭证属于另一件事，请上传本件的送达凭证。", "proof"))
    if served_on > on:
        reasons.append(Reason("in_the_future", "送达日期不能晚于今天。", "served_on"))
    if served_on < document.on:
        reasons.append(
            Reason("before_issue", f"送达日期不能早于文书签发日期（{in_words(document.on)}）。", "served_on")
        )
    return reasons


def _against_attempts(
    document: OfficialDocument, method: str, served_on: datetime.date, attempts: Sequence[Mapping[str, Any]]
) -> list[Reason]:
    reasons = []
    for one in attempts:
        label, where = ServiceMethod(one["method"]).label, f"attempts-{one['method']}"
        if one["method"] not in BEFORE_ANNOUNCEMENT:
            reasons.append(Reason("attempt_method", f"{label}不是公告之前的送达方式。", where))
        elif not str(one["why"]).strip():
            reasons.append(Reason("attempt_why", f"{label}：请写明为什么没有送到。", where))
        if not document.on <= one["on"] <= served_on:
            reasons.append(
                Reason(
                    "attempt_day", f"{label}：应在文书签发（{in_words(document.on)}）之后、这次送达之前（含）。", where
                )
            )
    if method == ServiceMethod.ANNOUNCEMENT:
        tried = {one["method"] for one in attempts}
        reasons += [
            Reason(
                "attempts_missing",
                f"其他方式都送不到的，才能公告送达：请写明{way.label}在哪一天、为什么没有送到。",
                f"attempts-{way.value}",
            )
            for way in BEFORE_ANNOUNCEMENT
            if way not in tried
        ]
    return reasons


def complete_announcements(on: datetime.date, *, matter: tuple[str, str] | None = None, limit: int = 200) -> int:
    """Carry out what starts with service for announcements served before `on`, of one matter or of all; return how
    many. Safe twice and on several workers; the reaction gets the legal day, not the job's."""
    waiting = Service.objects.filter(took_effect=False, no_effect="", served_on__lt=on).order_by("served_on", "id")
    if matter:
        waiting = waiting.filter(document__matter_type=matter[0], document__matter_id=matter[1])
    count = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            service = (
                waiting.select_for_update(skip_locked=True, of=("self",))
                .select_related("document")
                .filter(pk=pk)
                .first()
            )
            if service is not None:
                _take_effect(service, on)
                count += 1
    return count


def _take_effect(service: Service, on: datetime.date) -> None:
    """Start what waits for the service; what comes too late stays without effect and says why."""
    reactions = _reactions.get(service.document.series, [])
    why = " ".join(said for function in reactions if (said := function(service.document, service.served_on, on)))
    if (service.took_effect, service.no_effect) != (not why, why):
        service.took_effect, service.no_effect = not why, why
        service.save(update_fields=["took_effect", "no_effect"])
