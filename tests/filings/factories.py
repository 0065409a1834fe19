"""Many agencies and applications quickly: content as rows, every transition through the real workflow."""

import datetime
from collections import Counter
from typing import Any

from stdnum.cn import uscc

from core.accounts.models import Organisation, OrganisationKind, Role, ServiceConsent
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.reference.quota_areas import URBAN, cap_of
from core.workflow.models import Proposal, ProposalState
from filings import workflow
from filings.models import Application, Filing
from regulation.codes import build_filing_code
from tests.filings.model import MESSAGES, PAPERS
from tests.stages import staged
from tests.world import DAY, SINCE, SITE, World, decide, filled_draft, mark_all

OCCUPATION = "6-18-02-04"


@staged
def another_agency(world: World, number: int, *, email: str = "") -> str:
    """Add a confirmed agency of 文峰区 that consents to service in the portal; return how its admin is called."""
    body = f"52410502MJ{number:07d}"
    code = body + uscc.calc_check_digit(body)
    agency = Organisation.objects.create(
        kind=OrganisationKind.AGENCY,
        name=f"文峰区第{number}职业培训学校",
        credit_code=code,
        area_id="410502",
        confirmed_on=SINCE,
    )
    who = f"agency {number} admin"
    admin = world.add(who, agency, Role.ADMIN)
    if email:
        admin.user.email = email
        admin.user.save()
    ServiceConsent.objects.create(organisation=agency, given_on=SINCE, given_by=admin)
    return who


@staged
def quick_draft(world: World, who: str, on: datetime.date = DAY) -> Application:
    """Return a draft that may be submitted and approved, of one occupation."""
    return filled_draft(world, who, on, codes=(OCCUPATION,), person_times=3000)


@staged
def quick_submitted(world: World, who: str, on: datetime.date = DAY) -> Application:
    """Return an application handed in on that day."""
    return workflow.submit(quick_draft(world, who, on), actor=world.actor(who, on), on=on)


@staged
def quick_accepted(world: World, who: str, on: datetime.date = DAY) -> Application:
    """Return an application accepted on the day it came."""
    application = quick_submitted(world, who, on)
    mark_all(world, application, on)
    return workflow.accept(application, actor=world.actor("county handler", on), on=on)


@staged
def quick_assessing(world: World, who: str, on: datetime.date = DAY) -> Application:
    """Return an application whose assessment is finished: material check and report."""
    return _assessed(world, quick_accepted(world, who, on), on)


@staged
def quick_assessing_at(world: World, who: str, area: str, on: datetime.date = DAY) -> Application:
    """The same of an agency that evaluates at a second site too, in another area: it takes a place in both (M37)."""
    draft = quick_draft(world, who, on)
    there = {**SITE, "name": "分校", "other_area_reason": "当地没有这个职业的机构"}
    draft.scope.get().sites.add(draft.sites.create(area_id=area, **there))
    application = workflow.submit(draft, actor=world.actor(who, on), on=on)
    mark_all(world, application, on)
    return _assessed(world, workflow.accept(application, actor=world.actor("county handler", on), on=on), on)


def _assessed(world: World, application: Application, on: datetime.date) -> Application:
    decide(world, application, "recommend", "county", on, positive=True, text="同意推荐")
    centre = world.actor("centre handler", on)
    workflow.start_assessment(application, actor=centre, on=on, methods=["material"])
    workflow.write_report(application, actor=centre, on=on, text="材料核验符合条件。")
    application.refresh_from_db()
    return application


TO_ASSESSING = ("submit", "accept", "recommend", "start_assessment")


def left_behind(application: Application) -> tuple[Counter[str], Counter[str]]:
    """The papers by series and the messages by kind that there are of an application."""
    mine = {"matter_type": "filings.application", "matter_id": str(application.pk)}
    papers = OfficialDocument.objects.filter(**mine).values_list("series", flat=True)
    return Counter(papers), Counter(Message.objects.filter(**mine).values_list("kind", flat=True))


def asked_for(*transitions: str) -> tuple[Counter[str], Counter[str]]:
    """The papers and messages that these transitions leave behind, each run once."""
    papers, messages = Counter[str](), Counter[str]()
    for name in transitions:
        papers.update(PAPERS.get(name, []))
        messages.update(MESSAGES.get(name, []))
    return papers, messages


def proposal_states(application: Application) -> Counter[ProposalState]:
    """How many proposals of an application there are in each state."""
    return Counter(Proposal.objects.filter(matter_id=str(application.pk)).values_list("state", flat=True))


@staged
def scored(world: World, application: Application, *totals: int, on: datetime.date = DAY) -> Application:
    """Let as many experts as there are totals mark an application in assessment, each with that total of 100."""
    centre = world.actor("centre handler", on)
    for number, total in enumerate(totals, 1):
        name = f"expert {number}"
        if name not in world.people:
            world.add(name, world.organisation("experts expert"), Role.EXPERT)
        task = workflow.assign_expert(application, world.people[name], actor=centre, on=on)
        marks, left = {}, total
        for key, full in (("venue", 40), ("staff", 30), ("record", 30)):
            marks[key] = {"marks": min(left, full), "reason": "按标准逐项核对"}
            left -= marks[key]["marks"]
        said = {"marks": marks, "positive": True, "opinion": "符合条件"}
        workflow.submit_sheet(task, actor=world.actor(name, on), on=on, **said)
    application.refresh_from_db()
    return application


@staged
def quick_scored(world: World, number: int, *totals: int, on: datetime.date = DAY) -> Application:
    """Return the application of another agency of 文峰区, assessed and marked by experts."""
    return scored(world, quick_assessing(world, another_agency(world, number), on), *totals, on=on)


@staged
def last_places(world: World, free: int = 1) -> None:
    """Fill the urban places for welders until so many are left."""
    for number in range(cap_of(URBAN, DAY) - free):
        one = quick_assessing(world, another_agency(world, 90 + number))
        decide(world, one, "approve", "centre", DAY, granted=[OCCUPATION])


def a_filing(world: World, number: int, *, valid_until: datetime.date, **more: Any) -> Filing:
    """Return a filing as a row, without its way there: one occupation, one site, in force since three years before.

    site: the code of the site's area; the seat's is `area_id`.
    """
    site, codes = more.pop("site", "410502"), more.pop("codes", (OCCUPATION,))
    since = more.pop("valid_from", valid_until.replace(year=valid_until.year - 3))
    agency = world.organisation(another_agency(world, number))
    filing = Filing.objects.create(
        agency=agency,
        code=build_filing_code(number),
        credit_code=agency.credit_code,
        valid_from=since,
        valid_until=valid_until,
        term_from=since,
        **{"name": agency.name, "area_id": "410502", "address": "示例路1号", **more},
    )
    place = filing.sites.create(name="校本部", area_id=site, address="示例路1号", since=since)
    for code in codes:
        place.scope.add(filing.scope.create(occupation_id=code, levels=[5, 4, 3], since=since))
    return filing


def asked_about(world: World, filing: Filing, kind: str, *, on: datetime.date, **more: Any) -> Application:
    """Return a change or renewal of a filing as a row, handed in on that day."""
    return Application.objects.create(
        number=f"{kind}-{filing.pk}",
        agency=filing.agency,
        filing=filing,
        name=filing.name,
        receiving=world.organisation("centre handler"),
        created_on=on,
        first_submitted_on=on,
        received_on=on,
        **{"kind": kind, "state": "submitted", **more},
    )
