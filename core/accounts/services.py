"""Positions, deputies, recusals and consent to service: each change with its audit event, in one transaction."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.accounts import permissions
from core.accounts.actors import Actor, in_force
from core.accounts.models import Deputy, Organisation, Position, Recusal, Role, ServiceConsent, User
from core.audit import matters, trail
from core.clock.words import in_words
from core.refusals import Invalid, NotAllowed, NotPossible, Reason

# An organisation is never left without one of these where it has one.
LAST_OF_ROLE = (Role.ADMIN, Role.ADMINISTRATOR)
DEPUTISING = (Role.HANDLER, Role.CHIEF)
# Grounds of recusal that people declare; an earlier part in a matter the system finds itself.
DECLARED_GROUNDS = [one for one in Recusal.Ground.choices if one[0] != Recusal.Ground.EARLIER]


def _refuse_unless(allowed: bool, text: str) -> None:
    if not allowed:
        raise NotAllowed(Reason("not_allowed", text))


# -- positions ---------------------------------------------------------------------------------------------------


def held(organisation: Organisation, on: datetime.date) -> Any:
    """The organisation's positions that hold on that day or begin later, with their users."""
    return (
        Position.objects.filter(Q(until__isnull=True) | Q(until__gte=on), organisation=organisation)
        .select_related("user", "organisation")
        .order_by("role", "id")
    )


def open_position(
    user: User, organisation: Organisation, role: str, *, actor: Actor | None, on: datetime.date
) -> Position:
    """Write a position that was granted elsewhere (registration, an accepted invitation, set-up), with its event.

    Raises NotPossible where the user already holds it.
    """
    try:
        with transaction.atomic():
            position = Position.objects.create(user=user, organisation=organisation, role=role, since=on)
    except IntegrityError:
        raise NotPossible(Reason("position_held", "这位用户已在这个岗位上。", "role")) from None
    trail.record("position.given", actor=actor, on=on, matter=position, payload=_facts(position), label=str(user))
    return position


@transaction.atomic
def give_position(user: User, organisation: Organisation, role: str, *, actor: Actor, on: datetime.date) -> Position:
    """Give the user this role in the organisation from that day on.

    Raises NotAllowed unless the actor may give that role there, NotPossible where the user holds it or is blocked.
    """
    _refuse_unless(role in permissions.roles_given_by(actor, organisation), "您不能在这个单位设置这个岗位。")
    if not user.is_active:
        raise NotPossible(Reason("blocked", "这个账号已停用，请先启用。", "user"))
    return open_position(user, organisation, role, actor=actor, on=on)


@transaction.atomic
def end_position(position: Position, *, last_day: datetime.date, actor: Actor, on: datetime.date) -> Position:
    """End a position after `last_day`; yesterday ends it at once.

    Raises NotAllowed, or NotPossible where it has ended, where the day lies before its start or before yesterday, or
    where the organisation would have no admin left.
    """
    organisation = Organisation.objects.select_for_update().get(pk=position.organisation_id)
    position = Position.objects.select_for_update().get(pk=position.pk)
    _refuse_unless(position.role in permissions.roles_given_by(actor, organisation), "您不能结束这个岗位。")
    reasons = []
    if position.until and position.until < on:
        reasons.append(Reason("ended", "这个岗位已经结束。"))
    earliest = max(position.since, on - datetime.timedelta(days=1))
    if last_day < earliest:
        reasons.append(Reason("too_early", f"最后一天不能早于{in_words(earliest)}，请改正。", "last_day"))
    others = held(organisation, on).filter(role=position.role, until__isnull=True, user__is_active=True)
    if position.role in LAST_OF_ROLE and not others.exclude(pk=position.pk).exists():
        text = f"这是本单位最后一位{position.get_role_display()}：请先设置另一位，再结束这个岗位。"
        reasons.append(Reason("last_one", text))
    if reasons:
        raise NotPossible(reasons)
    position.until = last_day
    position.save()
    trail.record("position.ended", actor=actor, on=on, matter=position, payload={**_facts(position), "until": last_day})
    return position


