"""One further row for every list: each function adds the row of that number and returns the words that show it."""

import datetime
from typing import Any

from core.accounts.models import (
    ApiToken,
    BrowserSession,
    Deputy,
    Organisation,
    OrganisationKind,
    Recusal,
    Role,
    ServiceConsent,
)
from core.audit import checkpoint, trail
from core.calendars.models import CalendarYear, YearStatus
from core.clock.clock import now, real_now
from core.documents.models import OfficialDocument
from core.notifications import outbox
from core.notifications.models import Delivery
from core.publications import register
from core.reference.models import Occupation, Setting
from filings.enums import ApplicationKind
from filings.models import (
    Application,
    Assessment,
    Assignment,
    Claim,
    Criterion,
    Deregistration,
    ExpertTask,
    FilingImport,
    QuotaYear,
    SerialBlock,
    UrgentOccupation,
)
from registry.open_data import changes
from tests.filings.factories import OCCUPATION, a_filing, another_agency, asked_about, quick_accepted, quick_submitted
from tests.world import DAY, World

LATER = DAY + datetime.timedelta(days=400)


def submitted(world: World, number: int) -> str:
    return quick_submitted(world, another_agency(world, number)).name


def filing(world: World, number: int) -> str:
    found = a_filing(world, number, valid_until=LATER, site="410523")
    for kind in ("renewal", "change"):
        asked_about(world, found, kind, on=DAY)
    return found.name


def filing_at_its_seat(world: World, number: int) -> str:
    return a_filing(world, number, valid_until=LATER).name


def filing_ended(world: World, number: int) -> str:
    return a_filing(world, number, valid_until=LATER, state="terminated", ended_on=DAY).name


def assignment(world: World, number: int) -> str:
    to = a_filing(world, number, valid_until=LATER)
    made = Assignment.objects.create(
        filing=to, occupation_id=OCCUPATION, quota_area="汤阴县", levels=[5], site="汤阴县示例路", reason="无机构",
        offered_on=DAY,
    )  # fmt: skip
    return made.filing.name


def deregistration(world: World, number: int) -> str:
    of = a_filing(world, number, valid_until=LATER)
    asker = world.people[another_position(world, of.agency)]
    Deregistration.objects.create(filing=of, ground="asked", reason="不再开展评价", asked_by=asker, asked_on=DAY)
    return of.name


def another_position(world: World, agency: Organisation) -> str:
    return next(name for name, one in world.people.items() if one.organisation_id == agency.pk)


def an_import(world: World, number: int) -> str:
    made = FilingImport.objects.create(
        source=f"移交清单{number}", made_by=world.people["centre handler"], made_on=DAY, lines=1
    )
    return made.source


def claim(world: World, number: int) -> str:
    agency = world.organisation(another_agency(world, number))
    Claim.objects.create(organisation=agency, county=world.organisation("county handler"), made_on=DAY)
    return agency.name


def criterion(world: World, number: int) -> str:
    return Criterion.objects.create(key=f"more{number}", label=f"标准{number}", full_marks=1, since=DAY).label


def expert_task(world: World, number: int) -> str:
    application = quick_accepted(world, another_agency(world, number))
    Application.objects.filter(pk=application.pk).update(state="assessing")
    assessment = Assessment.objects.create(application=application, methods=["material"], started_on=DAY)
    ExpertTask.objects.create(
        assessment=assessment, expert=world.people["experts expert"], assigned_by=world.people["centre handler"],
        assigned_on=DAY,
    )  # fmt: skip
    return application.name


def quota_year(world: World, number: int) -> str:
    return QuotaYear.objects.create(year=2016 + number, places=40, source=f"文件{number}").source


def urgent(world: World, number: int) -> str:
    occupation = Occupation.objects.create(code=f"9-01-01-{number:02}", name=f"急需职业{number}")
    UrgentOccupation.objects.create(occupation=occupation, source="目录", since=DAY)
    return occupation.name


def serial(world: World, number: int) -> str:
    block = SerialBlock.objects.create(
        first=100 * number, last=100 * number + 9, next=100 * number, source=f"批复{number}", granted_on=DAY
    )
    return block.source


def undelivered(world: World, number: int) -> str:
    user = world.people["centre handler"].user
    message = outbox.send(
        f"undelivered{number}", "list", organisation=world.organisation("centre handler"), title=f"没发出{number}",
        body="", on=DAY,
    )  # fmt: skip
    Delivery.objects.filter(message=message).delete()
    Delivery.objects.create(
        message=message, user=user, channel="email", state="failed", attempts=10, error="OSError: x"
    )
    return message.title


def unissued(world: World, number: int) -> str:
    own_paper(world, number)
    paper = OfficialDocument.objects.order_by("-id").first()
    assert paper is not None
    OfficialDocument.objects.filter(pk=paper.pk).update(error="OSError: x", attempts=1)
    return paper.number


def a_checkpoint(world: World, number: int) -> str:
    trail.record(f"test.{number}", actor=None, on=DAY, label="测试")
    made = checkpoint.checkpoint(now())
    assert made is not None
    return made.head


def figure(world: World, number: int) -> str:
    row = Setting.objects.create(
        key="cap_urban", value=number, effective_from=DAY + datetime.timedelta(days=number), note=f"纪要{number}"
    )
    return row.note


