"""An agency registers itself; a county handler confirms that the credit code is its own before the first submission."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model

from core.accounts import credit_codes, new_accounts, services
from core.accounts.actors import Actor
from core.accounts.models import (
    Invitation,
    Organisation,
    OrganisationKind,
    Position,
    Recusal,
    Role,
    ServiceConsent,
    User,
)
from core.audit import trail
from core.reference.models import Area
from core.refusals import Invalid, NotPossible, Reason


@transaction.atomic
def register_agency(
    *,
    name: str,
    credit_code: str,
    area: Area,
    username: str,
    password: str,
    display_name: str,
    email: str,
    phone: str = "",
    code_confirmed: bool = False,
    on: datetime.date,
) -> Organisation:
    """Make an unconfirmed agency, its admin's account and position; return the agency.

    A code that another agency holds is taken all the same and nothing is said about it: the county checks the claim
    against licence and authorisation, so a false one never locks the real agency out. code_confirmed: the user has
    compared a code whose check digit is wrong. Raises Invalid with every reason.
    """
    reasons = _against_code(credit_code, code_confirmed)
    reasons += new_accounts.against(username=username, password=password, display_name=display_name, email=email)
    if reasons:
        raise Invalid(reasons)
    user = User.objects.create_user(username, email, password, display_name=display_name, phone=phone)
    actor = Actor(user=user, position=None, on=on, name=str(user))
    organisation = new_agency(
        name=name, credit_code=credit_code, area=area, code_confirmed=code_confirmed, actor=actor, on=on
    )
    services.open_position(user, organisation, Role.ADMIN, actor=actor, on=on)
    return organisation


def _against_code(credit_code: str, confirmed: bool) -> list[Reason]:
    reason = credit_codes.against(credit_codes.normal(credit_code), confirmed=confirmed)
    return [reason] if reason else []


@transaction.atomic
def new_agency(
    *, name: str, credit_code: str, area: Area, code_confirmed: bool = False, actor: Actor, on: datetime.date
) -> Organisation:
    """Make an unconfirmed agency without anybody in it. Raises Invalid for a code that is none."""
    if reasons := _against_code(credit_code, code_confirmed):
        raise Invalid(reasons)
    code = credit_codes.normal(credit_code)
    organisation = Organisation.objects.create(
        kind=OrganisationKind.AGENCY, name=name.strip(), credit_code=code, area=area
    )
    trail.record(
        "agency.registered",
        actor=actor,
        on=on,
        matter=organisation,
        payload={"name": organisation.name, "credit_code": code, "area": area.pk, "code_confirmed": code_confirmed},
    )
    return organisation


def others_confirmed(organisation: Organisation) -> bool:
    """Whether another agency was confirmed for the same credit code: the handler is told, the claimant never."""
    return (
        Organisation.objects.filter(
            kind=OrganisationKind.AGENCY, credit_code=organisation.credit_code, confirmed_on__isnull=False
        )
        .exclude(pk=organisation.pk)
        .exists()
    )


_TAKEN = Reason(
    "code_taken", "这个统一社会信用代码已有核实过的机构：两者只能有一个是真的，请先撤销错误的核实。", "credit_code"
)


@transaction.atomic
def confirm(organisation: Organisation, on: datetime.date, *, actor: Actor) -> Organisation:
    """Confirm that the credit code is the agency's own. Raises NotPossible where another one was confirmed."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.confirmed_on:
        return organisation
    if others_confirmed(organisation):
        raise NotPossible(_TAKEN)
    organisation.confirmed_on = on
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise NotPossible(_TAKEN) from None
    trail.record("agency.confirmed", actor=actor, on=on, matter=organisation)
    return organisation


@transaction.atomic
def unconfirm(organisation: Organisation, on: datetime.date, *, actor: Actor, reason: str) -> Organisation:
    """Undo a confirmation that proved wrong, so that the real agency can be confirmed."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.confirmed_on = None
    organisation.save()
    trail.record("agency.unconfirmed", actor=actor, on=on, matter=organisation, payload={"reason": reason})
    return organisation


# What of an account follows its people: whose it is stands in the field of that name.
_FOLLOWS: tuple[tuple[type[Model], str], ...] = (
    (Position, "organisation"),
    (Invitation, "organisation"),
    (ServiceConsent, "organisation"),
    (Recusal, "agency"),
)


@transaction.atomic
def take_over(newcomer: Organisation, existing: Organisation, on: datetime.date, *, actor: Actor) -> Organisation:
    """Give a confirmed agency that nobody has an account in (made at the counter) the people of an account whose claim
    on the same code was checked: they act for it from now on, and the account's own organisation is closed.

    Raises NotPossible where somebody acts for it already: then one of the two is false.
    """
    rows = {one.pk: one for one in Organisation.objects.select_for_update().filter(pk__in=[newcomer.pk, existing.pk])}
    newcomer, existing = rows[newcomer.pk], rows[existing.pk]
    if newcomer.credit_code != existing.credit_code or not existing.confirmed_on or existing.positions.exists():
        raise NotPossible(_TAKEN)
    moved: dict[str, list[int]] = {}
    for model, name in _FOLLOWS:
        for row in model._default_manager.filter(**{name: newcomer}).order_by("pk"):
            setattr(row, name, existing)
            row.save()
            moved.setdefault(model.__name__.lower(), []).append(row.pk)
    newcomer.active = False
    newcomer.save()
    trail.record(
        "agency.taken_over", actor=actor, on=on, matter=existing, payload={"account": newcomer.pk, "moved": moved}
    )
    return existing
