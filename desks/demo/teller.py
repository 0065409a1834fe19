"""Who tells the demo's stories: finds who acts on which past day, fills in applications, takes them on their way."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock

from core.accounts.actors import Actor, actor_for
from core.accounts.models import Organisation, Position, Role
from core.calendars.calendar import current as current_calendar
from core.clock import clock
from core.workflow import proposals
from desks.demo import files
from filings import workflow
from filings.enums import StaffKind
from filings.m7 import years_before
from filings.models import Application, Filing
from regulation.materials import MATERIALS
from regulation.workdays import subtract_workdays

OPENS = datetime.time(9)
BETWEEN_ACTS = datetime.timedelta(minutes=6)


@dataclass
class Teller:
    """Tells the stories: finds who acts, and reckons days back from `today`."""

    today: datetime.date
    organisations: dict[str, Organisation]
    _moment: datetime.datetime = field(default_factory=clock.now)

    @contextmanager
    def in_their_time(self) -> Iterator[None]:
        """Let what is told bear the time at which it is told to happen: from nine o'clock, one act after the other."""
        with mock.patch.object(clock, "real_now", self._now):
            yield

    def _now(self) -> datetime.datetime:
        return self._moment

    def _turn_to(self, on: datetime.date) -> None:
        next_one, opening = self._moment + BETWEEN_ACTS, datetime.datetime.combine(on, OPENS, clock.SHANGHAI)
        self._moment = next_one if clock.local_date(self._moment) == on else opening

    def day(self, workdays_ago: int) -> datetime.date:
        """Return the day that many working days before today."""
        return subtract_workdays(self.today, workdays_ago, current_calendar())

    def actor(self, organisation: Organisation, role: str, on: datetime.date) -> Actor:
        """Return the first holder of a role in an organisation, acting on a day: the next act."""
        self._turn_to(on)
        position = (
            Position.objects.select_related("user", "organisation")
            .filter(organisation=organisation, role=role)
            .order_by("id")
            .first()
        )
        assert position is not None
        return actor_for(position, on)

    def office(self, key: str, role: str, on: datetime.date) -> Actor:
        return self.actor(self.organisations[key], role, on)

    def county(self, application: Application, role: str, on: datetime.date) -> Actor:
        assert application.receiving is not None
        return self.actor(application.receiving, role, on)

    def draft(
        self, agency: str, on: datetime.date, occupations: dict[str, list[int]], *, whole: bool = True
    ) -> Application:
        """Fill in an application with real files; `whole` false leaves it half done."""
        organisation = self.organisations[agency]
        actor = self.actor(organisation, Role.ADMIN, on)
        application = workflow.create_application(actor=actor, on=on)
        workflow.save_draft(application, actor=actor, on=on, fields=_fields(organisation, on, whole=whole))
        site = application.sites.create(
            name="校本部实训楼",
            area_id=organisation.area_id,
            address="示例路 18 号实训楼 1–3 层",
            square_metres=1200,
            places=80,
            equipment="焊接工位 20 个、电工实训台 24 个、护理实训床 12 张，均配视频监控",
            surveillance=True,
            environment_ok=True,
            safety_ok=True,
            fire_ok=True,
        )
        for code, levels in occupations.items():
            item = application.scope.create(
                occupation_id=code, levels=levels, question_bank="国家题库河南分库" if whole else ""
            )
            item.sites.add(site)
            for back in range(3, 0, -1):
                # Well inside the window of M7(7), so that the figures hold on the days after, too.
                since = years_before(on, back) + datetime.timedelta(days=20)
                application.records.create(
                    occupation_id=code,
                    since=since,
                    until=years_before(on, back - 1),
                    person_times=760 + 40 * back,
                )
        for kind, count in (("staff", 4), ("assessors", 5), ("supervisors", 2), ("experts", 2)) if whole else ():
            for number in range(count):
                application.staff.create(
                    kind=kind, name=f"{StaffKind(kind).label}{number + 1}号", certificate=f"YS{number:04}"
                )
        for key in MATERIALS if whole else ("profile", "work_plan"):
            workflow.upload_material(application, key, _material(key, application), actor=actor, on=on)
        return application

    def material(self, key: str, application: Application) -> Any:
        """Return a real file for a material."""
        return _material(key, application)

    def submitted(self, agency: str, ago: int, occupations: dict[str, list[int]]) -> Application:
        on = self.day(ago)
        application = self.draft(agency, on, occupations)
        actor = self.actor(self.organisations[agency], Role.ADMIN, on)
        return workflow.submit(application, actor=actor, on=on)

    def mark(
        self, application: Application, on: datetime.date, bad: dict[str, str], keys: tuple[str, ...] = ()
    ) -> None:
        actor = self.county(application, Role.HANDLER, on)
        for key in keys or tuple(MATERIALS):
            workflow.mark_material(
                application, key, complete=True, compliant=key not in bad, remark=bad.get(key, ""), actor=actor, on=on
            )

    def accepted(self, agency: str, ago: int, occupations: dict[str, list[int]]) -> Application:
        application = self.submitted(agency, ago, occupations)
        on = self.day(ago - 1)
        self.mark(application, on, {})
        return workflow.accept(application, actor=self.county(application, Role.HANDLER, on), on=on)

    def filing_of(self, agency: str) -> Filing:
        return Filing.objects.get(agency=self.organisations[agency])

    def decide(self, matter: Any, name: str, office: Organisation, on: datetime.date, **payload: Any) -> None:
        """Propose and decide in an application, a filing, an assignment."""
        proposal = proposals.propose(matter, name, actor=self.actor(office, Role.HANDLER, on), on=on, payload=payload)
        proposals.decide(proposal, actor=self.actor(office, Role.CHIEF, on), on=on)
        matter.refresh_from_db()

    def recommended(self, agency: str, ago: int, occupations: dict[str, list[int]]) -> Application:
        application = self.accepted(agency, ago, occupations)
        assert application.receiving is not None
        self.decide(
            application,
            "recommend",
            application.receiving,
            self.day(ago - 2),
            positive=True,
            text="办学时间长，场地、设备和师资符合条件，当地对所申请职业的评价需求较大，同意推荐。",
        )
        return application

    def assessed(self, agency: str, ago: int, occupations: dict[str, list[int]], *, report: bool = True) -> Application:
        application = self.recommended(agency, ago, occupations)
        on = self.day(ago - 3)
        handler = self.office("centre", Role.HANDLER, on)
        workflow.start_assessment(
            application,
            actor=handler,
            on=on,
            methods=["material", "panel", "visit"],
            plan="先核验材料，再由两位专家现场考察。",
        )
        experts = Position.objects.select_related("user", "organisation").filter(
            organisation=self.organisations["experts"], role=Role.EXPERT
        )
        for number, expert in enumerate(experts):
            task = workflow.assign_expert(application, expert, actor=handler, on=on)
            # Where the report waits, 甲's sheet is still to be written: the demo's expert has something to do.
            if report or number > 0:
                workflow.submit_sheet(
                    task,
                    actor=actor_for(expert, on),
                    on=on,
                    marks={
                        "venue": {"marks": 34 + number, "reason": "场地和设备达到国家职业标准，工位充足。"},
                        "staff": {"marks": 26, "reason": "考评人员、督导人员数量和专业匹配。"},
                        "record": {"marks": 25, "reason": "近三年培训评价规模稳定，档案完整。"},
                    },
                    positive=True,
                    opinion="总体符合备案条件。",
                )
        if report:
            workflow.record_visit(
                application,
                actor=handler,
                on=on,
                visit_on=on,
                note="现场核对设备台账和视频监控，与申请材料一致。",
                file=files.jpg("现场考察记录", 12),
            )
            workflow.write_report(
                application, actor=handler, on=on, text="材料核验、专家论证和现场考察均已完成，所申请职业符合备案条件。"
            )
        application.refresh_from_db()
        return application

    def approve(self, application: Application, ago: int, left_out: list[dict[str, Any]] | None = None) -> None:
        left_out = left_out or []
        whole = {part["occupation"] for part in left_out if part["level"] is None and part["site"] is None}
        granted = [c for c in application.scope.values_list("occupation_id", flat=True) if c not in whole]
        self.decide(
            application,
            "approve",
            self.organisations["centre"],
            self.day(ago),
            granted=granted,
            left_out=left_out,
            relaxed={},
        )