def own_application(world: World, number: int) -> str:
    made = Application.objects.create(
        number=f"2025-{number:04}", kind=ApplicationKind.INITIAL, agency=world.organisation("agency admin"),
        state="withdrawn", created_on=DAY,
    )  # fmt: skip
    return made.number


def own_paper(world: World, number: int) -> str:
    agency = world.organisation("agency admin")
    application = Application.objects.create(
        number=f"2024-{number:04}", agency=agency, state="withdrawn", created_on=DAY
    )
    centre = world.organisation("centre handler")
    paper = OfficialDocument.objects.create(
        series="acceptance", number=f"安人社职评受〔2026〕{number}号", title="受理通知书", issuer=centre,
        issuer_name=centre.name, addressee=agency, addressee_name=agency.name, matter_type="filings.application",
        matter_id=str(application.pk), key=f"list:{number}", content={}, content_hash="", code=f"LIST-{number}", on=DAY,
    )  # fmt: skip
    return paper.number


def message(world: World, number: int) -> str:
    title = f"通知{number}"
    outbox.send(
        f"list:{number}", "list", organisation=world.organisation("centre handler"), title=title, body="内容", on=DAY
    )
    return title


def organisation(world: World, number: int) -> str:
    bureau = world.organisation("bureau chief")
    office = Organisation.objects.create(kind=OrganisationKind.COUNTY, name=f"一号县局{number}", parent=bureau)
    world.add(f"handler of {number}", office, Role.HANDLER)
    return office.name


def user(world: World, number: int) -> str:
    organisation(world, number)
    return world.people[f"handler of {number}"].user.username


def colleague(world: World, number: int) -> str:
    return world.add(f"colleague {number}", world.organisation("centre handler"), Role.HANDLER).user.display_name


def deputy(world: World, number: int) -> str:
    reason = f"公出{number}"
    Deputy.objects.create(
        chief=world.people["centre chief"], deputy=world.people["centre handler"], since=DAY, until=LATER,
        reason=reason,
    )  # fmt: skip
    return reason


def recusal(world: World, number: int) -> str:
    agency = world.organisation(another_agency(world, number))
    person = world.people["centre handler"].user
    Recusal.objects.create(user=person, agency=agency, ground=Recusal.Ground.KINSHIP, since=DAY)
    return agency.name


def token(world: World, number: int) -> str:
    name = f"令牌{number}"
    ApiToken.objects.create(
        position=world.people["centre handler"], name=name, token_hash=name, created_at=now(), expires_at=now()
    )
    return name


def device(world: World, number: int) -> str:
    name = f"浏览器{number}，电脑"
    BrowserSession.objects.create(
        session_key=f"device-{number}", user=world.people["centre handler"].user, device=name, since=now(),
        seen_at=now(), expire_date=real_now() + datetime.timedelta(hours=1),
    )  # fmt: skip
    return name


def consent(world: World, number: int) -> str:
    day = DAY - datetime.timedelta(days=number)
    ServiceConsent.objects.create(
        organisation=world.organisation("agency admin"), given_on=day, given_by=world.people["agency admin"],
        withdrawn_on=day,
    )  # fmt: skip
    return f"{day.day}日"


def position(world: World, number: int) -> str:
    organisation(world, number)
    office = world.organisation(f"handler of {number}")
    office.positions.create(user=world.people["centre handler"].user, role=Role.HANDLER, since=DAY)
    return office.name


def counter_draft(world: World, number: int) -> str:
    agency = world.organisation(another_agency(world, number))
    Application.objects.create(
        number=f"C-{number}", agency=agency, created_on=DAY, counter_on=DAY, name=agency.name,
        entered_by=world.people["county handler"], receiving=world.organisation("county handler"),
    )  # fmt: skip
    return agency.name


def calendar_year(world: World, number: int) -> str:
    CalendarYear.objects.create(year=2010 + number, status=YearStatus.ANNOUNCED, source="通知", digest="")
    return str(2010 + number)


def occupation(world: World, number: int) -> str:
    return Occupation.objects.create(code=f"0-01-01-{number:02}", name=f"某职业{number}").name


def published(world: World, number: int) -> str:
    """A filing's public record."""
    name = f"文峰区第{number}公示学校"
    content: dict[str, Any] = {
        "name": name, "code": f"S000041{number:06}", "credit_code": f"52410502MJ{number:07}X", "area": "文峰区",
        "area_code": "410502", "address": "示例路1号", "valid_from": str(DAY), "valid_until": str(LATER),
        "receipt": f"安人社职评备〔2026〕{number}号", "verification": f"LIST-{number:04}-AAAA-BBBB",
        "scope": [{"code": OCCUPATION, "occupation": "焊工", "levels": [5], "sites": ["校本部"]}],
        "sites": [{"name": "校本部", "area": "文峰区", "area_code": "410502", "address": "示例路1号"}],
    }  # fmt: skip
    matter = ("filings.filing", str(number))
    register.publish("filing", key=f"list:{number}", title=name, content=content, matter=matter, on=DAY)
    return name


def changed(world: World, number: int) -> str:
    """A change that has its number; giving one takes a further query, once."""
    name = published(world, number)
    changes.number_waiting()
    return name
