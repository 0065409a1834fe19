"""The portal used by people who write what breaks layouts: the demo's stories and some more, in tests.torture's words.

Every state comes about by the real workflow. `reference()` and `people.make()` alone are the world where nobody has
done anything yet.
"""

import datetime

from django.core.management import call_command
from django.db import transaction

from core.accounts.models import (
    ApiToken,
    Deputy,
    Invitation,
    Organisation,
    OrganisationKind,
    Position,
    Recusal,
    Role,
    User,
)
from core.clock.clock import now
from core.documents.models import OfficialDocument
from core.reference.models import Occupation
from core.web.hard_words import TEXTS
from desks.demo import files, people, stories
from desks.demo.stories import MACHINIST
from desks.demo.teller import Teller
from filings import workflow
from filings.imports.columns import COLUMNS
from filings.models import Application
from filings.workflow import assignments, importing
from filings.workflow.clerical import propose_correction
from tests.torture import tortured, words

OCCUPATIONS = 200
NORTH = "410503"  # where the agencies are that the demo does not know
MANY, OVERDUE, BY_POST = "52410503MJ10000166", "52410503MJ10000179", "52410503MJ1000018C"
TWO_POSITIONS, INSPECTOR = "two-positions", "inspector"


def reference() -> None:
    """What stands before anyone works with the portal: areas, occupations, the calendar."""
    call_command("load_reference", verbosity=0)
    call_command("load_calendar", verbosity=0)


@transaction.atomic
def tell(today: datetime.date, organisations: dict[str, Organisation]) -> None:
    """Tell every story in tests.torture's words."""
    with tortured():
        for one in [*organisations.values(), *User.objects.all()]:
            one.save()
        stories.open_year(today, organisations)
        stories.tell(today, organisations)
        teller = Teller(today, organisations)
        many_occupations(teller)
        overdue(teller)
        to_be_served_by_post(teller)
        waiting_for_the_second(teller)
        in_the_offices(teller)


def agency(teller: Teller, key: str, code: str, *, consents: bool = True) -> str:
    """Add an agency with its admin; return its key."""
    made = Organisation.objects.create(
        kind=OrganisationKind.AGENCY, name=key, credit_code=code, area_id=NORTH, confirmed_on=people.SINCE
    )
    teller.organisations[key] = made
    people.give_people({key: made})
    if not consents:
        made.consents.all().delete()
    return key


def many_occupations(teller: Teller) -> None:
    """Filed for 200 occupations at every level: the 155 that there are, and as many more as are missing."""
    missing = OCCUPATIONS - Occupation.objects.count()
    Occupation.objects.bulk_create(
        Occupation(code=f"9-99-99-{number:02}", name=words("occupation", 60)) for number in range(missing)
    )
    levels = {code: [5, 4, 3, 2, 1] for code in Occupation.objects.values_list("pk", flat=True)}
    application = teller.assessed(agency(teller, "many", MANY), 8, levels)
    teller.approve(application, 4)


def overdue(teller: Teller) -> None:
    """Assessed long ago, and not decided on."""
    teller.assessed(agency(teller, "overdue", OVERDUE), 34, {MACHINIST: [4, 3]})


def to_be_served_by_post(teller: Teller) -> None:
    """A correction notice to an agency that does not consent to service in the portal."""
    application = teller.submitted(agency(teller, "by-post", BY_POST, consents=False), 4, {MACHINIST: [4, 3]})
    on = teller.day(3)
    teller.mark(application, on, {"venue": "看不清"})
    workflow.request_correction(application, actor=teller.county(application, Role.HANDLER, on), on=on, days=15)


def waiting_for_the_second(teller: Teller) -> None:
    """A corrected paper, a deregistration, a register with faults, an offered assignment: none of them decided."""
    on = teller.day(1)
    handler = teller.office("centre", Role.HANDLER, on)
    refused = Application.objects.get(agency=teller.organisations["neihuang"])
    propose_correction(
        refused,
        OfficialDocument.objects.get(series="refusal", matter_id=str(refused.pk)),
        actor=handler,
        on=on,
        values={"reasons.0.text": words("correction")},
        reason="笔误",
    )
    ending = teller.filing_of("tangyin")
    workflow.ask_deregistration(ending, actor=teller.actor(ending.agency, Role.ADMIN, on), on=on, reason="停办")
    lines = [[column.heading for column in COLUMNS.values()], *[[text] * len(COLUMNS) for text in TEXTS]]
    importing.upload(files.xlsx("台账", lines), actor=handler, on=on, source="台账")
    assignments.offer(
        teller.filing_of("many"),
        actor=handler,
        on=on,
        occupation=Occupation.objects.get(pk=MACHINIST),
        quota_area="滑县",
        levels=[4, 3],
        site="场地",
        reason="理由",
    )


def in_the_offices(teller: Teller) -> None:
    """A deputy, recusals, invitations and tokens; and one person in two positions."""
    today, later = teller.today, now() + datetime.timedelta(days=9)
    centre = teller.organisations["centre"]
    handler, chief = (centre.positions.filter(role=role).earliest("id") for role in (Role.HANDLER, Role.CHIEF))
    Deputy.objects.create(
        chief=chief,
        deputy=handler,
        since=today + datetime.timedelta(days=60),
        until=today.replace(month=12),
        reason="外出",
    )
    for key in ("neihuang", "anyang"):
        Recusal.objects.create(
            user=handler.user, agency=teller.organisations[key], ground="kinship", note="亲属", since=today
        )
    for number, position in enumerate(Position.objects.filter(user__username__in=("centre", "agency", "county"))):
        ApiToken.objects.create(
            position=position, name="对接", token_hash=f"{number:064}", created_at=now(), expires_at=later
        )
        Invitation.objects.create(
            organisation=position.organisation,
            role=position.role,
            email="a@demo.invalid",
            token_hash=f"{number:064}",
            invited_by=position,
            expires_at=later,
        )
    for username, roles in ((TWO_POSITIONS, (Role.HANDLER, Role.INSPECTOR)), (INSPECTOR, (Role.INSPECTOR,))):
        user = User.objects.create(username=username, display_name=username, email="two@demo.invalid")
        for role in roles:
            Position.objects.create(user=user, organisation=centre, role=role, since=people.SINCE)