def _facts(position: Position) -> dict[str, Any]:
    return {"user": position.user_id, "organisation": position.organisation_id, "role": position.role}


# -- deputies ----------------------------------------------------------------------------------------------------


@transaction.atomic
def name_deputy(
    chief: Position,
    deputy: Position,
    *,
    since: datetime.date,
    until: datetime.date,
    reason: str,
    actor: Actor,
    on: datetime.date,
) -> Deputy:
    """Let `deputy` decide in the chief's place from `since` to `until`, both days included.

    Raises NotAllowed, or Invalid with every reason.
    """
    chief = Position.objects.select_for_update().select_related("user", "organisation").get(pk=chief.pk)
    _refuse_unless(
        chief.role == Role.CHIEF and permissions.may_name_deputy(actor, chief.user, chief.organisation),
        "代行人由负责人本人指定；负责人不能操作的，由系统管理员设置。",
    )
    if reasons := _against_deputy(chief, deputy, since, until, reason, on):
        raise Invalid(reasons)
    row = Deputy.objects.create(chief=chief, deputy=deputy, since=since, until=until, reason=reason.strip())
    payload = {"chief": chief.pk, "deputy": deputy.pk, "since": since, "until": until, "reason": row.reason}
    trail.record("deputy.named", actor=actor, on=on, matter=row, payload=payload)
    return row


def _holds_throughout(position: Position, since: datetime.date, until: datetime.date) -> bool:
    return position.since <= since and (position.until is None or position.until >= until)


def _against_deputy(
    chief: Position, deputy: Position, since: datetime.date, until: datetime.date, reason: str, on: datetime.date
) -> list[Reason]:
    reasons = []
    if deputy.organisation_id != chief.organisation_id or deputy.role not in DEPUTISING:
        reasons.append(Reason("other_office", "代行人应是本单位的经办人或负责人。", "deputy"))
    if deputy.user_id == chief.user_id:
        reasons.append(Reason("same_person", "代行人不能是负责人本人。", "deputy"))
    if since < on:
        reasons.append(Reason("in_the_past", "开始日期不能早于今天。", "since"))
    if until < since:
        reasons.append(Reason("dates", "结束日期不能早于开始日期。", "until"))
    if not reason.strip():
        reasons.append(Reason("no_reason", "请写明原因（如出差、休假）。", "reason"))
    if not reasons and not (_holds_throughout(deputy, since, until) and _holds_throughout(chief, since, until)):
        reasons.append(Reason("not_held", "负责人或代行人的岗位在这段时间内没有全程有效。", "deputy"))
    if Deputy.objects.filter(chief=chief, since__lte=until, until__gte=since).exists():
        reasons.append(Reason("overlap", "这段时间已有代行人：请先结束原来的代行。", "since"))
    return reasons


@transaction.atomic
def end_deputy(deputy: Deputy, *, actor: Actor, on: datetime.date) -> None:
    """End a deputy at once, on its first day at that day's end; one that has not begun is taken back.

    Raises NotAllowed, or NotPossible where it is over.
    """
    deputy = Deputy.objects.select_for_update().get(pk=deputy.pk)
    chief = deputy.chief
    _refuse_unless(
        permissions.may_name_deputy(actor, chief.user, chief.organisation), "代行由负责人本人或系统管理员结束。"
    )
    if deputy.until < on:
        raise NotPossible(Reason("ended", "这次代行已经结束。"))
    trail.record("deputy.ended", actor=actor, on=on, matter=deputy, payload={"until_before": deputy.until})
    if deputy.since > on:
        deputy.delete()
        return
    deputy.until = max(deputy.since, on - datetime.timedelta(days=1))
    deputy.save()


# -- recusal -----------------------------------------------------------------------------------------------------


