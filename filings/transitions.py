"""The transitions of each matter type: label, article, who proposes, what must hold, what is done."""

from typing import Any

from core.workflow.spec import TransitionSpec
from filings import conditions, permissions, workflow
from filings.conditions import assigning
from filings.workflow import (
    assignments,
    clerical,
    correcting,
    ending,
    importing,
    life,
    places,
    receiving,
    setting_aside,
)
from filings.workflow.claims import has_papers, has_reason


def _proposer(predicate: Any) -> Any:
    return lambda actor, matter: bool(predicate.test(actor, matter))


APPLICATION = (
    TransitionSpec("submit", "提交申请", "M9", workflow.submit, conditions.submit),
    TransitionSpec(
        "request_correction", "发补正通知", "M10", workflow.request_correction, conditions.request_correction
    ),
    TransitionSpec("resubmit", "提交补正", "M10", workflow.resubmit, conditions.resubmit),
    TransitionSpec(
        "extend_correction", "延长补正期限", "M10", workflow.extend_correction, conditions.extend_correction
    ),
    TransitionSpec("accept", "受理", "M10", workflow.accept, conditions.accept),
    TransitionSpec(
        "decline",
        "不予受理",
        "M10",
        workflow.decline,
        conditions.decline,
        propose=_proposer(permissions.is_receiving_handler),
    ),
    TransitionSpec(
        "recommend",
        "出具推荐意见",
        "M6",
        workflow.recommend,
        conditions.recommend,
        propose=_proposer(permissions.is_recommending_handler),
    ),
    TransitionSpec("start_assessment", "开始技术评估", "M11", workflow.start_assessment, conditions.start_assessment),
    TransitionSpec(
        "give_late_opinion",
        "补交逾期意见",
        "M6",
        workflow.give_late_opinion,
        conditions.give_late_opinion,
        propose=_proposer(permissions.is_recommending_handler),
    ),
    TransitionSpec("request_opinion", "征求县区意见", "M6", workflow.request_opinion, conditions.request_opinion),
    TransitionSpec(
        "give_opinion",
        "出具应询意见",
        "M6",
        workflow.give_opinion,
        conditions.give_opinion,
        propose=_proposer(permissions.is_asked_handler),
    ),
    TransitionSpec("confirm_items", "确认变更事项", "M13", workflow.confirm_items, conditions.confirm_items),
    TransitionSpec(
        "invite_supplements", "要求补充材料", "M11", workflow.invite_supplements, conditions.invite_supplements
    ),
    TransitionSpec(
        "supply_supplements", "提交补充材料", "M11", workflow.supply_supplements, conditions.supply_supplements
    ),
    TransitionSpec("request_override", "请求超名额", "M37", workflow.request_override, conditions.request_override),
    TransitionSpec(
        "override_cap",
        "答复超名额请求",
        "M37",
        workflow.override_cap,
        conditions.override_cap,
        propose=_proposer(permissions.is_bureau_handler),
    ),
    TransitionSpec(
        "approve",
        "同意备案",
        "M11",
        workflow.approve,
        conditions.approve,
        propose=_proposer(permissions.is_centre_handler),
        touches=frozenset({"scope", "change_items"}),
        foreseen=conditions.places_free,
    ),
    TransitionSpec(
        "refuse",
        "不予备案",
        "M11",
        workflow.refuse,
        conditions.refuse,
        propose=_proposer(permissions.is_centre_handler),
        touches=frozenset(),
    ),
    TransitionSpec(
        "set_aside",
        "依裁决恢复办理",
        "行政复议法、行政诉讼法",
        setting_aside.set_aside,
        conditions.set_aside,
        propose=_proposer(permissions.is_undoing_handler),
    ),
    TransitionSpec(
        "reinstate",
        "依裁决恢复备案",
        "行政复议法、行政诉讼法",
        setting_aside.reinstate,
        conditions.reinstate,
        propose=_proposer(permissions.is_centre_handler & permissions.is_revoked),
    ),
    TransitionSpec("withdraw", "撤回申请", "M9", workflow.withdraw, conditions.withdraw),
    TransitionSpec("abandon", "视为放弃", "M10", correcting.abandon, conditions.nothing, clock=True),
    TransitionSpec("deem_accepted", "视为受理", "M10", receiving.deem_accepted, conditions.nothing, clock=True),
    TransitionSpec("close", "终结", "M14", life.close, conditions.nothing, clock=True),
    TransitionSpec("become_initial", "转为首次备案", "M14", life.become_initial, conditions.nothing, clock=True),
)

FILING = (
    TransitionSpec("hold", "延续办理中继续有效", "M14", life.end_of_validity, conditions.nothing, clock=True),
    TransitionSpec("expire", "失效", "M14", life.expire, conditions.nothing, clock=True),
    TransitionSpec(
        "deregister",
        "注销备案",
        "M23",
        ending.deregister,
        conditions.deregister,
        propose=_proposer(permissions.is_centre_handler),
    ),
    TransitionSpec("revoke", "撤销", "行政复议法、行政诉讼法", life.revoke, conditions.nothing, clock=True),
    TransitionSpec("restore", "恢复有效", "行政复议法、行政诉讼法", life.restore, conditions.restore, clock=True),
)

CLAIM = (
    TransitionSpec("confirm", "核实通过", "M9", workflow.confirm_claim, has_papers),
    TransitionSpec("reject", "核实不通过", "M9", workflow.reject_claim, has_reason),
)

QUOTA = (
    TransitionSpec(
        "set_quota", "设定年度名额", "M37", places.set_quota, places.against_quota, propose=places.is_quota_proposer
    ),
)

IMPORT = (
    TransitionSpec(
        "load",
        "录入历史备案",
        "M12",
        importing.load,
        importing.against_load,
        propose=_proposer(permissions.is_centre_handler),
    ),
    TransitionSpec("discard", "作废", "M12", importing.discard, conditions.nothing),
)

CORRECTION = (
    TransitionSpec(
        "correct_paper",
        "更正文书",
        "",
        clerical.correct_paper,
        conditions.correct_paper,
        propose=_proposer(permissions.is_correcting_handler),
    ),
)

ASSIGNMENT = (
    TransitionSpec("consent", "同意调配", "M37", assignments.consent, assigning.fits),
    TransitionSpec("decline", "不同意调配", "M37", assignments.decline, conditions.nothing),
    TransitionSpec("take_back", "取消调配", "M37", assignments.take_back, assigning.with_reason),
    TransitionSpec(
        "make", "调配", "M37", assignments.make, assigning.fits, propose=_proposer(permissions.is_centre_handler)
    ),
    TransitionSpec(
        "end", "结束调配", "M37", assignments.end, assigning.end, propose=_proposer(permissions.is_centre_handler)
    ),
    TransitionSpec("fall", "不再调配", "M37", assignments.fall, conditions.nothing, clock=True),
    TransitionSpec("give_way", "调配随之结束", "M37", assignments.give_way, conditions.nothing, clock=True),
)
