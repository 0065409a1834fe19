"""A small world to test in: areas, occupations, a calendar, the offices, an agency, and its people by role."""

import datetime
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from simple_history.utils import bulk_update_with_history

from core.accounts.actors import Actor, actor_for
from core.accounts.models import Organisation, OrganisationKind, Position, Role, ServiceConsent, User
from core.calendars import seed
from core.calendars.calendar import digest
from core.calendars.loading import load_year
from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus
from core.documents.models import Upload
from core.publications import calendars
from core.reference.models import Area, Occupation
from filings import workflow
from filings.models import Application, Criterion, Filing, Material, QuotaYear, SerialBlock
from regulation.materials import MATERIALS
from tests.stages import staged

DAY = datetime.date(2026, 9, 18)
SINCE = datetime.date(2020, 1, 1)

# The autumn of 2026 as announced: what DOMAIN.md's worked examples rest on.
HOLIDAYS_2026 = {datetime.date(2026, 9, 25): "中秋节", **{datetime.date(2026, 10, d): "国庆节" for d in range(1, 8)}}
MAKEUP_2026 = {datetime.date(2026, 9, 20): "国庆节", datetime.date(2026, 10, 10): "国庆节"}


def pdf(pages: int = 1) -> bytes:
    """A real, small PDF."""
    import pikepdf

    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


PDF = pdf()
FILE = "uploads/2026/09/one-for-all.pdf"


