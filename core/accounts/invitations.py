"""Invitations into a position: a link that works once, for some days, and can be withdrawn."""

import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from core.accounts import new_accounts, permissions, secrets, services
from core.accounts.actors import Actor
from core.accounts.models import Invitation, Organisation, Position, User
from core.audit import trail
from core.clock.clock import now, today
from core.reference.settings import value
from core.refusals import Invalid, NotAllowed, NotPossible, Reason

_GONE = Reason("gone", "这个邀请链接已失效：可能已使用、已撤回或已过期。请向邀请您的单位索取新的链接。")


def pending(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    return Invitation.objects.filter(
        organisation=organisation, accepted_by__isnull=True, withdrawn=False, expires_at__gt=now()
    ).order_by("id")


@transaction.atomic
def invite(
    organisation: Organisation, role: str, *, email: str = "", actor: Actor, on: datetime.date
) -> tuple[Invitation, str]:
    """Make an invitation; return it with the secret of its link, which is kept nowhere.

    Raises NotAllowed unless the actor may give that role there, or the organisation is closed.
    """
    if role not in permissions.roles_given_by(actor, organisation) or not organisation.active:
        raise NotAllowed(Reason("not_allowed", "您不能为这个单位的这个岗位发出邀请。", "role"))
    secret, token_hash = secrets.new()
    invitation = Invitation.objects.create(
        organisation=organisation,
        role=role,
        email=email,
        token_hash=token_hash,
        invited_by=actor.position,
        expires_at=now() + datetime.timedelta(days=value("invitation_days", on)),
    )
    payload = {"organisation": organisation.pk, "role": role}
    trail.record("invitation.made", actor=actor, on=on, matter=invitation, payload=payload)
    return invitation, secret


def link(secret: str) -> str:
    """Return the address that the invited person opens."""
    return str(settings.PORTAL_ADDRESS) + reverse("accounts:accept-invitation", args=[secret])


def send_link(invitation: Invitation, address: str) -> bool:
    """Send the link where the invitation names an e-mail; tell whether nothing went wrong."""
    if not invitation.email:
        return True
    role = invitation.get_role_display()
    text = f"{invitation.organisation}邀请您担任{role}。请打开链接接受邀请：\n\n{address}\n\n如与您无关，请不要理会。"
    # A name with a line break in it must not break the header.
    subject = " ".join(f"邀请您加入{invitation.organisation}".split())
    try:
        send_mail(subject, text, None, [invitation.email])
    except (SMTPException, OSError):
        return False
    return True


def find(secret: str) -> Invitation:
    """Return the invitation of a link.

    Raises NotPossible where it is unknown, used, withdrawn or expired, or where whoever made it has been blocked or
    no longer holds the position: nobody comes back by a link kept for afterwards.
    """
    inviting = Q(invited_by=None) | Q(invited_by__until=None) | Q(invited_by__until__gte=today())
    invitation = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(
            inviting,
            Q(invited_by=None) | Q(invited_by__user__is_active=True),
            token_hash=secrets.hashed(secret),
            accepted_by__isnull=True,
            withdrawn=False,
            expires_at__gt=now(),
            organisation__active=True,
        )
        .first()
    )
    if invitation is None:
        raise NotPossible(_GONE)
    return invitation


@transaction.atomic
def accept(secret: str, user: User, *, on: datetime.date) -> Position:
    """Give the user the position of the invitation, once.

    Raises NotPossible where the link is no longer good, or the user holds that position already.
    """
    invitation = find(secret)
    # Whoever comes second waits here, and then finds it accepted.
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_by_id or locked.withdrawn:
        raise NotPossible(_GONE)
    actor = Actor(user=user, position=None, on=on, name=str(user))
    position = services.open_position(user, invitation.organisation, invitation.role, actor=actor, on=on)
    locked.accepted_by = user
    locked.save()
    trail.record("invitation.accepted", actor=actor, on=on, matter=locked, payload={"position": position.pk})
    return position


@transaction.atomic
def accept_with_new_account(
    secret: str, *, username: str, password: str, display_name: str, email: str, phone: str, on: datetime.date
) -> Position:
    """Make the account and give it the position, or neither. Raises Invalid, or NotPossible as `accept` does."""
    find(secret)
    if reasons := new_accounts.against(username=username, password=password, display_name=display_name, email=email):
        raise Invalid(reasons)
    user = User.objects.create_user(username, email, password, display_name=display_name, phone=phone)
    return accept(secret, user, on=on)


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: Actor, on: datetime.date) -> None:
    """Make the link worthless. Raises NotAllowed, or NotPossible where it was accepted or withdrawn."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.role not in permissions.roles_given_by(actor, invitation.organisation):
        raise NotAllowed(Reason("not_allowed", "您不能撤回这个邀请。"))
    if invitation.accepted_by_id or invitation.withdrawn:
        raise NotPossible(Reason("gone", "这个邀请已使用或已撤回。"))
    invitation.withdrawn = True
    invitation.save()
    trail.record("invitation.withdrawn", actor=actor, on=on, matter=invitation)
