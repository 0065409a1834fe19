"""监督投诉: who takes a complaint about an agency, how, and by when it is answered (M31). Nothing is filed here yet."""

import datetime
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Organisation, OrganisationKind
from registry.articles import Length, period_length
from regulation.periods import PERIODS

# The nation-wide line of the human-resources offices (人力资源和社会保障服务电话).
HOTLINE: Final = "12333"
ANSWERED: Final = ("complaint_takeup", "complaint_answer")
# The county of the agency's seat first, since it supervises; then the centre and the bureau.
_ORDER: Final = (OrganisationKind.COUNTY, OrganisationKind.CENTRE, OrganisationKind.BUREAU)


@dataclass(frozen=True)
class Office:
    """An authority as the public reaches it; area: whose agencies it looks after, empty for the whole city."""

    name: str
    area: str
    phone: str
    address: str


def offices() -> list[Office]:
    """Return the authorities that take complaints: the counties in the order of areas, the centre, the bureau."""
    found = Organisation.objects.filter(kind__in=_ORDER, active=True).select_related("area").order_by("area_id", "id")
    return [
        Office(one.name, one.area.name if one.area else "", one.phone, one.address)
        for one in sorted(found, key=lambda one: _ORDER.index(OrganisationKind(one.kind)))
    ]


def lengths(on: datetime.date) -> list[Length]:
    """Return by when a complaint is taken up and answered, as it holds on that day."""
    return [period_length(PERIODS[key], on) for key in ANSWERED]
