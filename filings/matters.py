"""The matter types of filings, and what else the core must know of them; their transitions: transitions.py."""

from collections.abc import Callable
from typing import Any

from core.accounts.actors import Actor
from core.accounts.models import Organisation, Role
from core.clock.words import in_words
from core.deadlines import lapses, reminders
from core.deadlines.audience import Concerned, register_audience
from core.deadlines.models import Clock, ClockState
from core.documents import access, service, verification
from core.documents import series as document_series
from core.notifications import outbox
from core.publications import register as publications
from core.reference import settings as reference_settings
from core.workflow.spec import MatterSpec, register
from filings import counter, documents, permissions, queries, transitions, undoing
from filings.freezing import freeze, freeze_assignment, freeze_filing
from filings.models import Application, Assignment, Claim, ClericalCorrection, Filing, FilingImport, QuotaDecision
from filings.reminders import remind_of_renewal
from filings.workflow import (
    assessing,
    assignments,
    caps,
    clerical,
    correcting,
    ending,
    importing,
    life,
    places,
    receiving,
    recommending,
    serving,
    steps,
)
from regulation.periods import PERIODS

APPLICATION = "filings.application"
CLAIM = "filings.claim"
FILING = "filings.filing"
QUOTA = "filings.quotadecision"
CORRECTION = "filings.clericalcorrection"
IMPORT = "filings.filingimport"
ASSIGNMENT = assignments.MATTER


def _lock_filing_of_correction(correction_id: str) -> None:
    correction = ClericalCorrection.objects.get(pk=correction_id)
    life.lock_filing_of(str(correction.application_id))


def _lock_application(matter_id: str) -> Application:
    life.lock_filing_of(matter_id)
    return Application.objects.select_for_update(of=("self",)).get(pk=matter_id)


def overdue(application: Application, clock: Clock, actor: Actor) -> None:
    """A clock that deems nothing ran out: the centre's and the bureau's chiefs are told."""
    label = PERIODS[clock.kind].label
    for office in (steps.centre(), steps.bureau()):
        if office is not None:
            outbox.send(
                f"clock:{clock.pk}:{clock.due_on}:overdue:{office.pk}",
                "overdue",
                organisation=office,
                roles=(Role.CHIEF,),
                title=f"{label}已逾期：{application.name}",
                body=f"最后一日为 {in_words(clock.due_on)}，现已超过，请督促办理。",
                on=actor.on,
                link=f"/applications/{application.pk}/",
                matter=application,
            )


# Whom a clock reminds: the office or the agency that has to act, and what it is reminded of.
_REMINDED: dict[str, tuple[Callable[[Application], Organisation | None], tuple[str, ...], str]] = {
    "completeness": (lambda application: application.receiving, (Role.HANDLER,), "请审核材料，逾期视为受理。"),
    "correction": (lambda application: application.agency, steps.AGENCY, "请逐项补正并提交，逾期视为放弃申请。"),
    "county_recommendation": (
        lambda application: application.receiving,
        steps.OFFICERS,
        "请出具推荐意见，逾期市中心可以直接评估。",
    ),
    "decision": (lambda application: steps.centre(), steps.OFFICERS, "请作出备案决定。"),
}


def audience(clock: Clock) -> list[Concerned]:
    """Whom a running clock concerns. A lapse that is a transition tells everyone itself, so nobody is told twice."""
    if clock.kind not in _REMINDED or (clock.state != ClockState.RUNNING):
        return []
    find, roles, body = _REMINDED[clock.kind]
    application = Application.objects.get(pk=clock.matter_id)
    organisation = find(application)
    if organisation is None:
        return []
    if clock.kind == "completeness" and serving.to_record(application):
        body = "补正通知已发出，还没有登记送达：送达并登记后补正才开始，逾期系统视为受理。"
    return [Concerned(organisation, roles, application.name, body, f"/applications/{application.pk}/")]


def told_of_move(clock: Clock) -> list[Concerned]:
    """Whom it concerns that a last day moves: who has to act, and the agency that was told by when an office will."""
    found = audience(clock)
    if clock.kind in ("completeness", "decision") and clock.state == ClockState.RUNNING:
        application = Application.objects.select_related("agency").get(pk=clock.matter_id)
        link = f"/applications/{application.pk}/"
        found.append(Concerned(application.agency, steps.AGENCY, application.name, "请以调整后的日期为准。", link))
    return found


def _may_read(actor: Actor, matter_id: str, slot: str) -> bool:
    application = Application.objects.filter(pk=matter_id).first()
    return application is not None and permissions.may_read(actor, application, slot)


def _may_read_of_filing(actor: Actor, matter_id: str, slot: str) -> bool:
    filing = Filing.objects.filter(pk=matter_id).first()
    return filing is not None and permissions.may_read_of_filing(actor, filing, slot)


def _may_read_claim(actor: Actor, matter_id: str, slot: str) -> bool:
    claim = Claim.objects.filter(pk=matter_id).first()
    return claim is not None and permissions.may_view_claim(actor, claim)


def _may_read_import(actor: Actor, matter_id: str, slot: str) -> bool:
    register = FilingImport.objects.filter(pk=matter_id).first()
    return register is not None and permissions.may_view_import(actor, register)


def _may_read_assignment(actor: Actor, matter_id: str, slot: str) -> bool:
    assignment = Assignment.objects.filter(pk=matter_id).first()
    return assignment is not None and permissions.may_read_of_assignment(actor, assignment, slot)


def _freeze_claim(claim: Claim) -> dict[str, Any]:
    return {
        "organisation": claim.organisation_id,
        "county": claim.county_id,
        "state": claim.state,
        "reason": claim.reason,
    }


