"""The guide (办事指南): who may apply, what to hand in, the steps. Words here, figures from regulation."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.articles import Length, period_length
from regulation.citations import Citation, cite
from regulation.conditions import CONDITIONS, Condition
from regulation.periods import PERIODS


@dataclass(frozen=True)
class Step:
    """A step: who does what, its article, and the keys of its periods in regulation.periods."""

    title: str
    who: str
    text: str
    citation: str
    periods: tuple[str, ...] = ()


STEPS: Final = (
    Step(
        "注册账号，核实身份",
        "申请机构",
        "用统一社会信用代码注册，上传登记证书和授权书。当地人社局核实之后才能提交第一次申请；填写草稿不必等待。",
        "M9",
    ),
    Step(
        "填报并提交申请",
        "申请机构",
        "分步填写机构、职业（工种）和等级、场地、人员和经历，上传六项材料，边填边对照备案条件。"
        "由机构管理员提交，即时得到收件凭证。",
        "M9",
    ),
    Step(
        "受理审核",
        "当地人社局",
        "审核材料是否齐全、是否符合要求，决定受理或者不予受理。到期没有作出不予受理决定的，视为受理。",
        "M10",
        ("completeness",),
    ),
    Step(
        "补正",
        "申请机构",
        "需要补正的全部内容一次告知。补正完毕之日视为收到申请之日，受理审核重新起算。"
        f"说明理由可以延长一次，合计不超过{PERIODS['correction'].total_maximum}日。",
        "M10",
        ("correction",),
    ),
    Step(
        "推荐",
        "当地人社局",
        "出具推荐意见。到期没有意见的，市中心可以直接评估。",
        "M6",
        ("county_recommendation",),
    ),
    Step(
        "技术评估和决定",
        "市中心",
        "以材料核验、专家论证、现场考察等方式评估，结合名额择优遴选，作出是否备案的决定。不予备案的书面说明理由和依据。",
        "M11",
        ("decision",),
    ),
    Step(
        "领取回执，向社会公示",
        "市中心",
        "同意备案的签发带有电子签名和二维码的回执，同时公示。任何人都可以在本站核验。",
        "M12",
        ("validity",),
    ),
    Step(
        "变更和延续",
        "备案机构",
        "名称、法定代表人、地址变更的，及时办理变更备案。需要继续评价的，在有效期届满前申请延续。",
        "M13",
        ("change_report", "renewal_opening", "timely_renewal"),
    ),
)


@dataclass(frozen=True)
class ShownStep:
    """A step with its periods as they hold on a day."""

    step: Step
    lengths: Sequence[Length]


@dataclass(frozen=True)
class ConditionGroup:
    """The conditions of one item of M7."""

    citation: Citation
    conditions: Sequence[Condition]


def steps(on: datetime.date) -> list[ShownStep]:
    """Return the steps with their periods as they hold on a day."""
    return [ShownStep(step, [period_length(PERIODS[key], on) for key in step.periods]) for step in STEPS]


def conditions() -> list[ConditionGroup]:
    """Return the conditions of M7 by item."""
    items = sorted({condition.item for condition in CONDITIONS.values()})
    return [
        ConditionGroup(cite(f"M7({item})"), [one for one in CONDITIONS.values() if one.item == item]) for item in items
    ]
