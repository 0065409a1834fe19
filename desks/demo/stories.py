"""The demo's applications: each brought to its state by the real workflow, on past working days."""

import datetime
from collections.abc import Callable
from typing import Any

from core.accounts.models import Organisation, Role
from core.deadlines import lapses
from core.documents import uploads
from core.reference.models import Occupation
from core.workflow import proposals
from desks.demo import files
from desks.demo.teller import Teller
from filings import workflow
from filings.imports.columns import COLUMNS
from filings.models import Application, Filing
from filings.workflow import assignments, importing, places, suspending

WELDER, ELECTRICIAN, CARER, MACHINIST = "6-18-02-04", "6-31-01-03", "4-10-01-05", "6-18-01-07"

CEASED = "S000041000031"

CRITERIA = (
    ("venue", "场地与设施设备", 40),
    ("staff", "专职、考评与督导人员", 30),
    ("record", "培训评价业绩与管理", 30),
)
OPENED = 40  # working days ago: before the first story


def open_year(today: datetime.date, organisations: dict[str, Organisation]) -> None:
    """What must stand before anyone applies: the year's number, criteria, serials, the urgent list."""
    teller = Teller(today, organisations)
    with teller.in_their_time():
        _open_year(teller)


def _open_year(teller: Teller) -> None:
    on = teller.day(OPENED)
    handler, chief = teller.office("bureau", Role.HANDLER, on), teller.office("bureau", Role.CHIEF, on)
    administrator, centre = teller.office("operator", Role.ADMINISTRATOR, on), teller.office("centre", Role.CHIEF, on)
    quota = places.propose_quota(
        actor=handler, on=on, year=on.year, places=40, source="关于下达年度社评机构预设数量的通知（演示）"
    )
    proposals.decide(quota, actor=chief, on=on)
    for key, label, marks in CRITERIA:
        places.publish_criterion(actor=centre, on=on, key=key, label=label, full_marks=marks, since=on)
    places.enter_serials(
        actor=administrator, on=on, first=101, last=160, source="省职鉴中心批复（演示）", granted_on=on
    )
    carer = Occupation.objects.get(code=CARER)
    places.list_urgent(carer, actor=handler, on=on, since=on, source="急需紧缺职业目录（演示）")


def tell(today: datetime.date, organisations: dict[str, Organisation]) -> dict[str, str]:
    """Tell every story; return {what it shows: the application's number}."""
    teller = Teller(today, organisations)
    told = {}
    with teller.in_their_time():
        for name, story in STORIES.items():
            told[name] = story(teller).number
        for name, happening in OF_FILINGS.items():
            told[name] = happening(teller).code
    lapses.sweep(today)
    return told


def from_paper(t: Teller) -> Filing:
    """Two agencies filed on paper before the portal, loaded from the centre's register; return the first, which has no
    account yet."""
    on = t.day(9)
    line: dict[str, Any] = {
        "code": "S000041000027",
        "name": "内黄县惠民职业技能培训学校",
        "credit_code": "52410527MJ1000013M",
        "area": "内黄县",
        "address": "内黄县示例路 6 号",
        "legal_representative": "法定代表人甲",
        "valid_until": on + datetime.timedelta(days=150),
        "occupation": "电工",
        "levels": "五级、四级",
    }
    other = line | {
        "code": CEASED,
        "name": "安阳县惠农技能培训学校",
        "credit_code": "52410522MJ1000014G",
        "area": "安阳县",
        "address": "安阳县示例路 3 号",
        "valid_until": on + datetime.timedelta(days=400),
    }
    rows = [tuple(COLUMNS[key].heading for key in line), tuple(line.values()), tuple(other.values())]
    register = importing.upload(
        files.xlsx("纸质备案台账", rows),
        actor=t.office("centre", Role.HANDLER, on),
        on=on,
        source="市中心纸质备案台账（演示）",
    )
    proposal = proposals.propose(
        register, "load", actor=t.office("centre", Role.HANDLER, on), on=on, payload={"codes_confirmed": False}
    )
    proposals.decide(proposal, actor=t.office("centre", Role.CHIEF, on), on=on)
    return register.filings.exclude(code=CEASED).get()


