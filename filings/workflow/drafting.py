"""Draft, submission, withdrawal: the agency's side."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.accounts.models import Organisation, OrganisationKind, Role
from core.audit.matters import key as matter_key
from core.clock.words import in_words
from core.deadlines import lapses
from core.deadlines.models import Clock
from core.documents import uploads
from core.documents.models import Upload
from core.notifications import outbox
from core.reference.counters import next_number
from core.refusals import Invalid, Reason, Refused
from core.workflow.transitions import Step, transition
from filings import conditions, contents, counter, lateness, parts, permissions
from filings.enums import OPEN_STATES, ApplicationKind, ApplicationState, FilingState
from filings.models import Application, Filing, Material, in_force
from filings.workflow import draft_rows, following, life, reusing, steps
from regulation.materials import MATERIALS


def create_application(
    *,
    actor: Actor,
    on: datetime.date,
    kind: str = ApplicationKind.INITIAL,
    based_on: Application | None = None,
    agency: Organisation | None = None,
    counter_on: datetime.date | None = None,
) -> Application:
    """Start a draft for the actor's agency, prefilled with what is known of it, with its six empty materials.

    based_on: an ended application of the agency that the draft is filled from (`reusing.fill`). agency, counter_on: for
    which agency a handler enters what came over the counter, and the day it came (today, where it is not said); the
    draft is the office's from the start, and the agency is told at once. Raises NotAllowed for anyone else, Invalid
    for a day ahead, Refused where one of the kind is open already, a filing is in force, or `based_on` has not ended or
    holds nothing to take over.
    """
    over_counter = agency is not None
    if agency is None:
        agency = actor.organisation
        steps.require(agency is not None and agency.kind == OrganisationKind.AGENCY, "提交备案申请")
        assert agency is not None
        if counter_on is not None:
            raise Invalid(counter.ONLINE)
    # What has lapsed of the agency's before is carried out first, and committed.
    life.settle_agency(agency, on)
    with database.atomic():
        entered = (counter_on or on) if over_counter else None
        return _create(agency, actor=actor, on=on, kind=kind, based_on=based_on, entered=entered)


def _create(
    agency: Organisation,
    *,
    actor: Actor,
    on: datetime.date,
    kind: str,
    based_on: Application | None,
    entered: datetime.date | None,
) -> Application:
    """Make the draft. entered: the day it came over the counter, None online."""
    # The organisation's row serialises two drafts started at once.
    agency = Organisation.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    entry: dict[str, Any] = {}
    if entered is not None:
        entry = _entry(agency, kind, entered, actor=actor, on=on)
    if agency.applications.filter(kind=kind, state__in=OPEN_STATES).exists():
        raise Refused(Reason("open_already", "已有一件办理中的同类申请，请先办完或撤回。"))
    filing = agency.filings.filter(in_force(on)).first()
    if filing is None and entered is not None and kind == ApplicationKind.RENEWAL:
        # Handed over while it was in force: that it has run out since was the office's doing (M14).
        filing = agency.filings.filter(in_force(entered), state=FilingState.EXPIRED).first()
    if reasons := _against_starting(kind, filing, entered=entered, on=on):
        raise Refused(reasons)
    if based_on is not None:
        steps.require(permissions.is_own_agency.test(actor, based_on), "沿用这份申请")
        if kind != ApplicationKind.INITIAL or not reusing.reusable(agency).filter(pk=based_on.pk).exists():
            raise Refused(Reason("not_reusable", "只能沿用本机构已经结束、填写过职业（工种）的申请。", "based_on"))
    application = Application.objects.create(
        number=f"{on.year}-{next_number('application', on.year):04d}",
        kind=kind,
        filing=filing,
        agency=agency,
        created_on=on,
        name=agency.name,
        credit_code=agency.credit_code,
        area=agency.area,
        **entry,
    )
    Material.objects.bulk_create(Material(application=application, key=key) for key in MATERIALS)
    if based_on is not None:
        reusing.fill(application, based_on, actor=actor, on=on)
    if filing is not None:
        following.begin(application, filing, actor=actor, on=on)
    source = {"based_on": based_on.number} if based_on else {}
    more = {**source, **counter.behalf(application, actor)}
    steps.note(application, "create", actor=actor, on=on, number=application.number, **more)
    if entered is not None:
        outbox.send(
            f"counter:{application.pk}:begun",
            "counter_begun",
            organisation=agency,
            roles=steps.AGENCY,
            title=f"窗口正在代录您的{application.get_kind_display()}申请",
            body=f"{application.receiving}于{in_words(application.counter_on or on)}收到您在窗口递交的申请，正在录入。"
            "您可以随时查看；不是您递交的，请立即联系受理单位，或撤回这件申请。",
            on=on,
            link=f"/applications/{application.pk}/",
            matter=application,
        )
    return application


def _entry(
    agency: Organisation, kind: str, counter_on: datetime.date, *, actor: Actor, on: datetime.date
) -> dict[str, Any]:
    """The marks of an entry at the counter: who, when, and the office that has thereby received it."""
    steps.require(permissions.may_enter(actor, agency, kind), "代录这家机构的申请")
    if reasons := counter.against_day(counter_on, on):
        raise Invalid(reasons)
    if agency.confirmed_on is None:
        text = "这家机构的身份还没有核实。请先办理身份核实，再代录申请。"
        raise Refused(Reason("agency_unconfirmed", text, "agency", "M9"))
    office = permissions.counter_office(kind, agency.area_id)
    return {"entered_by": actor.seat, "counter_on": counter_on, "receiving": office}


def _against_starting(
    kind: str, filing: Filing | None, *, entered: datetime.date | None, on: datetime.date
) -> list[Reason]:
    """An initial application needs that there is no filing in force; a change and a renewal need one that has not ended
    yet (M13, M14), or, of a renewal at the counter, that has only run out since it was handed over."""
    if kind == ApplicationKind.INITIAL:
        already = Reason("filed_already", "机构已有有效备案，不需要再次首次申请。", citation="M14")
        return [already] if filing else []
    if filing is None:
        return [Reason("not_filed", "机构没有有效的备案，请申请首次备案。", citation="M13")]
    renews = kind == ApplicationKind.RENEWAL
    run_out = renews and entered is not None and filing.state == FilingState.EXPIRED
    if filing.ended_on is not None and not run_out:  # it ends with this day, and what was open about it is closed
        return [Reason("filing_over", "备案今日终结，不能再申请变更或延续；明日起可以申请首次备案。", citation="M14")]
    return conditions.renewal_window(filing, entered or on) if renews else []


@steps.after_lapses
def save_draft(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    fields: Mapping[str, Any],
    base: str = "",
    names: tuple[str, ...] = (),
) -> Application:
    """Write the agency's own fields of a draft, or later of the parts that a notice named. `base`: the
    `draft_rows.version` of `names` that the page was opened with, where it has one.

    Raises as `draft_rows.editing` does; Invalid for a day that lies ahead, NotPossible for an outdated page,
    ValueError for a field not its own."""
    touched = [parts.of_field(name) for name in fields]
    with draft_rows.editing(application, touched, actor=actor, on=on) as (locked, _):
        draft_rows.refuse_future(fields, on)
        draft_rows.refuse_outdated(locked, names or tuple(fields), base, fields)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save()
    application.refresh_from_db()
    return application


@uploads.scanned_first
@database.atomic
def upload_material(application: Application, key: str, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take a file as the newest version of a material, in a draft. Raises Invalid for a file that cannot be taken."""
    steps.require(permissions.acts_for_agency.test(actor, application), "上传材料")
    if key not in MATERIALS:
        raise Invalid(Reason("unknown_material", "没有这一项材料。"))
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.DRAFT, what="上传材料")
    upload = steps.receive_material(locked, key, file, actor=actor, on=on)
    material = locked.materials.get(key=key)
    material.upload = upload
    material.save()
    steps.note(
        locked,
        "upload",
        actor=actor,
        on=on,
        material=key,
        sha256=upload.sha256,
        version=upload.version,
        **counter.behalf(locked, actor),
    )
    return upload


