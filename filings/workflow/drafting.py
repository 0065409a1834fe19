"""Draft, submission, withdrawal: the agency's side."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.files import File
from django.db import transaction as database

from core.accounts.actors import Actor
from core.accounts.models import Organisation, OrganisationKind, Role
from core.clock.words import in_words
from core.deadlines.models import Clock
from core.documents.models import Upload
from core.reference.counters import next_number
from core.refusals import Invalid, Reason, Refused
from core.workflow.transitions import transition
from filings import conditions, contents, parts, permissions
from filings.enums import OPEN_STATES, ApplicationKind, ApplicationState
from filings.models import Application, Filing, Material, in_force
from filings.workflow import draft_rows, following, life, reusing, steps
from regulation.materials import MATERIALS


def create_application(
    *,
    actor: Actor,
    on: datetime.date,
    kind: str = ApplicationKind.INITIAL,
    based_on: Application | None = None,
) -> Application:
    """Start a draft for the actor's agency, prefilled with what is known of it, with its six empty materials.

    based_on: an ended application of the agency that the draft is filled from (`reusing.fill`). Raises NotAllowed for
    anyone else, Refused where one of the kind is open already, a filing is in force, or `based_on` has not ended or
    holds nothing to take over. What has lapsed of the agency's before is carried out first.
    """
    agency = actor.organisation
    steps.require(agency is not None and agency.kind == OrganisationKind.AGENCY, "提交备案申请")
    assert agency is not None
    life.settle_agency(agency, on)
    with database.atomic():
        return _create(agency, actor=actor, on=on, kind=kind, based_on=based_on)


def _create(
    agency: Organisation, *, actor: Actor, on: datetime.date, kind: str, based_on: Application | None
) -> Application:
    # The organisation's row serialises two drafts started at once.
    Organisation.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    if agency.applications.filter(kind=kind, state__in=OPEN_STATES).exists():
        raise Refused(Reason("open_already", "已有一件办理中的同类申请，请先办完或撤回。"))
    filing = agency.filings.filter(in_force(on)).first()
    if reasons := _against_starting(kind, filing, on):
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
    )
    Material.objects.bulk_create(Material(application=application, key=key) for key in MATERIALS)
    if based_on is not None:
        reusing.fill(application, based_on, actor=actor, on=on)
    if filing is not None:
        following.begin(application, filing, actor=actor, on=on)
    source = {"based_on": based_on.number} if based_on else {}
    steps.note(application, "create", actor=actor, on=on, number=application.number, **source)
    return application


def _against_starting(kind: str, filing: Filing | None, on: datetime.date) -> list[Reason]:
    """An initial application needs that there is no filing in force; a change and a renewal need one (M13, M14)."""
    if kind == ApplicationKind.INITIAL:
        already = Reason("filed_already", "机构已有有效备案，不需要再次首次申请。", citation="M14")
        return [already] if filing else []
    if filing is None:
        return [Reason("not_filed", "机构没有有效的备案，请申请首次备案。", citation="M13")]
    return conditions.renewal_window(filing, on) if kind == ApplicationKind.RENEWAL else []


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


@database.atomic
def upload_material(application: Application, key: str, file: File, *, actor: Actor, on: datetime.date) -> Upload:
    """Take a file as the newest version of a material, in a draft. Raises Invalid for a file that cannot be taken."""
    steps.require(permissions.is_own_agency.test(actor, application), "上传材料")
    if key not in MATERIALS:
        raise Invalid(Reason("unknown_material", "没有这一项材料。"))
    locked = steps.lock(application)
    steps.require_state(locked, ApplicationState.DRAFT, what="上传材料")
    upload = steps.receive_material(locked, key, file, actor=actor, on=on)
    material = locked.materials.get(key=key)
    material.upload = upload
    material.save()
    steps.note(locked, "upload", actor=actor, on=on, material=key, sha256=upload.sha256, version=upload.version)
    return upload


def submit(application: Application, *, actor: Actor, on: datetime.date) -> Application:
    """Hand in a draft (M9): fixes the receiving county, starts its 5 working days, issues the acknowledgement.

    Effects in order: receiving office and receipt day; completeness clock (lapses into acceptance); acknowledgement;
    messages to county and agency.
    """
    with transition(application, "submit", actor=actor, on=on) as step:
        matter: Application = step.matter
        if matter.receiving is None:
            # A change and a renewal go to the original filing authority (M13, M14).
            first = matter.kind == ApplicationKind.INITIAL
            matter.receiving = permissions.county_of(matter.area_id) if first else steps.centre()
        matter.first_submitted_on = matter.first_submitted_on or on
        matter.received_on = on
        following.handed_in(matter, on)
        clock = step.start_clock("completeness", lapse="deem_accepted")
        acknowledge(step, clock)
        steps.tell_office(
            step,
            "received",
            steps.receiving(matter),
            f"收到备案申请：{matter.name}",
            f"请在 {in_words(clock.due_on)} 24:00 前审核材料，逾期视为受理。",
            (Role.HANDLER,),
        )
    return application


def acknowledge(step: Any, clock: Clock) -> None:
    """Issue the dated acknowledgement (收件凭证) and tell the agency."""
    matter = step.matter
    steps.issue(
        step,
        "acknowledgement",
        issuer=steps.receiving(matter),
        **contents.who(matter),
        received_on=matter.received_on,
        resubmitted=step.name == "resubmit",
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
    with transition(application, "withdraw", actor=actor, on=on) as step:
        matter: Application = step.matter
        step.payload["reason"] = reason
        step.end_clock()
        if matter.receiving is not None:
            steps.issue(
                step,
                "withdrawal",
                issuer=matter.receiving,
                withdrawn_on=on,
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