def deregistered(t: Teller) -> Filing:
    """The other one's legal person has ceased: deregistered ex officio on proof."""
    filing = Filing.objects.get(code=CEASED)
    centre, on = t.organisations["centre"], t.day(6)
    row = workflow.record_ceased(
        filing,
        actor=t.actor(centre, Role.HANDLER, on),
        on=on,
        reason="登记机关已准予注销登记，证明文件已经核验。",
        ceased_on=t.day(8),
        proof=files.pdf("准予注销登记通知书", [f"{filing.name}：准予注销登记。"]),
    )
    t.decide(filing, "deregister", centre, t.day(5), deregistration=row.pk)
    return filing


def assigned(t: Teller) -> Filing:
    """A county has none for an occupation: an agency of the city agrees to evaluate there too (M37)."""
    filing = t.filing_of("beiguan")
    asked, on, centre = t.day(11), t.day(10), t.organisations["centre"]
    row = assignments.offer(
        filing,
        actor=t.actor(centre, Role.HANDLER, asked),
        on=asked,
        occupation=Occupation.objects.get(pk=MACHINIST),
        quota_area="林州市",
        levels=[4, 3],
        site="林州市示例路 20 号实训楼（借用）",
        reason="林州市没有这个职业的评价机构，当地企业有评价需求。",
    )
    assignments.consent(row, actor=t.actor(filing.agency, Role.ADMIN, on), on=on, answer="同意，每季度一批。")
    t.decide(row, "make", centre, on)
    return filing


def suspended(t: Teller) -> Filing:
    """Warned and told to rectify (M35): suspended until it is lifted, as the public page shows. The filing itself
    stands for the case, which the portal does not hold yet."""
    filing, on = t.filing_of("youli"), t.day(4)
    source = "警告限期整改：部分考场的视频监控录像没有按规定保存"
    suspending.suspend(filing, matter=filing, source=source, actor=t.office("centre", Role.CHIEF, on), on=on)
    return filing


# What happened to filings afterwards, in the order of their telling.
OF_FILINGS: dict[str, Callable[[Teller], Filing]] = {
    "历史备案": from_paper,
    "已注销": deregistered,
    "市内调配": assigned,
    "暂停评价中": suspended,
}


def _approved(t: Teller) -> Application:
    application = t.assessed("tangyin", 30, {CARER: [5, 4, 3]})
    t.approve(application, 24)
    return application


def _last_place(t: Teller) -> Application:
    """The second of a county's two places for an occupation (M37): with it the board says 满."""
    application = t.assessed("youli", 18, {CARER: [5, 4]})
    t.approve(application, 13)
    return application


def _partial(t: Teller) -> Application:
    application = t.assessed("hua", 26, {ELECTRICIAN: [5, 4, 3], WELDER: [5, 4]})
    parts: tuple[tuple[str, int | None, str, str], ...] = (
        (WELDER, None, "焊接工位的排烟设施未达到职业标准要求。", "M7(2)"),
        (ELECTRICIAN, 3, "三级（高级工）的考评人员只有一人，不能组成考评组。", "M7(3)"),
    )
    t.approve(
        application,
        19,
        [
            {"occupation": code, "level": level, "site": None, "reason": reason, "basis": basis}
            for code, level, reason, basis in parts
        ],
    )
    return application


def _approved_urban(t: Teller) -> Application:
    application = t.assessed("beiguan", 22, {MACHINIST: [4, 3, 2]})
    t.approve(application, 15)
    return application


def _change(t: Teller) -> Application:
    """A filed agency reports that its seat has moved in its district, and names who is in charge of evaluation."""
    on = t.day(3)
    organisation = t.organisations["beiguan"]
    actor = t.actor(organisation, Role.ADMIN, on)
    application = workflow.create_application(actor=actor, on=on, kind="change")
    fields = {
        "address": f"{organisation.area}示例路 66 号",
        "person_in_charge": "评价工作负责人甲",
        "changed_on": t.day(9),
        "pledge_signed_on": on,
    }
    workflow.save_draft(application, actor=actor, on=on, fields=fields)
    workflow.upload_material(application, "pledge", t.material("pledge", application), actor=actor, on=on)
    return workflow.submit(application, actor=actor, on=on)


def _refused(t: Teller) -> Application:
    application = t.assessed("neihuang", 20, {CARER: [5, 4]})
    t.decide(
        application,
        "refuse",
        t.organisations["centre"],
        t.day(12),
        grounds=[{"basis": "M7(2)", "reason": "现场考察时护理实训床数量不足，视频监控没有覆盖考场。"}],
    )
    return application


