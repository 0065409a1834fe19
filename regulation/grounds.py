"""Every ground of chapters 6 and 7: what an agency did (or failed to do), which grade it falls under, what it may grow
into. Labels are in own words; the Measure's text is cited, not copied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from regulation.citations import ITEMS, Citation, cite


class Grade(StrEnum):
    """What a ground leads to. These are 监管处理, never 行政处罚; COMMENDATION is chapter 7."""

    INVALIDATION = "invalidation"
    INTERVIEW = "interview"
    WARNING = "warning"
    TERMINATION = "termination"
    REMOVAL = "removal"
    COMMENDATION = "commendation"

    @property
    def spec(self) -> "GradeSpec":
        """Its label, article and effect."""
        return GRADES[self]

    @property
    def label(self) -> str:
        """Its name: "警告限期整改"."""
        return self.spec.label


@dataclass(frozen=True)
class GradeSpec:
    """What a grade is called, where it stands, what it does, and what else the decision may say (`may`)."""

    label: str
    citation: Citation
    effect: str
    may: str = ""


GRADES: Final[Mapping[Grade, GradeSpec]] = MappingProxyType(
    {
        Grade.INVALIDATION: GradeSpec("成绩无效、证书作废", cite("M33"), "列明的成绩无效、证书作废"),
        Grade.INTERVIEW: GradeSpec(
            "约谈", cite("M34"), "约谈主要负责人，听取陈述和承诺，提醒规范操作", "宣布当次成绩或证书无效"
        ),
        Grade.WARNING: GradeSpec(
            "警告限期整改", cite("M35"), "限期整改，整改期间暂停评价，并向社会公布", "列入诚信档案"
        ),
        Grade.TERMINATION: GradeSpec("终止备案", cite("M36"), "终止备案，并按决定处理相关证书和数据"),
        Grade.REMOVAL: GradeSpec("取消职业（工种）资格", cite("M38"), "取消该职业（工种）的评价资格，并启动补充"),
        Grade.COMMENDATION: GradeSpec(
            "纳入诚信档案并给予支持", cite("M41"), "优先推荐参与大型活动，在评优评先和增量备案上给予支持"
        ),
    }
)


@dataclass(frozen=True)
class Ground:
    """One ground, named by its citation's code."""

    citation: Citation
    label: str
    grade: Grade

    @property
    def code(self) -> str:
        """As code and tests write it: "M34(3)"."""
        return self.citation.code


@dataclass(frozen=True)
class Escalation:
    """A graver ground that an earlier one makes possible, and on what condition. A person chooses; nothing here acts.

    sources: codes of the earlier grounds; target: the code of the graver one.
    """

    sources: tuple[str, ...]
    target: str
    condition: str


_LABELS: Final[Mapping[int, tuple[Grade, tuple[str, ...]]]] = MappingProxyType(
    {
        33: (
            Grade.INVALIDATION,
            (
                "考生不符合申报条件",
                "考场发生违纪",
                "阅卷、评分标准不规范或不一致",
                "试题泄露",
            ),
        ),
        34: (
            Grade.INTERVIEW,
            (
                "报名审核不严或未执行标准规范，情节轻微",
                "考务组织松懈、考评环境不一致，或违反考务、证书管理规定，情节轻微",
                "评价档案不完整、不规范",
                "未安排质量督导或督导不合规程，情节轻微",
                "数字化监测异常，经重点抽查属实",
                "未及时处理违纪违规参评人员，影响公平",
                "未按要求使用标准试题，或拒绝无纸化考试",
                "未按规定公示考生和结果，或未及时上报证书数据",
            ),
        ),
        35: (
            Grade.WARNING,
            (
                "约谈事项情节严重",
                "未在规定区域、地点评价",
                "连续6个月无正当理由未开展评价",
                "以“包过”“保过”等作虚假宣传",
                "发现的违规问题逾期未整改",
                "涉嫌违纪违规违法，正在接受调查",
                "不接受重点检查、专项督查，或年度考核不合格",
                "名称、法定代表人、地址等变更未及时备案",
            ),
        ),
        36: (
            Grade.TERMINATION,
            (
                "备案时故意作虚假承诺、提供虚假材料",
                "超出备案范围评价",
                "直接或协助伪造申报资料，或纵容违规报名",
                "考场混乱，有组织舞弊",
                "证书数据作假，或出售证书",
                "警告整改后再次出现警告情形",
                "连续12个月无正当理由未开展评价，或人数低于500人",
                "软硬件设备达不到要求，逾期未整改",
                "出现重大安全事故或泄密",
                "其他不履行承诺、社会影响严重恶劣的行为",
            ),
        ),
        38: (Grade.REMOVAL, ("该职业（工种）连续12个月无正当理由未开展评价，或人数低于300人",)),
        41: (
            Grade.COMMENDATION,
            (
                "严格执行标准规范，连续三年被通报表扬",
                "年内单一职业（工种）超4000人次且取证超10000人次，就业增收贡献突出",
                "带动同行成果重大，成为全市先进典型",
                "热心公益，勇担社会责任",
            ),
        ),
    }
)


def _grounds() -> list[Ground]:
    """One ground for each label; an article without items (M38) is a ground as a whole."""
    return [
        Ground(Citation(article, number if article in ITEMS else None), label, grade)
        for article, (grade, labels) in _LABELS.items()
        for number, label in enumerate(labels, start=1)
    ]


GROUNDS: Final[Mapping[str, Ground]] = MappingProxyType({ground.code: ground for ground in _grounds()})


def of_grade(grade: Grade) -> tuple[Ground, ...]:
    """The grounds of one grade, in the Measure's order."""
    return tuple(ground for ground in GROUNDS.values() if ground.grade is grade)


def _codes(grade: Grade) -> tuple[str, ...]:
    return tuple(ground.code for ground in of_grade(grade))


ESCALATIONS: Final = (
    Escalation(_codes(Grade.INTERVIEW), "M35(1)", "约谈事项情节严重的，可按警告限期整改处理"),
    Escalation(_codes(Grade.INTERVIEW), "M35(5)", "督查等发现的问题逾期未整改的"),
    Escalation(_codes(Grade.WARNING), "M35(5)", "警告后逾期未整改的"),
    Escalation(("M35(5)",), "M36(8)", "逾期未整改的是软硬件设备无法满足评价需要的"),
    Escalation(_codes(Grade.WARNING), "M36(6)", "警告已整改，又出现新的警告情形的"),
)


def escalations(code: str) -> tuple[Escalation, ...]:
    """What a ground already decided on may grow into. Empty where it cannot."""
    return tuple(escalation for escalation in ESCALATIONS if code in escalation.sources)


def escalates_from(code: str) -> tuple[Escalation, ...]:
    """Which earlier grounds make this one possible. Empty where it stands by itself."""
    return tuple(escalation for escalation in ESCALATIONS if escalation.target == code)
