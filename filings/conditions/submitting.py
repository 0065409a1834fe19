"""Handing in (M9): what a draft needs before it goes off."""

import datetime

from django.db.models import Q

from core.accounts.actors import Actor
from core.clock.words import in_words
from core.reference import settings
from core.refusals import Reason
from filings import changes, counter, parts, past_days, terms
from filings.conditions.common import Data
from filings.corrections import open_parts
from filings.enums import OPEN_STATES, ApplicationKind, FilingState
from filings.models import Application, Filing, Material, in_force
from filings.permissions import county_of
from regulation.materials import MATERIALS


def _materials(application: Application) -> dict[str, Material]:
    return {material.key: material for material in application.materials.all()}


def _label(key: str) -> str:
    return MATERIALS[key].label


def _m8(key: str) -> str:
    return MATERIALS[key].citation.code


# What a draft needs before it goes off.
_REQUIRED = {
    "name": "请填写机构名称。",
    "credit_code": "请填写统一社会信用代码。",
    "legal_form": "请选择法人类型。",
    "area_id": "请选择注册地所在县（市、区）。",
    "address": "请填写注册地址。",
    "legal_representative": "请填写法定代表人。",
    "legal_representative_id": "请填写法定代表人身份证号。",
    "contact": "请填写联系人。",
    "contact_phone": "请填写联系电话。",
    "pledge_signed_on": "请填写法定代表人签署承诺书的日期。",
}


def _form(application: Application, on: datetime.date) -> dict[str, list[Reason]]:
    """{part: what it lacks to be handed in}. Format alone: M7 blocks neither submission nor acceptance."""
    found: dict[str, list[Reason]] = {key: [] for key in parts.PARTS}
    for name, text in _REQUIRED.items():
        if not getattr(application, name):
            field = name if name in parts.OWN_FIELDS else name.removesuffix("_id")
            found[parts.of_field(name)].append(Reason("required", text, field=field, citation="M9"))
    if application.credit_code and application.credit_code != application.agency.credit_code:
        found["agency"].append(
            Reason(
                "credit_code_differs",
                f"统一社会信用代码与机构注册并核实的代码（{application.agency.credit_code}）不一致，请改正。",
                "credit_code",
                "M7(1)",
            )
        )
    for reason in past_days.against({name: getattr(application, name) for name in parts.OWN_FIELDS}, on):
        found[parts.of_field(reason.field)].append(reason)
    if not application.scope.exists():
        found["scope"].append(Reason("scope_empty", "请至少填写一个申请的职业（工种）。", "scope", "M7(2)"))
    for item in application.scope.select_related("occupation"):
        if not item.levels:
            text = f"请选择“{item.occupation.name}”的等级。"
            found["scope"].append(Reason("levels_empty", text, "scope", "M7(2)"))
    if not application.sites.exists():
        found["sites"].append(Reason("sites_empty", "请至少填写一处考评场地。", "sites", "M7(2)"))
    for site in application.sites.filter(Q(square_metres__isnull=True) | Q(places__isnull=True)):
        text = f"请填写场地“{site.name}”的面积和工位数。"
        found["sites"].append(Reason("site_unmeasured", text, "sites", "M7(2)"))
    return found


def edited_form(application: Application, on: datetime.date) -> list[Reason]:
    """What the parts that the agency may edit now lack; the others are as they were handed in."""
    lacking, open_now = _form(application, on), open_parts(application)
    return [
        Reason(reason.code, reason.text, f"item-{key}", reason.citation)
        for key, reasons in lacking.items()
        if key in open_now
        for reason in reasons
    ]