def _fields(organisation: Organisation, on: datetime.date, *, whole: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "legal_form": "company" if organisation.credit_code.startswith("9") else "school",
        "address": f"{organisation.area}示例路 18 号",
        "registered_on": datetime.date(2014, 6, 12),
        "legal_representative": "法定代表人甲",
        "contact": "经办人甲",
        "contact_phone": "13800000000",
    }
    if whole:
        fields |= {
            "legal_representative_id": "11010519491231002X",
            "unit_name": "职业技能等级认定部",
            "accepts_supervision": True,
            "not_for_profit": True,
            "funding": "认定工作经费列入年度预算，不足部分由学校办学结余补充。",
            "rules_note": "财务、考务、质量、证书、档案、安全六类制度已汇编成册。",
            "training_since": datetime.date(2017, 9, 1),
            "pledge_signed_on": on,
        }
    return fields


@cache
def _statement(label: str) -> Any:
    """A material that reads the same for everyone: made once, a PDF takes long."""
    return files.pdf(label, ["申请机构和统一社会信用代码见首次备案申请表。", "本材料真实、完整、有效。"])


def _material(key: str, application: Application) -> Any:
    name, label = application.name, MATERIALS[key].label
    match key:
        case "work_plan":
            return files.docx(
                label, [f"{name}拟开展职业技能等级认定。", "组织机构、题库来源、考务流程、质量督导、经费保障如下。"]
            )
        case "venue":
            return files.jpg(label, 24)
        case "record":
            heading: list[tuple[object, ...]] = [("职业", "起", "止", "人次")]
            return files.xlsx(
                label,
                heading
                + [(r.occupation_id, str(r.since), str(r.until), r.person_times) for r in application.records.all()],
            )
        case _:
            return _statement(label)