@transaction.atomic
def declare_recusal(
    user: User,
    *,
    ground: str,
    agency: Organisation | None = None,
    matter: Any = None,
    note: str = "",
    actor: Actor,
    on: datetime.date,
) -> Recusal:
    """Let the user keep out of what concerns an agency, or out of one matter, from that day on (回避).

    Raises NotAllowed, Invalid where neither is named, NotPossible where the same recusal holds already.
    """
    _refuse_unless(permissions.may_declare_recusal(actor, user), "只能为本人或本单位人员登记回避。")
    if agency is None and matter is None:
        raise Invalid(Reason("no_subject", "请选择要回避的机构。", "agency"))
    matter_type, matter_id = matters.key(matter) if matter is not None else ("", "")
    about = {"user": user, "agency": agency, "matter_type": matter_type, "matter_id": matter_id}
    if Recusal.objects.filter(in_force(on), ground=ground, **about).exists():
        raise NotPossible(Reason("declared", "同一事由的回避已经登记。", "agency"))
    row = Recusal.objects.create(ground=ground, note=note.strip(), since=on, **about)
    payload = {"user": user.pk, "agency": agency.pk if agency else None, "ground": ground, "recusal": row.pk}
    trail.record("recusal.declared", actor=actor, on=on, matter=matter or row, payload=payload)
    return row


@transaction.atomic
def end_recusal(recusal: Recusal, *, actor: Actor, on: datetime.date) -> Recusal:
    """End a recusal whose ground has gone, after that day. Raises NotAllowed, or NotPossible where it has ended."""
    recusal = Recusal.objects.select_for_update().select_related("user").get(pk=recusal.pk)
    _refuse_unless(
        permissions.may_end_recusal(actor, recusal),
        "回避由本单位负责人或系统管理员解除，不能由本人解除；先前经手的回避不解除。",
    )
    if recusal.until is not None:
        raise NotPossible(Reason("ended", "这项回避已经解除。"))
    recusal.until = on
    recusal.save()
    trail.record("recusal.ended", actor=actor, on=on, matter=recusal, payload={"user": recusal.user_id})
    return recusal


# -- consent to service in the portal ----------------------------------------------------------------------------


def consents(organisation: Organisation, on: datetime.date) -> bool:
    """Whether the organisation is served in the portal on that day (送达)."""
    return (
        ServiceConsent.objects.filter(organisation=organisation, given_on__lte=on)
        .filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
        .exists()
    )


@transaction.atomic
def give_consent(organisation: Organisation, *, actor: Actor, on: datetime.date) -> ServiceConsent:
    """Record an agency's consent, by its admin. Raises NotAllowed, or NotPossible where one is in force."""
    position = _consenting(organisation, actor)
    if ServiceConsent.objects.filter(organisation=organisation, withdrawn_on__isnull=True).exists():
        raise NotPossible(Reason("given", "本机构已同意在门户接收送达。"))
    consent = ServiceConsent.objects.create(organisation=organisation, given_on=on, given_by=position)
    trail.record("service_consent.given", actor=actor, on=on, matter=organisation)
    return consent


@transaction.atomic
def withdraw_consent(organisation: Organisation, *, actor: Actor, on: datetime.date) -> ServiceConsent:
    """Withdraw it; what was served before stays served. Raises NotAllowed, or NotPossible where there is none."""
    _consenting(organisation, actor)
    consent = (
        ServiceConsent.objects.select_for_update().filter(organisation=organisation, withdrawn_on__isnull=True).first()
    )
    if consent is None:
        raise NotPossible(Reason("none", "本机构没有同意在门户接收送达。"))
    consent.withdrawn_on = on
    consent.save()
    trail.record("service_consent.withdrawn", actor=actor, on=on, matter=organisation)
    return consent


def _consenting(organisation: Organisation, actor: Actor) -> Position:
    """Return the admin's position; lock the organisation, so that two clicks act one after the other."""
    position = actor.position
    if position is None or not permissions.is_agency_admin(actor) or position.organisation_id != organisation.pk:
        raise NotAllowed(Reason("not_allowed", "送达方式由本机构管理员确认。"))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    return position