def submit(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """All six materials there (M8), pledge signed, agency confirmed, for the very code that was confirmed."""
    reasons = [reason for found in _form(application, on).values() for reason in found]
    there = _materials(application)
    for key in MATERIALS:
        if key not in there or there[key].upload_id is None:
            reasons.append(Reason("material_missing", f"请上传“{_label(key)}”。", f"material-{key}", _m8(key)))
    first = application.kind == ApplicationKind.INITIAL
    if first and application.agency.filings.filter(in_force(on)).exists():
        reasons.append(Reason("filed_already", "机构已有有效备案，不需要再次首次申请；请撤回这份草稿。", "", "M14"))
    if first and application.receiving is None and application.area and county_of(application.area_id) is None:
        text = f"{application.area} 还没有开通受理单位，请联系市职业技能鉴定指导中心。"
        reasons.append(Reason("no_county", text, "area", "M9"))
    if application.agency.confirmed_on is None:
        reasons.append(
            Reason(
                "agency_unconfirmed",
                "机构身份还没有经县（市、区）人社局核实，核实后才能提交。草稿已保存。",
                "agency",
                "M9",
            )
        )
    day = counter.handed_in_on(application, data) or on
    against_counter = counter.against_handing_in(application, actor=actor, on=on, data=data)
    return [*reasons, *_following(application, on, day), *against_counter]


def withdraw(application: Application, *, actor: Actor, on: datetime.date, data: Data) -> list[Reason]:
    """Nothing where the agency does it itself; at the counter its signed request, once the application is handed in."""
    return counter.unproven(application, "withdraw", actor) if application.first_submitted_on else []


def _following(application: Application, on: datetime.date, day: datetime.date) -> list[Reason]:
    """What a change or a renewal needs besides: its filing in force, something to change, the window of M14. Of what
    came over the counter the window is judged by the day it came, and a filing may have run out since."""
    filing = application.filing
    if filing is None or application.kind == ApplicationKind.INITIAL:
        return []
    renews = application.kind == ApplicationKind.RENEWAL
    run_out = not filing.in_force(on) and renews and filing.state in (FilingState.ACTIVE, FilingState.EXPIRED)
    if not filing.in_force(day if run_out else on):
        return [Reason("filing_over", "备案已经失效或终止，不能再办理变更或延续。请重新申请备案。", "", "M14")]
    asked = changes.differences(application, on)
    if renews:
        return (
            renewal_window(filing, day)
            + (_anew(application, on) if run_out else [])
            + [
                Reason(
                    "renewal_changes",
                    f"{changes.label(one.key)}与现有备案不同：延续不能变更，请改回，另行申请变更备案。",
                    "",
                    "M14",
                )
                for one in asked
                if not one.narrows
            ]
        )
    reasons = [] if asked else [Reason("nothing_changed", "内容与现有备案一致，没有要变更的事项。", "", "M13")]
    if any(one.reported for one in asked) and application.changed_on is None:
        text = "名称、法定代表人或地址变更的，请填写变更之日。"
        reasons.append(Reason("changed_on_missing", text, "changed_on", "M13"))
    return reasons


def _anew(application: Application, on: datetime.date) -> list[Reason]:
    """What the agency has begun since its filing ran out, and stands in the way of taking that up again."""
    agency = application.agency
    reasons = []
    for one in agency.applications.filter(kind=ApplicationKind.INITIAL, state__in=OPEN_STATES):
        text = f"机构另有一件首次备案申请（{one.number}，{one.get_state_display()}），请先由机构撤回或等办结。"
        reasons.append(Reason("applied_anew", text, "", "M14"))
    for newer in agency.filings.filter(in_force(on)).exclude(pk=application.filing_id):
        reasons.append(Reason("filed_anew", f"机构已另有有效备案（{newer.code}），原备案不再延续。", "", "M14"))
    return reasons


def renewal_window(filing: Filing, on: datetime.date) -> list[Reason]:
    """A renewal can be asked for from its opening to the last day of validity (M14), and once for each term."""
    opens = terms.opens_on(filing, settings.value("renewal_opening", on))
    if on < opens:
        text = f"延续申请自 {in_words(opens)} 起受理，现在还没有开放。"
        return [Reason("renewal_not_open", text, "", "M14")]
    if on > filing.valid_until:
        return [Reason("renewal_over", "有效期已经届满，不能再申请延续。请重新申请备案。", "", "M14")]
    return []
