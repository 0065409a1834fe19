"""What the administrator does to organisations and accounts, each with its audit event."""

import datetime
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.paginator import Page
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from core.accounts import browser_sessions
from core.accounts.actors import Actor
from core.accounts.models import HIGHER, Organisation, OrganisationKind, Position, User
from core.audit import trail
from core.refusals import Invalid, NotPossible, Reason

# What the administrator sets up; agencies register themselves.
AUTHORITY_KINDS = [one for one in OrganisationKind.choices if one[0] != OrganisationKind.AGENCY]


def authorities() -> QuerySet[Organisation]:
    """Return the organisations that the administrator sets up, with area and higher body."""
    return Organisation.objects.exclude(kind=OrganisationKind.AGENCY).select_related("area", "parent")


def against_parent(kind: str, parent: Organisation | None) -> Reason | None:
    """Return what stands against this higher body: it is of the kind that HIGHER names, or there is none."""
    if parent is None or parent.kind == HIGHER.get(kind):
        return None
    return Reason("not_above", _ABOVE.get(kind, "这类单位在本系统内没有上级，请留空。"), "parent", "M4")


_ABOVE: dict[str, str] = {
    OrganisationKind.COUNTY: "县（市、区）人社局的上级是市人社局；市中心只作业务指导。",
    OrganisationKind.CENTRE: "市中心的上级是市人社局。",
}


@transaction.atomic
def save_organisation(organisation: Organisation, *, actor: Actor, on: datetime.date) -> Organisation:
    """Create or change an authority. Raises Invalid where its higher body is none."""
    if reason := against_parent(organisation.kind, organisation.parent):
        raise Invalid(reason)
    verb = "organisation.changed" if organisation.pk else "organisation.created"
    organisation.save()
    payload = {
        "name": organisation.name,
        "kind": organisation.kind,
        "area": organisation.area_id,
        "parent": organisation.parent_id,
        "phone": organisation.phone,
        "address": organisation.address,
        "active": organisation.active,
    }
    trail.record(verb, actor=actor, on=on, matter=organisation, payload=payload)
    return organisation


def with_positions(page: Page, holding: Q) -> Page:
    """Fetch the positions of a page of users, as `user.held`."""
    rows = Position.objects.filter(holding).select_related("organisation").order_by("id")
    prefetch_related_objects(list(page), Prefetch("positions", rows, to_attr="held"))
    return page


@transaction.atomic
def block(user: User, *, actor: Actor, on: datetime.date) -> None:
    """Let the user in no more, with every session and token. Raises NotPossible for oneself."""
    if user == actor.user:
        raise NotPossible(Reason("oneself", "不能停用自己的账号。"))
    user.is_active = False
    user.save(update_fields=["is_active"])
    trail.record("user.blocked", actor=actor, on=on, matter=user)
    browser_sessions.end_all(user, "user.blocked", actor=actor, on=on)


@transaction.atomic
def unblock(user: User, *, actor: Actor, on: datetime.date) -> None:
    """Let the user in again, in the positions that still hold."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    trail.record("user.unblocked", actor=actor, on=on, matter=user)


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, on: datetime.date) -> None:
    """Take away a second factor whose device was lost; every browser
    is signed out, and who must have one is led to set it up again."""
    if user == actor.user:
        raise NotPossible(Reason("oneself", "自己的两步验证请在“我的账号”里更换。"))
    Authenticator.objects.filter(user=user).delete()
    trail.record("user.second_factor_reset", actor=actor, on=on, matter=user)
    browser_sessions.end_all(user, "user.second_factor_reset", actor=actor, on=on)


def sign_out(user: User, *, actor: Actor, on: datetime.date) -> None:
    """Sign the user out in every browser. Raises NotPossible where it is signed in nowhere."""
    if not browser_sessions.end_all(user, "administrator", actor=actor, on=on):
        raise NotPossible(Reason("nowhere", "这个账号现在没有在任何设备上登录。"))


UserAction = Callable[..., Any]
USER_ACTIONS: dict[str, tuple[UserAction, str]] = {
    "block": (block, "账号已停用。"),
    "unblock": (unblock, "账号已启用。"),
    "sign-out": (sign_out, "已让该账号在所有设备上退出登录。"),
    "reset-second-factor": (reset_second_factor, "两步验证已解除，请通知本人尽快重新设置。"),
}