def register_all() -> None:
    """Tell the core everything it must know of filings; called once from AppConfig.ready()."""
    register(
        MatterSpec(
            matter_type=APPLICATION,
            model=Application,
            label="申请",
            transitions={t.name: t for t in transitions.APPLICATION},
            freeze=freeze,
            may_view=permissions.may_view,
            link=lambda application: f"/applications/{application.pk}/",
            related=("agency", "receiving", "area"),
            lock_first=life.lock_filing_of,
            payload_read=permissions.payload_read,
            settles_until=counter.settles_until,
            reactions={
                "submit": [life.taken_up],
                "withdraw": [life.renewal_over],
                "abandon": [life.renewal_over],
                "refuse": [life.renewal_decided],
                "decline": [life.renewal_decided],
                "set_aside": [life.taken_up],
            },
        )
    )
    register(
        MatterSpec(
            matter_type=FILING,
            model=Filing,
            label="备案",
            transitions={t.name: t for t in transitions.FILING},
            freeze=freeze_filing,
            may_view=permissions.may_view_filing,
            link=lambda filing: f"/filings/{filing.pk}/",
            reactions={
                "hold": [life.publish],
                "expire": [ending.overtaken, life.publish, assignments.of_ended],
                "deregister": [ending.ended, assignments.of_ended],
                "revoke": [ending.overtaken, life.publish, assignments.of_ended],
                "restore": [life.publish, assignments.of_restored],
            },
        )
    )
    register(
        MatterSpec(
            matter_type=CLAIM,
            model=Claim,
            label="身份核实",
            transitions={t.name: t for t in transitions.CLAIM},
            freeze=_freeze_claim,
            may_view=permissions.may_view_claim,
            link=lambda claim: f"/claims/{claim.pk}/",
        )
    )
    register(
        MatterSpec(
            matter_type=QUOTA,
            model=QuotaDecision,
            label="年度名额",
            transitions={t.name: t for t in transitions.QUOTA},
            freeze=places.freeze_quota,
            may_view=places.may_view_quota,
            link=lambda decision: "/bureau/quota/",
        )
    )
    register(
        MatterSpec(
            matter_type=CORRECTION,
            model=ClericalCorrection,
            label="文书更正",
            transitions={t.name: t for t in transitions.CORRECTION},
            freeze=clerical.freeze_correction,
            may_view=permissions.may_view_correction,
            link=lambda correction: f"/corrections/{correction.pk}/",
            lock_first=_lock_filing_of_correction,
        )
    )
    register(
        MatterSpec(
            matter_type=IMPORT,
            model=FilingImport,
            label="历史备案录入",
            transitions={t.name: t for t in transitions.IMPORT},
            freeze=importing.freeze_import,
            may_view=permissions.may_view_import,
            link=lambda register: f"/imports/{register.pk}/",
        )
    )
    register(
        MatterSpec(
            matter_type=ASSIGNMENT,
            model=Assignment,
            label="调配",
            transitions={t.name: t for t in transitions.ASSIGNMENT},
            freeze=freeze_assignment,
            may_view=permissions.may_view_assignment,
            link=lambda assignment: f"/assignments/{assignment.pk}/",
        )
    )
    lapses.register(
        APPLICATION,
        lapses.LapseRules(
            lock=_lock_application,
            lapses={
                "deem_accepted": receiving.deem_accepted,
                "abandon": correcting.abandon,
                "recommendation_over": recommending.recommendation_over,
            },
            overdue=overdue,
            kin=life.kin_of_application,
        ),
    )
    lapses.register(
        FILING,
        lapses.LapseRules(
            lock=life.lock,
            lapses={"end_of_validity": life.end_of_validity},
            overdue=life.end_of_validity,
            kin=life.kin_of_filing,
        ),
    )
    register_audience(FILING, life.audience, names=queries.names_of_filings)
    register_audience(APPLICATION, audience, moved=told_of_move, names=queries.names_of_applications)
    document_series.register(*documents.SERIES)
    service.on_served("correction", correcting.served)
    service.on_served("supplement", assessing.supplements_served)
    service.on_served("deregistration", ending.served)
    for series in life.ENDS_ON_SERVICE.values():
        service.on_served(series, life.decision_served)
    reminders.register_further(serving.remind_to_record)
    reminders.register_further(remind_of_renewal)
    access.register(APPLICATION, _may_read)
    access.register(FILING, _may_read_of_filing)
    verification.register_undone(APPLICATION, undoing.of_paper)
    access.register(CLAIM, _may_read_claim)
    access.register(IMPORT, _may_read_import)
    access.register(ASSIGNMENT, _may_read_assignment)
    publications.declare("quota", "年度名额", fields=("year", "places", "source"))
    publications.declare("caps", "名额上限", fields=("items",))
    reference_settings.register_after_set(caps.publish_caps)
    publications.declare("urgent", "急需紧缺目录", fields=("items",))
    publications.declare(
        "assignment",
        "市内调配",
        fields=(
            "number",
            "paper",
            "name",
            "filing_code",
            "occupation",
            "occupation_name",
            "levels",
            "levels_text",
            "quota_area",
            "site",
            "since",
            "until",
            "reason",
        ),
    )
    publications.declare("criteria", "评估标准", fields=("items",))
    publications.declare(
        "filing",
        "备案公示",
        fields=(
            "name",
            "code",
            "credit_code",
            "area",
            "area_code",
            "address",
            "valid_from",
            "valid_until",
            "receipt",
            "verification",
            "scope",
            "sites",
            "state",
            "held_open",
            "ended_on",
            "ended_by",
            "suspensions",
            "event",
            "ruling",
            "corrects",
        ),
    )