def _set_aside(t: Teller) -> Application:
    """Refused, and the refusal set aside by a court: assessed again within a fresh period."""
    application = t.assessed("yindu-east", 38, {ELECTRICIAN: [5, 4]})
    centre = t.organisations["centre"]
    ground = {"basis": "M7(2)", "reason": "电工实操场地的消防验收证明没有覆盖三层实训室。"}
    t.decide(application, "refuse", centre, t.day(32), grounds=[ground])
    on, orders = t.day(2), "撤销被诉的不予备案决定，责令重新作出处理。"
    workflow.upload_ruling(
        application, files.pdf("行政判决书", [orders]), actor=t.actor(centre, Role.HANDLER, on), on=on
    )
    ruling = {"authority": "court", "number": f"（{on.year}）豫0502行初18号", "ruled_on": t.day(4).isoformat()}
    t.decide(application, "set_aside", centre, on, orders=orders, **ruling)
    return application


def _awaiting_decision(t: Teller) -> Application:
    application = t.assessed("yindu", 12, {WELDER: [5, 4, 3], ELECTRICIAN: [5, 4, 3]})
    on = t.day(2)
    proposals.propose(
        application,
        "approve",
        actor=t.office("centre", Role.HANDLER, on),
        on=on,
        payload={"granted": [WELDER, ELECTRICIAN], "left_out": [], "relaxed": {}},
        reason="评估合格，名额有空。",
    )
    return application


def _with_experts(t: Teller) -> Application:
    return t.assessed("longan", 9, {CARER: [5, 4, 3]}, report=False)


def _deemed(t: Teller) -> Application:
    application = t.submitted("anyang", 8, {ELECTRICIAN: [5, 4]})
    lapses.settle("filings.application", str(application.pk), t.today)
    return application


def _correcting(t: Teller) -> Application:
    application = t.submitted("linzhou", 6, {WELDER: [5, 4, 3], ELECTRICIAN: [5, 4]})
    on = t.day(3)
    t.mark(
        application,
        on,
        {
            "venue": "电工实操场地的视频监控设备清单缺少安装位置，请补附平面图。",
            "credit": "信用报告出具已超过一年，请换近期的。",
        },
    )
    workflow.mark_part(
        application,
        "staff",
        correct=False,
        remark="考评人员的证卡编号与专职工作人员的相同。请逐人核对，填写考评员证的编号。",
        actor=t.county(application, Role.HANDLER, on),
        on=on,
    )
    return workflow.request_correction(application, actor=t.county(application, Role.HANDLER, on), on=on, days=15)


def _under_review(t: Teller) -> Application:
    application = t.submitted("wenfeng", 3, {WELDER: [5, 4, 3], ELECTRICIAN: [5, 4]})
    t.mark(
        application,
        t.day(1),
        {"venue": "考场平面图看不清工位编号，请重新拍摄上传。"},
        ("profile", "work_plan", "venue", "credit"),
    )
    return application


def _draft(t: Teller) -> Application:
    return t.draft("gaoxin", t.day(1), {MACHINIST: [4, 3]}, whole=False)


def _claim(t: Teller) -> Any:
    organisation = t.organisations["newcomer"]
    on = t.day(1)
    actor = t.actor(organisation, Role.ADMIN, on)
    claim = workflow.make_claim(organisation, actor=actor, on=on)
    for slot, label in (("licence", "民办非企业单位登记证书"), ("authorisation", "授权委托书")):
        uploads.receive(
            files.pdf(label, [f"单位名称：{organisation.name}", f"统一社会信用代码：{organisation.credit_code}"]),
            matter=claim,
            slot=slot,
            actor=actor,
            on=on,
        )
    return workflow.create_application(actor=actor, on=on)


STORIES: dict[str, Callable[[Teller], Application]] = {
    "已备案": _approved,
    "名额已满": _last_place,
    "部分同意": _partial,
    "已备案，市区": _approved_urban,
    "变更，待审核": _change,
    "不予备案": _refused,
    "不予备案被法院撤销": _set_aside,
    "等待负责人决定": _awaiting_decision,
    "专家评审中": _with_experts,
    "视为受理": _deemed,
    "补正中，含申请内容": _correcting,
    "待审核": _under_review,
    "草稿": _draft,
    "身份待核实": _claim,
}