def submit(
    application: Application,
    *,
    actor: Actor,
    on: datetime.date,
    counter_on: datetime.date | None = None,
    late_reason: str = "",
) -> Application:
    """Hand in a draft (M9): fixes the receiving county, starts its 5 working days, issues the acknowledgement.

    counter_on: of what came over the counter the day it came, where that is not what the entry says; late_reason: why
    it was entered only after its 5 working days, for then it is deemed accepted as of their last day (M10).

    Effects in order: receiving office and receipt day; completeness clock (lapses into acceptance); acknowledgement;
    messages to county and agency; of a late entry to the chiefs; what a renewal does to its filing (life.taken_up); and
    what has lapsed meanwhile.
    """
    data = {"counter_on": counter_on, "late_reason": late_reason}
    with transition(application, "submit", actor=actor, on=on, data=data) as step:
        matter: Application = step.matter
        if matter.receiving is None:
            # A change and a renewal go to the original filing authority (M13, M14).
            first = matter.kind == ApplicationKind.INITIAL
            matter.receiving = permissions.county_of(matter.area_id) if first else steps.centre()
        if matter.at_counter:
            matter.counter_on = counter_on or matter.counter_on
        day = matter.counter_on or on
        matter.first_submitted_on = matter.first_submitted_on or day
        matter.received_on = day
        following.handed_in(matter, on, received=day)
        step.payload |= counter.rest(matter, "submit", actor=actor, on=on, day=matter.counter_on)
        clock = step.start_clock("completeness", on=day, lapse="deem_accepted")
        acknowledge(step, clock)
        steps.tell_office(
            step,
            "received",
            steps.receiving(matter),
            f"收到备案申请：{matter.name}",
            f"请在 {in_words(clock.due_on)} 24:00 前审核材料，逾期视为受理。",
            (Role.HANDLER,),
        )
        if matter.at_counter:
            step.payload |= {"counter_on": day, "late_reason": late_reason.strip()}
            timely = not matter.late and lateness.late(matter, on)
            tell_late_entry(step, clock, "按窗口递交日期属于按期提出，按录入日期则已逾期。" if timely else "")
    # Nothing of what has lapsed since the day of receipt waits for a sweep.
    lapses.settle(*matter_key(application), on)
    application.refresh_from_db()
    return application