def file(name: str = "材料.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """An upload as a browser sends it."""
    return SimpleUploadedFile(name, content)


@dataclass
class World:
    """Offices and people; `actor(name, on)` returns somebody acting on a day."""

    people: dict[str, Position] = field(default_factory=dict)
    known: dict[tuple[str, datetime.date], Actor] = field(default_factory=dict, repr=False)

    def actor(self, name: str, on: datetime.date = DAY) -> Actor:
        """Return the actor of that name ("agency admin", "county handler", "centre chief", …) on a day."""
        position = Position.objects.select_related("organisation", "user").get(pk=self.people[name].pk)
        return actor_for(position, on)

    def same_actor(self, name: str, on: datetime.date = DAY) -> Actor:
        """Return the actor, looked up once: for a table of attempts between which nobody's position changes."""
        if (name, on) not in self.known:
            self.known[name, on] = self.actor(name, on)
        return self.known[name, on]

    def browser(self, name: str) -> Client:
        """Return a browser signed in as that person."""
        browser = Client()
        browser.force_login(self.people[name].user)
        return browser

    def organisation(self, name: str) -> Organisation:
        """Return the organisation of the person of that name."""
        return self.people[name].organisation

    def add(self, name: str, organisation: Organisation, role: str) -> Position:
        """Add a person by role."""
        user = User.objects.create_user(username=name.replace(" ", "-"), password="test-password-1", display_name=name)
        self.people[name] = Position.objects.create(user=user, organisation=organisation, role=role, since=SINCE)
        return self.people[name]


@staged
def make_world(*, consent: bool = True) -> World:
    """Make a county, the centre, the bureau, two agencies, experts, an administrator, and what they need."""
    wenfeng = Area.objects.create(code="410502", name="文峰区", kind="市辖区", quota_area="市区")
    tangyin = Area.objects.create(code="410523", name="汤阴县", kind="县", quota_area="汤阴县")
    Occupation.objects.create(code="6-18-02-04", name="焊工")
    Occupation.objects.create(code="6-31-01-03", name="电工")
    days = [(date, str(DayKind.HOLIDAY), name) for date, name in HOLIDAYS_2026.items()]
    days += [(date, str(DayKind.MAKEUP), name) for date, name in MAKEUP_2026.items()]
    CalendarDay.objects.bulk_create(CalendarDay(date=date, kind=kind, name=name) for date, kind, name in days)
    CalendarYear.objects.create(year=2026, status=YearStatus.ANNOUNCED, source="国办发明电", digest=digest(days))
    calendars.publish({2026}, on=SINCE)
    kind = OrganisationKind
    bureau = Organisation.objects.create(kind=kind.BUREAU, name="安阳市人力资源和社会保障局")
    centre = Organisation.objects.create(kind=kind.CENTRE, name="安阳市职业技能鉴定指导中心", parent=bureau)
    county = Organisation.objects.create(kind=kind.COUNTY, name="文峰区人社局", area=wenfeng, parent=bureau)
    other = Organisation.objects.create(kind=kind.COUNTY, name="汤阴县人社局", area=tangyin, parent=bureau)
    experts = Organisation.objects.create(kind=kind.EXPERTS, name="评审专家库")
    operator = Organisation.objects.create(kind=kind.OPERATOR, name="系统管理")
    world = World()
    for name, organisation, roles in (
        ("county", county, (Role.HANDLER, Role.CHIEF)),
        ("other county", other, (Role.HANDLER, Role.CHIEF)),
        ("centre", centre, (Role.HANDLER, Role.CHIEF, Role.INSPECTOR)),
        ("bureau", bureau, (Role.HANDLER, Role.CHIEF)),
        ("experts", experts, (Role.EXPERT,)),
        ("operator", operator, (Role.ADMINISTRATOR,)),
    ):
        for role in roles:
            world.add(f"{name} {role.value}", organisation, role)
    for name, title, code in (
        ("agency", "文峰区甲职业培训学校", "52410502MJ0000001X"),
        ("rival", "文峰区乙职业培训学校", "52410502MJ0000002P"),
    ):
        agency = Organisation.objects.create(
            kind=kind.AGENCY, name=title, credit_code=code, area=wenfeng, confirmed_on=SINCE
        )
        admin = world.add(f"{name} admin", agency, Role.ADMIN)
        world.add(f"{name} staff", agency, Role.STAFF)
        if consent:
            ServiceConsent.objects.create(organisation=agency, given_on=SINCE, given_by=admin)
    QuotaYear.objects.create(year=2026, places=40, source="年度名额文件")
    SerialBlock.objects.create(first=1, last=50, next=1, source="省中心批复", granted_on=SINCE)
    for key, label, marks in (("venue", "场地设备", 40), ("staff", "人员配备", 30), ("record", "培训评价业绩", 30)):
        Criterion.objects.create(key=key, label=label, full_marks=marks, since=SINCE)
    return world


@staged
def confirm_years(first: int, last: int) -> None:
    """Confirm the calendars of these years as provisional rules make them, so that no clock waits for one."""
    for year in range(first, last + 1):
        CalendarYear.objects.create(year=year, status=YearStatus.CONFIRMED, source="确认", digest="")


@staged
def seed_calendars(on: datetime.date) -> None:
    """Load the calendars that come with the portal."""
    seed.load(on)


@staged
def announce_years(world: World, first: int, last: int) -> None:
    """Load these years' calendars as they were announced, each on its first day."""
    for year in range(first, last + 1):
        on = datetime.date(year, 1, 1)
        operator = world.actor("operator administrator", on)
        load_year(year, seed.announced()[year], source="国办发明电", actor=operator, on=on)


# What an agency writes of itself and of its site; a pledge is signed on the day the draft is made.
WORDS: dict[str, Any] = {
    "legal_form": "school",
    "address": "文峰区示例路1号",
    "registered_on": datetime.date(2015, 1, 1),
    "legal_representative": "法定代表人甲",
    "legal_representative_id": "11010519491231002X",
    "contact": "经办人甲",
    "contact_phone": "13800000000",
    "unit_name": "技能等级认定部",
    "accepts_supervision": True,
    "not_for_profit": True,
    "funding": "学校年度预算列支",
    "training_since": datetime.date(2018, 3, 1),
}
SITE: dict[str, Any] = {
    "name": "校本部",
    "address": "示例路1号",
    "square_metres": 800,
    "places": 60,
    "equipment": "焊机20台",
    "surveillance": True,
    "environment_ok": True,
    "safety_ok": True,
    "fire_ok": True,
}
BOTH = ("6-18-02-04", "6-31-01-03")


def upload_all(application: Application, actor: Actor, on: datetime.date) -> None:
    """Upload a file for each material, as an agency does."""
    for key in MATERIALS:
        workflow.upload_material(application, key, file(f"{key}.pdf"), actor=actor, on=on)


def keep_file() -> None:
    """Store the file that is every material of `attach_all`."""
    if not default_storage.exists(FILE):
        default_storage.save(FILE, ContentFile(PDF))


def attach_all(application: Application, actor: Actor, on: datetime.date) -> None:
    """Give each material an upload as a row, all of one stored file: what most tests start from."""
    keep_file()
    rest = {"media_type": "application/pdf", "size": len(PDF), "pages": 1, "sha256": hashlib.sha256(PDF).hexdigest()}
    materials = list(application.materials.all())
    for material in materials:
        material.upload = Upload(
            matter_type="filings.application",
            matter_id=str(application.pk),
            slot=material.key,
            version=1,
            name=f"{material.key}.pdf",
            file=FILE,
            uploaded_by=actor.position,
            on=on,
            **rest,
        )
    Upload.objects.bulk_create(material.upload for material in materials)
    Material.objects.bulk_update(materials, ["upload"])


@staged
def filled_draft(
    world: World,
    who: str = "agency admin",
    on: datetime.date = DAY,
    *,
    codes: tuple[str, ...] = BOTH,
    person_times: int = 700,
    attach: Callable[[Application, Actor, datetime.date], None] = attach_all,
    **start: Any,
) -> Application:
    """Return a draft with everything in it that M7 and M8 ask for; `person_times` a year and occupation; `start`: what
    else it is begun with."""
    actor = world.actor(who, on)
    application = workflow.create_application(actor=actor, on=on, **start)
    workflow.save_draft(application, actor=actor, on=on, fields={**WORDS, "pledge_signed_on": on})
    site = application.sites.create(area_id="410502", **SITE)
    for code in codes:
        item = application.scope.create(occupation_id=code, levels=[5, 4, 3], question_bank="国家题库")
        item.sites.add(site)
        for year in range(on.year - 3, on.year):
            application.records.create(
                occupation_id=code,
                since=datetime.date(year, 10, 1),
                until=datetime.date(year + 1, 8, 31),
                person_times=person_times,
            )
    for kind in ("staff", "assessors", "supervisors", "experts"):
        application.staff.create(kind=kind, name=f"{kind}甲")
    attach(application, actor, on)
    return application


@staged
def submitted(world: World, who: str = "agency admin", on: datetime.date = DAY) -> Application:
    """Return an application handed in on that day."""
    application = filled_draft(world, who, on)
    return workflow.submit(application, actor=world.actor(who, on), on=on)


@staged
def mark_all(
    world: World,
    application: Application,
    on: datetime.date = DAY,
    *,
    bad: tuple[str, ...] = (),
    who: str = "county handler",
) -> None:
    """Mark every material as rows, those in `bad` as not compliant; as an officer does it: `mark_each`."""
    for material in (materials := list(application.materials.all())):
        material.complete, material.compliant = True, material.key not in bad
        material.remark = "请补充平面图" if material.key in bad else ""
        material.marked_by, material.marked_on = world.people[who], on
    bulk_update_with_history(materials, Material, ["complete", "compliant", "remark", "marked_by", "marked_on"])


def mark_each(
    world: World,
    application: Application,
    on: datetime.date = DAY,
    *,
    bad: tuple[str, ...] = (),
    who: str = "county handler",
) -> None:
    """Mark every material as an officer does, one after the other; those in `bad` as not compliant."""
    for key in MATERIALS:
        workflow.mark_material(
            application,
            key,
            complete=True,
            compliant=key not in bad,
            remark="请补充平面图" if key in bad else "",
            actor=world.actor(who, on),
            on=on,
        )


@staged
def accepted(world: World, on: datetime.date = DAY, who: str = "agency admin") -> Application:
    """Return an application accepted on the day it came."""
    application = submitted(world, who, on)
    mark_all(world, application, on)
    return workflow.accept(application, actor=world.actor("county handler", on), on=on)


@staged
def decide(world: World, application: Application, name: str, office: str, on: datetime.date, **payload: Any) -> None:
    """Propose as the office's handler and decide as its chief."""
    from core.workflow import proposals

    proposal = proposals.propose(application, name, actor=world.actor(f"{office} handler", on), on=on, payload=payload)
    proposals.decide(proposal, actor=world.actor(f"{office} chief", on), on=on)
    application.refresh_from_db()


@staged
def assessing(world: World, on: datetime.date = DAY, who: str = "agency admin") -> Application:
    """Return a recommended application with its assessment finished."""
    return assess(world, accepted(world, on, who), on)


@staged
def assess(world: World, application: Application, on: datetime.date = DAY) -> Application:
    """Recommend an accepted application and take it to the end of its assessment, with an expert's sheet."""
    decide(world, application, "recommend", "county", on, positive=True, text="同意推荐")
    handler = world.actor("centre handler", on)
    workflow.start_assessment(application, actor=handler, on=on, methods=["material", "panel"])
    expert = world.actor("experts expert", on)
    task = workflow.assign_expert(application, world.people["experts expert"], actor=handler, on=on)
    workflow.submit_sheet(
        task,
        actor=expert,
        on=on,
        marks={key: {"marks": 25, "reason": "符合标准"} for key in ("venue", "staff", "record")},
        positive=True,
        opinion="同意",
    )
    workflow.write_report(application, actor=handler, on=on, text="材料核验和专家论证均符合条件。")
    application.refresh_from_db()
    return application


@staged
def approved(world: World, on: datetime.date = DAY, who: str = "agency admin") -> Application:
    """Return an application approved whole."""
    return grant(world, assessing(world, on, who), on)


@staged
def grant(world: World, application: Application, on: datetime.date = DAY) -> Application:
    """Approve an application whole."""
    decide(world, application, "approve", "centre", on, granted=list(BOTH), left_out=[], relaxed={})
    return application


@staged
def filed(world: World, on: datetime.date = DAY, who: str = "agency admin") -> Filing:
    """Return the filing of an application approved whole."""
    return Filing.objects.get(application=approved(world, on, who))


@staged
def following(
    world: World,
    kind: str,
    on: datetime.date,
    *,
    edit: Callable[[Application], None] | None = None,
    who: str = "agency admin",
    **fields: Any,
) -> Application:
    """Return a change or renewal handed in on that day. edit: what the agency does to the draft; fields: its own."""
    actor = world.actor(who, on)
    draft = workflow.create_application(actor=actor, on=on, kind=kind)
    # Three years of training up to then, as M7(7) asks.
    draft.records.all().delete()
    for item in draft.scope.all():
        for back in (3, 2, 1):
            end = on - datetime.timedelta(days=365 * (back - 1) + 1)
            draft.records.create(
                occupation_id=item.occupation_id,
                since=end - datetime.timedelta(days=360),
                until=end,
                person_times=700,
            )
    workflow.save_draft(draft, actor=actor, on=on, fields={"pledge_signed_on": on, **fields})
    if edit is not None:
        edit(draft)
    workflow.upload_material(draft, "pledge", file("pledge.pdf"), actor=actor, on=on)
    return workflow.submit(draft, actor=actor, on=on)


@staged
def assessed(world: World, application: Application, on: datetime.date) -> Application:
    """Take a change or renewal that was handed in to the end of its assessment at the centre."""
    handler = world.actor("centre handler", on)
    mark_all(world, application, on, who="centre handler")
    workflow.accept(application, actor=handler, on=on)
    workflow.start_assessment(application, actor=handler, on=on, methods=["material"])
    workflow.write_report(application, actor=handler, on=on, text="材料核验符合条件。")
    application.refresh_from_db()
    return application
