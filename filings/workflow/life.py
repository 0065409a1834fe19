"""The filing's own life (M14): its last day, what a timely renewal holds open, and what its end closes."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from core.accounts.actors import Actor, system
from core.accounts.models import Organisation
from core.audit.models import Outcome
from core.clock.words import in_words
from core.deadlines import clocks, lapses
from core.deadlines.audience import Concerned
from core.deadlines.lapses import CLOCK_ACTOR
from core.deadlines.models import Clock, ClockState
from core.documents.models import OfficialDocument, Service
from core.documents.verification import undone
from core.workflow.transitions import Step, transition
from filings import permissions, quota, terms, undoing
from filings.enums import OPEN_STATES, ApplicationKind, ApplicationState, FilingState
from filings.models import ENDS_ON_SERVICE, Application, Filing, renewals_holding
from filings.workflow import records, steps

END_OF_VALIDITY = "end_of_validity"


def lock(filing_id: str) -> Filing:
    """Return a filing's row, locked. Always before the applications about it."""
    return Filing.objects.select_for_update(of=("self",)).get(pk=filing_id)


def lock_filing_of(application_id: str) -> None:
    """Lock the filing that an application is about, and those that it granted, one that was revoked too."""
    about = Q(applications__pk=application_id) | Q(application=application_id)
    about |= Q(settings_aside__application=application_id)
    found = Filing.objects.filter(about).values("pk")
    list(Filing.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk"))


def kin_of_application(application_id: str) -> list[tuple[str, str]]:
    """What an application lapses in one legal order with: all that is open of its agency's, and its filing in force."""
    return kin_of_agency(Application.objects.filter(pk=application_id).values_list("agency_id", flat=True).first())


def kin_of_filing(filing_id: str) -> list[tuple[str, str]]:
    """What a filing lapses in one legal order with."""
    return kin_of_agency(Filing.objects.filter(pk=filing_id).values_list("agency_id", flat=True).first())


def kin_of_agency(agency_id: int | None) -> list[tuple[str, str]]:
    """The filing of an agency that has not ended, and its open applications: what one of them may do hangs on the
    others (one open of each kind, none beside a filing), and that is asked of the law and not of the last sweep."""
    filings = Filing.objects.filter(agency_id=agency_id, state=FilingState.ACTIVE).values_list("pk", flat=True)
    waiting = Application.objects.filter(agency_id=agency_id, state__in=OPEN_STATES).values_list("pk", flat=True)
    return [*(("filings.filing", str(pk)) for pk in filings), *(("filings.application", str(pk)) for pk in waiting)]


def settle_agency(agency: Organisation, on: datetime.date) -> None:
    """Carry out what has lapsed of an agency's before a day, in legal order."""
    for matter_type, matter_id in kin_of_agency(agency.pk)[:1]:  # the others are its kin
        lapses.settle(matter_type, matter_id, on)


def audience(clock: Clock) -> list[Concerned]:
    """Whom the end of validity concerns while it runs: the agency, so that it renews in time (M14)."""
    filing = Filing.objects.get(pk=clock.matter_id)
    if clock.state != ClockState.RUNNING or filing.held_open:
        return []
    day = in_words(terms.timely_until(filing))
    body = f"备案有效期即将届满。需要延续的，请在 {day} 前提出延续申请；逾期提出的，不再维持原备案的效力。"
    return [Concerned(filing.agency, steps.AGENCY, filing.name, body, f"/filings/{filing.pk}/")]


def end_of_validity(filing: Filing, clock: Clock, actor: Actor) -> None:
    """The last day is over: the filing expires, unless a timely renewal is undecided; then it holds till that ends."""
    if filing.held_open:
        with transition(filing, "hold", actor=actor, on=clock.due_on, outcome=Outcome.LAPSED) as step:
            tell_all(step, "held", "延续办理中，备案继续有效", "按期提出的延续申请还没有办结，备案至办结之日继续有效。")
        return
    expire(filing, actor=actor, on=clock.due_on)


def expire(filing: Filing, *, actor: Actor, on: datetime.date) -> None:
    """Expire as of the end of a day. Effects in order: the filing's end, its public record, messages; then what was
    asked about it is closed, a late renewal goes on as an initial application (M14)."""
    with transition(filing, "expire", actor=actor, on=on, outcome=Outcome.LAPSED) as step:
        matter: Filing = step.matter
        matter.ended_on, matter.held_open = on, False
        step.end_clock()
        tell_all(
            step, "expired", "备案已失效", f"备案 {matter.code} 的有效期已于 {in_words(on)} 届满，不得再开展评价。"
        )
    close_open(filing, actor=actor, on=on)


def publish(filing: Filing, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """Publish the record as it stands now, in the transaction in which it changed."""
    records.publish(filing, on, ruling=payload.get("ruling"))


def tell_all(step: Step, kind: str, title: str, body: str) -> None:
    """Tell the agency, the centre and the county of the seat."""
    filing: Filing = step.matter
    steps.tell_agency(step, kind, title, body)
    for office in (steps.centre(), permissions.county_of(filing.area_id)):
        steps.tell_office(step, kind, office, f"{title}：{filing.name}", body)


def close_open(filing: Filing, *, actor: Actor, on: datetime.date) -> None:
    """End what is open about a filing that has ended: where it expired, a late renewal handed in goes on as an initial
    application at the centre, and one handed over the counter before the end is entered on; everything else is closed
    (DOMAIN.md, the state table)."""
    clock = system(CLOCK_ACTOR, actor.on)
    expired = filing.state == FilingState.EXPIRED
    # A late renewal that went on as an initial application before is a matter of its own.
    about = filing.applications.exclude(kind=ApplicationKind.INITIAL)
    for application in about.filter(state__in=OPEN_STATES).order_by("id"):
        goes_on = expired and application.kind == ApplicationKind.RENEWAL
        if goes_on and application.state != ApplicationState.DRAFT:
            become_initial(application, actor=clock, on=on)
        elif not goes_on or not application.at_counter:
            close(application, actor=clock, on=on)


def close(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Close an open change, or a renewal never handed in, with the filing it is about."""
    with transition(application, "close", actor=actor, on=on, outcome=Outcome.LAPSED) as step:
        matter: Application = step.matter
        matter.closed_from = matter.state
        step.end_clock()
        text = f"所涉备案已于 {in_words(on)} 终结，这件{matter.get_kind_display()}申请随之终结。"
        steps.tell_agency(step, "closed", "申请已终结", text)
        if matter.receiving is not None:
            steps.tell_office(step, "closed", matter.receiving, f"申请已终结：{matter.name}", text)
    return application


def become_initial(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Let a late renewal whose filing has ended go on where it stands, as an initial application at the centre: no
    recommendation, quota checked, validity from the decision, a new code (M14)."""
    with transition(application, "become_initial", actor=actor, on=on, outcome=Outcome.LAPSED) as step:
        matter: Application = step.matter
        matter.kind, matter.became_initial_on = ApplicationKind.INITIAL, on
        ended_on = matter.filing.ended_on if matter.filing else None
        text = (
            f"原备案已于 {in_words(ended_on or on)} 失效，逾期提出的延续申请转为首次备案继续办理，同意后另发备案编码。"
        )
        steps.tell_agency(step, "became_initial", "延续申请转为首次备案", text)
        steps.tell_office(step, "became_initial", matter.receiving, f"延续转为首次备案：{matter.name}", text)
    return application


def renewal_over(application: Application, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """A renewal was withdrawn or abandoned: what it held open is held no longer."""
    release(application, on=on, today=actor.on)


def renewal_decided(application: Application, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """A renewal was refused or declined: the filing holds until that decision is served."""
    papers = OfficialDocument.objects.filter(number__in=payload.get("documents", ()))
    service = Service.objects.filter(document__in=papers, document__series__in=ENDS_ON_SERVICE.values()).first()
    if service is not None:
        release(application, on=service.served_on, today=actor.on)


def decision_served(document: OfficialDocument, served_on: datetime.date, on: datetime.date) -> str:
    """The decision against a renewal has been served by hand, post, witness or announcement."""
    application = Application.objects.get(pk=document.matter_id)
    if why := undone(document, on):
        return why
    if application.state in (ApplicationState.REFUSED, ApplicationState.DECLINED):
        if application.filing_id is not None:
            lock(str(application.filing_id))
        release(application, on=served_on, today=on)
    return ""


def release(application: Application, *, on: datetime.date, today: datetime.date) -> None:
    """Hold the filing open no longer, unless another timely renewal does; where its last day is over it expires on the
    day the renewal ended."""
    if application.kind != ApplicationKind.RENEWAL or application.filing is None:
        return
    filing = Filing.objects.get(pk=application.filing.pk)
    if not filing.held_open or renewals_holding(today).filter(filing=filing).exclude(pk=application.pk).exists():
        return
    filing.held_open = False
    filing.save(update_fields=["held_open"])
    if clocks.running(filing, "validity") is None:
        expire(filing, actor=system(CLOCK_ACTOR, today), on=max(on, filing.valid_until))
    else:
        records.publish(filing, on)


# -- undone: revoked, restored, a renewal undecided again ----------------------------------------------------------


def revoke(filing: Filing, *, actor: Actor, on: datetime.date, ruling: Mapping[str, Any]) -> Filing:
    """Revoke a filing whose grant was set aside, from that day on; one that had ended before keeps its last day.

    ruling: as filings.undoing.ruling has it. Effects in order: the filing's end and its clock, its public record,
    messages; then everything open about it is closed: there is nothing left to change or renew.
    """
    with transition(filing, "revoke", actor=system(CLOCK_ACTOR, actor.on), on=on) as step:
        matter: Filing = step.matter
        if matter.ended_on is None:
            matter.ended_on = on
        elif matter.state == FilingState.EXPIRED:
            matter.ended_on += terms.ONE_DAY  # it was in force through its last day
        matter.held_open, matter.application = False, None
        step.end_clock()
        step.payload["ruling"] = dict(ruling)
        source = f"{ruling['authority']}（{ruling['number']}）"
        tell_all(step, "revoked", "备案已撤销", f"备案 {matter.code} 依{source}的裁决撤销，不得再据此开展评价。")
    close_open(filing, actor=actor, on=on)
    return filing


def restore(
    filing: Filing, *, actor: Actor, on: datetime.date, held_open: bool = False, grant: Application | None = None
) -> Filing:
    """Put an ended filing in force again, its end undone by review or suit; as expired if its last day has passed,
    unless a timely renewal is undecided again (held_open). grant: of a revoked one the application whose approval
    stands again, and only of such.

    It takes its places back even above the cap (M37). Effects in order: the year of places locked, an earlier filing
    of the agency that has run out ended; the state and the clock of its validity; its public record; messages.
    Raises Refused where the agency has another filing in force, or there is nothing to restore.
    """
    quota.lock_year(on)
    settle_agency(filing.agency, on)
    data = {"held_open": held_open}
    with transition(filing, "restore", actor=system(CLOCK_ACTOR, actor.on), on=on, data=data) as step:
        matter: Filing = step.matter
        assert (grant is None) is (matter.state != FilingState.REVOKED)
        matter.application = grant or matter.application
        over = on > matter.valid_until
        matter.ended_on = matter.valid_until if over and not held_open else None
        matter.held_open = held_open
        if not over:
            start_validity(matter)
        if matter.ended_on is None:
            tell_all(step, "restored", "备案恢复有效", f"备案 {matter.code} 自 {in_words(on)} 起恢复有效。")
        else:
            text = f"备案 {matter.code} 恢复，其有效期已于 {in_words(matter.ended_on)} 届满。"
            tell_all(step, "restored", "备案恢复，已失效", text)
    return filing


def start_validity(filing: Filing) -> None:
    """Start the clock of a filing's validity anew, counted as it was before: to the same last day."""
    clock = undoing.clock_of(filing, filing.valid_until)
    counted_from = clock.starts_on if clock else filing.term_from
    clocks.start(filing, "validity", on=counted_from, lapse=END_OF_VALIDITY)


def taken_up(application: Application, actor: Actor, on: datetime.date, payload: Mapping[str, Any]) -> None:
    """A renewal is handed in, or undecided again. A timely one holds its filing open, which is restored where it had
    run out (set aside since, or handed over the counter before the end and entered after it); a late one whose filing
    has ended goes on as an initial application (M14)."""
    if application.kind != ApplicationKind.RENEWAL:
        return
    filing = lock(str(application.filing_id))
    ended = filing.state != FilingState.ACTIVE
    if application.late and ended:
        become_initial(application, actor=system(CLOCK_ACTOR, actor.on), on=on)
    elif not application.late and ended:
        restore(filing, actor=actor, on=on, held_open=True)
    elif not application.late and not filing.held_open:
        filing.held_open = True
        filing.save(update_fields=["held_open"])
        records.publish(filing, on)
