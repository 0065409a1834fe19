"""What the conditions of all steps share."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.accounts.actors import Actor
from core.accounts.models import ServiceConsent
from core.refusals import Reason
from filings.models import Application, Filing
from regulation.citations import cite

Data = Mapping[str, Any] | None


def nothing(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """No rule beyond state and permission."""
    return []


def citable(text: Any) -> bool:
    """Whether a text names an article of the Measure."""
    try:
        cite(str(text))
    except ValueError:
        return False
    return True


def consents(matter: Application | Filing, on: datetime.date) -> bool:
    """Whether the agency has consented to service in the portal."""
    return (
        ServiceConsent.objects.filter(organisation_id=matter.agency_id, given_on__lte=on)
        .exclude(withdrawn_on__lte=on)
        .exists()
    )
