"""What an actor may see, and the queues."""

from django.db.models import Q, QuerySet

from core.accounts.actors import Actor
from core.accounts.models import OrganisationKind, Recusal, Role
from filings import permissions
from filings.models import Application


def visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see; what is not in it does not exist for the actor.

    The set twin of permissions.may_view; a test holds the two together.
    """
    every = Application.objects.all()
    handed_in = every.filter(receiving__isnull=False)
    if actor.position is None:
        return every.none()
    match actor.kind:
        case OrganisationKind.AGENCY:
            return every.filter(agency_id=actor.organisation_id)
        case OrganisationKind.COUNTY:
            return handed_in.filter(receiving_id=actor.organisation_id)
        case OrganisationKind.CENTRE:
            return handed_in.filter(Q(accepted_on__isnull=False) | Q(pk__in=_stepping_in(actor)))
        case OrganisationKind.BUREAU:
            return handed_in
        case OrganisationKind.EXPERTS if actor.role == Role.EXPERT:
            mine = every.filter(
                assessment__tasks__expert_id=actor.position.pk,
                assessment__tasks__done_on__isnull=True,
                assessment__tasks__withdrawn_on__isnull=True,
            )
            recused = [
                application.pk for application in mine if not permissions.is_assigned_expert.test(actor, application)
            ]
            return mine.exclude(pk__in=recused)
        case _:
            return every.none()


def _stepping_in(actor: Actor) -> list[int]:
    """Applications before acceptance for which the centre acts because a whole county office is recused."""

    waiting = Application.objects.filter(state__in=["submitted", "correcting"])
    concerned = waiting.filter(
        Q(agency_id__in=Recusal.objects.filter(agency__isnull=False).values("agency_id"))
        | Q(
            pk__in=[
                int(pk)
                for pk in Recusal.objects.filter(matter_type="filings.application").values_list("matter_id", flat=True)
            ]
        )
    )
    return [application.pk for application in concerned if permissions.may_view(actor, application)]
