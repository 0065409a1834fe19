"""An actor: a user in one position on one day, or the system itself. Everything asks an actor what it may do."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from core.accounts.models import Deputy, Organisation, OrganisationKind, Position, Recusal, Role, User


@dataclass(frozen=True)
class Actor:
    """Who acts: made once per request or job, with the day fixed.

    `chief_of` holds the ids of the organisations for which the actor decides today: its own as chief or as dated
    deputy. The system actor (`user is None`) carries out lapses and jobs and has no organisation.
    """

    user: User | None
    position: Position | None
    on: datetime.date
    name: str = ""
    chief_of: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_system(self) -> bool:
        return self.user is None

    @property
    def organisation(self) -> Organisation | None:
        return self.position.organisation if self.position else None

    @property
    def person(self) -> User:
        """The user, where there must be one. Raises ValueError for the system."""
        if self.user is None:
            raise ValueError("the system is no person")
        return self.user

    @property
    def seat(self) -> Position:
        """The position acted in, where there must be one. Raises ValueError for the system."""
        if self.position is None:
            raise ValueError("the system holds no position")
        return self.position

    @property
    def office(self) -> Organisation:
        """The organisation, where there must be one. Raises ValueError for the system."""
        if self.position is None:
            raise ValueError("the system belongs to no organisation")
        return self.position.organisation

    @property
    def organisation_id(self) -> int | None:
        return self.position.organisation_id if self.position else None

    @property
    def role(self) -> str:
        return self.position.role if self.position else ""

    @property
    def kind(self) -> str:
        """The kind of the actor's organisation (OrganisationKind), empty for the system."""
        return self.position.organisation.kind if self.position else ""

    @property
    def label(self) -> str:
        """How the trail names the actor: organisation and role, never more of the person than the demo name."""
        if self.position is None:
            return self.name
        # Whose name is that of the role, or of the office, is not named twice.
        said = (self.position.organisation.name, self.position.get_role_display(), str(self.user))
        return " · ".join(dict.fromkeys(said))

    @property
    def public_label(self) -> str:
        """How the other side sees the actor: organisation and role, no person."""
        if self.position is None:
            return self.name
        return f"{self.position.organisation.name} · {self.position.get_role_display()}"


def system(name: str, on: datetime.date) -> Actor:
    """Return the named system actor (期限时钟, 文书任务 …)."""
    return Actor(user=None, position=None, on=on, name=name)


def in_force(on: datetime.date) -> Q:
    """Rows with `since` and `until` that hold on that day."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))


def actor_for(position: Position, on: datetime.date) -> Actor:
    """Return the actor of a position on a day. Raises ValueError where the position does not hold that day."""
    if position.since > on or (position.until and position.until < on) or not position.user.is_active:
        raise ValueError("这个岗位今天不在任期内。")
    chief_of = set(
        Deputy.objects.filter(in_force(on), deputy=position).values_list("chief__organisation_id", flat=True)
    )
    if position.role == Role.CHIEF:
        chief_of.add(position.organisation_id)
    return Actor(user=position.user, position=position, on=on, chief_of=frozenset(chief_of))


def recused_users(
    *,
    agency_id: int | None,
    matter_type: str,
    matter_id: str,
    on: datetime.date,
    agencies: Collection[int] = (),
) -> set[int]:
    """Return the ids of the users who keep out of this matter on that day. agencies: where it is about several."""
    about = Q(matter_type=matter_type, matter_id=matter_id)
    if concerned := {*agencies, agency_id} - {None}:
        about |= Q(agency_id__in=concerned)
    return set(Recusal.objects.filter(in_force(on)).filter(about).values_list("user_id", flat=True))


def acting_body(organisation: Organisation, role: str, *, recused: set[int], on: datetime.date) -> Organisation:
    """Return who acts for `organisation` in that role: itself, or the next higher body where all are recused."""
    body = organisation
    while recused and body.parent:
        holders = set(
            Position.objects.filter(in_force(on), organisation=body, role=role, user__is_active=True).values_list(
                "user_id", flat=True
            )
        )
        if role == Role.CHIEF:
            deputies = Deputy.objects.filter(in_force(on), chief__organisation=body, deputy__user__is_active=True)
            holders |= set(deputies.values_list("deputy__user_id", flat=True))
        if not holders or holders - recused:
            break
        body = body.parent
    return body


AUTHORITIES = (OrganisationKind.COUNTY, OrganisationKind.CENTRE, OrganisationKind.BUREAU)