def tell_late_entry(step: Step, clock: Clock, decided: str) -> None:
    """Tell the chiefs of the office and of the centre where the day of the counter decides something that the day of
    entry would not: the period for checking was over, or what `decided` says (nothing: "")."""
    matter: Application = step.matter
    day, found = clock.starts_on, [decided] if decided else []
    if counter.deemed_from(day, step.on):
        why = step.payload.get("late_reason")
        found.append(f"审核期限{in_words(clock.due_on)}已届满，依法视为受理。" + (f"原因：{why}" if why else ""))
    for office in dict.fromkeys((steps.receiving(matter), steps.centre())) if found else ():
        steps.tell_office(
            step,
            "late_entry",
            office,
            f"窗口收件事后录入：{matter.name}",
            f"{in_words(day)}收到，{in_words(step.on)}录入。{''.join(found)}请核对收件凭据。",
            (Role.CHIEF,),
        )


def acknowledge(step: Step, clock: Clock) -> None:
    """Issue the dated acknowledgement (收件凭证) and tell the agency."""
    matter = step.matter
    steps.issue(
        step,
        "acknowledgement",
        issuer=steps.receiving(matter),
        **contents.who(matter),
        received_on=matter.received_on,
        resubmitted=step.name == "resubmit",
        over_counter=permissions.on_behalf(step.actor, matter),
        materials=contents.materials(matter),
        due_on=clock.due_on,
    )
    steps.tell_agency(
        step,
        "acknowledged",
        "申请已收到",
        f"{steps.receiving(matter).name}已收到您的申请，将在 {in_words(clock.due_on)} 24:00 前答复；"
        "逾期未答复的，视为受理。",
    )


def withdraw(application: Application, *, actor: Actor, on: datetime.date, reason: str = "") -> Application:
    """Take an open application back. Effects: all clocks end; a confirmation; those at work are told."""
    day = counter.counts_from(application, "withdraw", actor=actor, on=on)
    with transition(application, "withdraw", actor=actor, on=on, as_of=day) as step:
        matter: Application = step.matter
        step.payload["reason"] = reason
        step.payload |= counter.rest(matter, "withdraw", actor=actor, on=on)
        step.end_clock()
        if matter.receiving is not None and matter.first_submitted_on is None:
            steps.tell_agency(step, "withdrawn", "窗口代录已取消", f"{matter.number} 没有提交，代录已取消。")
        elif matter.receiving is not None:
            steps.issue(
                step,
                "withdrawal",
                issuer=matter.receiving,
                withdrawn_on=day,
                submitted_on=matter.first_submitted_on,
                reason=reason,
            )
            steps.tell_agency(step, "withdrawn", "申请已撤回", f"{matter.number} 已按您的要求撤回。")
            steps.tell_office(step, "withdrawn", matter.receiving, f"申请已撤回：{matter.name}", "申请机构撤回了申请。")
            if matter.accepted_on:
                steps.tell_office(
                    step, "withdrawn", steps.centre(), f"申请已撤回：{matter.name}", "申请机构撤回了申请。"
                )
    return application
