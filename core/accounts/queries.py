"""Whom and what an actor sees of organisations, deputies and recusals: one answer for pages and API."""

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.accounts import permissions
from core.accounts.actors import Actor, in_force
from core.accounts.models import Deputy, Organisation, OrganisationKind, Position, Recusal, User


def organisation_for(actor: Actor, pk: int) -> Organisation | None:
    """Return the actor's own organisation, or any one for the administrator; None for the rest."""
    if pk == actor.organisation_id:
        return actor.office
    return Organisation.objects.filter(pk=pk).first() if permissions.is_administrator(actor) else None


def organisations(actor: Actor, *, text: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Return every organisation by kind and name, narrowed to part of a name or credit code and to a kind; `people`
    counts the positions that hold on the actor's day."""
    rows = Organisation.objects.select_related("area", "parent").order_by("kind", "name", "id")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(credit_code__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    # Asked for each row that is shown, so that the rows themselves are found by the index of their order.
    held = Position.objects.filter(in_force(actor.on), organisation=OuterRef("pk")).order_by()
    people = held.values("organisation").annotate(count=Count("pk")).values("count")
    return rows.annotate(people=Coalesce(Subquery(people), 0))


def users(text: str = "") -> QuerySet[User]:
    """Return every user by sign-in name, narrowed to part of name, sign-in name or e-mail; `second_factor` says whether
    one has been set up."""
    second_factor = Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    rows = User.objects.annotate(second_factor=second_factor).order_by("username")
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text) | Q(email__icontains=text))
    return rows


def office_positions(actor: Actor) -> QuerySet[Position]:
    """Return the positions of the actor's office that hold today, of all organisations for the administrator."""
    rows = Position.objects.filter(in_force(actor.on), user__is_active=True).select_related("user", "organisation")
    return rows if permissions.is_administrator(actor) else rows.filter(organisation=actor.organisation_id)


def deputies_for(actor: Actor) -> QuerySet[Deputy]:
    """Return the deputies of the actor's office, of all for the administrator, newest first."""
    rows = Deputy.objects.select_related("chief__user", "chief__organisation", "deputy__user", "deputy__organisation")
    if not permissions.is_administrator(actor):
        rows = rows.filter(chief__organisation=actor.organisation_id)
    return rows.order_by("-since", "-id")


def _headed(actor: Actor) -> QuerySet[Position]:
    return Position.objects.filter(in_force(actor.on), organisation_id__in=actor.chief_of)


def recusals_for(actor: Actor) -> QuerySet[Recusal]:
    """Return one's own recusals, for a chief those of the office's people too, for the administrator all; `headed` says
    whether the actor is the chief of whose recusal it is (permissions.may_end_recusal)."""
    headed = Exists(_headed(actor).filter(user=OuterRef("user")))
    rows = Recusal.objects.select_related("user", "agency").annotate(headed=headed).order_by("-since", "-id")
    if permissions.is_administrator(actor):
        return rows
    return rows.filter(Q(user=actor.person) | Q(user_id__in=_headed(actor).values_list("user_id")))


def recusable(actor: Actor) -> QuerySet[User]:
    """Return whose recusal the actor may declare: oneself; a chief the office's people, the administrator everyone who
    holds a position outside the agencies."""
    people = _headed(actor)
    if permissions.is_administrator(actor):
        # Named one by one, the kinds are found by index; there is no end of agencies.
        offices = [kind for kind in OrganisationKind if kind != OrganisationKind.AGENCY]
        people = office_positions(actor).filter(organisation__kind__in=offices)
    own = Position.objects.filter(user=actor.person)
    return User.objects.filter(pk__in=people.values("user").union(own.values("user"))).order_by("pk")


def agencies(text: str = "") -> QuerySet[Organisation]:
    """Return the agencies that somebody may have to keep away from, by name, narrowed to a credit code or part of a
    name."""
    rows = Organisation.objects.filter(kind=OrganisationKind.AGENCY, active=True).order_by("name", "id")
    return rows.filter(Q(name__icontains=text) | Q(credit_code__istartswith=text)) if text else rows
