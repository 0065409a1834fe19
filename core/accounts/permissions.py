"""Who may manage accounts, positions, deputies and recusals: small named predicates."""

from core.accounts.actors import Actor, in_force
from core.accounts.models import ROLES_OF_KIND, Organisation, OrganisationKind, Recusal, Role, User

# Which positions the holder of a role may give and end in its own organisation. Chiefs are named by the administrator.
GIVES: dict[str, tuple[str, ...]] = {
    Role.ADMIN: (Role.ADMIN, Role.STAFF),
    Role.CHIEF: (Role.HANDLER, Role.INSPECTOR),
}


def is_administrator(actor: Actor) -> bool:
    """The system administrator: accounts and reference data, no power over any case."""
    return actor.kind == OrganisationKind.OPERATOR and actor.role == Role.ADMINISTRATOR


def is_agency_admin(actor: Actor) -> bool:
    """An agency's admin: invites staff, consents to service, sends what binds the agency."""
    return actor.kind == OrganisationKind.AGENCY and actor.role == Role.ADMIN


def roles_given_by(actor: Actor, organisation: Organisation) -> tuple[str, ...]:
    """The roles that the actor may give and end in this organisation; empty where it manages none."""
    of_kind = ROLES_OF_KIND[organisation.kind]
    if is_administrator(actor):
        return of_kind
    if actor.organisation_id != organisation.pk:
        return ()
    return tuple(role for role in GIVES.get(actor.role, ()) if role in of_kind)


def may_name_deputy(actor: Actor, chief_user: User, organisation: Organisation) -> bool:
    """The chief in person, never a deputy; or the administrator, for a chief who fell ill."""
    own = actor.role == Role.CHIEF and actor.organisation_id == organisation.pk and actor.user == chief_user
    return own or is_administrator(actor)


def _heads(actor: Actor, user: User) -> bool:
    # Who has left the office is no longer its chief's to keep out of a matter, or to let back in.
    return user.positions.filter(in_force(actor.on), organisation_id__in=actor.chief_of).exists()


def may_declare_recusal(actor: Actor, user: User) -> bool:
    """Anyone of oneself; a chief of the office's own people; the administrator of all."""
    return actor.user == user or is_administrator(actor) or _heads(actor, user)


def may_end_recusal(actor: Actor, recusal: Recusal) -> bool:
    """Nobody of oneself: the chief, or the administrator. An earlier part in a matter never ends."""
    if recusal.ground == Recusal.Ground.EARLIER or actor.user == recusal.user:
        return False
    if is_administrator(actor):
        return True
    headed: bool | None = getattr(recusal, "headed", None)  # known of a list's rows (queries.recusals_for)
    return _heads(actor, recusal.user) if headed is None else headed
