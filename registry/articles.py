"""The Measure article by article, in own words (the text itself is the bureau's): what the citations link to."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.reference import settings
from registry.figures import places
from regulation.citations import CHAPTERS, Chapter, Citation
from regulation.conditions import CONDITIONS
from regulation.grounds import GROUNDS
from regulation.materials import MATERIALS
from regulation.periods import PERIODS, PeriodSpec
from regulation.settings import SETTINGS, SettingSpec
from regulation.thresholds import THRESHOLDS


def _length(period: str) -> str:
    return PERIODS[period].length


def _figure(threshold: str) -> str:
    return f"{THRESHOLDS[threshold].figure}{THRESHOLDS[threshold].unit}"


SUMMARIES: Final[Mapping[int, str]] = {
    1: "为规范社评机构管理、保证技能人才评价质量，依据部、省有关规定，结合本市实际制定。",
    2: "社评机构的评价活动，以及人社部门对它的监督管理，都适用本办法。",
    3: "依法依规、客观独立、公平公正；政府监管、机构自律、社会监督相结合，事前事中事后相衔接。",
    4: "市人社局统筹规划全市社评机构；受其委托，市中心承担备案、评估、督导、检查和技术服务；"
    "县（市、区）人社部门负责本辖区。",
    5: "社评机构应遵守法律法规和制度，在备案范围内开展评价，保证质量，接受监管和社会监督。",
    6: "备案由市中心负责；县（市、区）人社部门负责本辖区的遴选和推荐。",
    7: "申请备案应当具备的基本条件。",
    8: "申请备案应当提交的六项材料。",
    9: "向当地人社部门提交申请和材料，并对材料的真实、有效、合法负责。",
    10: f"收到申请后审核是否受理。材料不齐全或不符合要求的，{_length('completeness')}内一次告知需要补正的全部内容；"
    f"补正一般不超过{_length('correction')}，补正完毕之日视为收到申请之日；逾期不补正视为放弃。不予受理要说明理由和依据；逾期没有作出不予受理决定的，视为受理。",
    11: "受理后组织技术评估（材料核验、专家论证、现场考察，或委托评估机构），"
    f"{_length('decision')}内决定；同意的出具回执，"
    "不同意的书面告知理由和依据。结合地域分布和市场需求择优遴选。",
    12: "回执载明机构名称、备案编码、地址、评价职业（工种）范围，并向社会公示。",
    13: "变更备案信息向原备案管理机构申请，按备案的条件和程序办理；"
    f"名称、法定代表人、地址变更的，自变更之日起{_length('change_report')}内办理。",
    14: f"备案有效期{_length('validity')}；需要延续的，在届满{_length('timely_renewal')}前申请。",
    15: "建立财务、考务、质量、证书、档案、安全等制度，制定服务标准和工作流程，并公开。",
    16: "配备相应工作人员，依法签订合同，定期开展法律、职业道德和业务培训。",
    17: "合理确定各职业（工种）的收费标准，遵守价格管理规定，公示标准和依据。",
    18: "建立内部监督、问题回溯、责任追究机制和台账；机构档案长期保存，业务档案"
    f"纸质保存{_length('archive_paper')}、电子保存{_length('archive_electronic')}，自存档当日起算。",
    19: "维护场所和设备设施，定期更新试题库。",
    20: "履行消防安全责任，配置并检修消防设施，开展巡查、检查和培训。",
    21: "制定四类突发事件应急预案，配备报警和救援设施，定期演练。",
    22: "谁备案谁监管，谁评价、谁发证、谁负责。",
    23: "市中心通过日常督查、专项督查、年度考核、定期评估、档案监管和查处违规，"
    "对社评机构实行动态管理，并建立退出机制。",
    24: "监督管理的六个方面。",
    25: "监督检查可以采取的形式。",
    26: "根据检查情况作出处理，记入监管档案，依法公开检查结果。",
    27: "编制年度监管计划，以“双随机、一公开”和数字化监测等方式检查。",
    28: "建立日常督查、专项督查、年度考核、定期评估等机制。",
    29: "发现较大风险隐患或有投诉举报的，启动专项督查；每年考核；到期申请延续的，组织定期评估。",
    30: "专项督查、年度考核、定期评估可以采取自评、抽审、交叉评估，可以指派外部督导员或委托第三方，并形成报告。",
    31: "社评机构公布联系电话和投诉渠道；任何单位和个人都可以举报。",
    32: "建立业务培训和经验交流机制。",
    33: "有下列情形的，可以要求机构说明事实；经核实确属违规的，可以宣布有关成绩无效、证书作废。",
    34: "有下列情形的，约谈主要负责人；视情况可以宣布当次成绩或证书无效。",
    35: "有下列情形的，警告并限期整改，整改期间暂停评价，向社会公布；视情况列入诚信档案。",
    36: "有下列情形的，终止备案，并处理有关证书和数据。",
    37: f"全市社评机构预设{_figure('m37_city')}左右，每年适时调整，急需紧缺职业（工种）优先；"
    f"同一职业（工种）市区一般不超过{_figure('m37_urban')}，县（市）一般不超过{_figure('m37_county')}；"
    "辖区内没有的，可以在全市调配。",
    38: f"职业（工种）连续{_figure('m38_inactive_months')}无正当理由未开展评价，"
    f"或评价人数低于{_figure('m38_persons')}的，"
    "取消该机构对它的评价资格并启动补充；全市仅此一家的除外。",
    39: "作出处理决定之前，告知拟作出的决定及事实、理由和依据；决定书面送达，或按规定公告。",
    40: "对处理决定有异议的，可以陈述和申辩；经复核后作出复核决定。",
    41: "有下列情形的纳入诚信档案，在大型活动推荐、评优评先和增量备案上给予支持。",
    42: "本办法由市人社局解释。",
    43: "自2023年1月1日起施行。",
}

# Items that no other table holds, in own words.
_ITEMS: Final[Mapping[int, tuple[str, ...]]] = {
    24: (
        "执行法律法规、政策和职业标准、评价规范的情况",
        "履行备案承诺的情况，是否在备案的职业（工种）、等级和地域内评价",
        "资格审核、考务组织、试题保密、人员配备、投诉处理是否规范",
        "评价计划、方式、时间地点、结果、证书查询和投诉渠道是否公开",
        "设备设施维护是否保障评价正常开展",
        "题库、考评员和督导员派遣、资料可追溯是否符合质量要求",
    ),
    25: (
        "现场督查",
        "个别询问、调查核实",
        "查阅、调取、复制记录、台账、影像和数据",
        "随机指派外部质量督导人员或第三方评估机构",
        "法律法规规定的其他形式",
    ),
}


@dataclass(frozen=True)
class Length:
    """A period or figure of an article, as it holds on a day. setting: the authority chose it, since the Measure leaves
    it open; default: what stands where nothing was chosen."""

    label: str
    text: str
    setting: bool
    starts: str = ""
    lapses: str = ""
    why: str = ""
    source: str = ""


@dataclass(frozen=True)
class Article:
    """An article: its citation, own words, items (number, words), and the lengths that rest on it."""

    citation: Citation
    summary: str
    items: tuple[tuple[int, str], ...]
    lengths: tuple[Length, ...]


@dataclass(frozen=True)
class Part:
    """A chapter with its articles."""

    chapter: Chapter
    articles: tuple[Article, ...]


def parts(on: datetime.date) -> list[Part]:
    """Return the chapters with their articles, the lengths as they hold on that day."""
    return [
        Part(chapter, tuple(article(number, on) for number in range(chapter.first, chapter.last + 1)))
        for chapter in CHAPTERS
    ]


def period_length(spec: PeriodSpec, on: datetime.date) -> Length:
    """Return a period as it holds on a day, the authority's figure where it is a setting."""
    amount = settings.value(spec.key, on) if spec.key in SETTINGS else None
    text = spec.length if amount is None else f"{amount}{spec.unit.label}"
    if spec.backward:
        text = f"届满前{text}"
    return Length(spec.label, text, spec.setting, spec.starts, spec.lapses, spec.why, spec.source)


def _figure(spec: SettingSpec, on: datetime.date) -> int:
    """What holds on a day; the number of agencies is the year's, which the bureau decides and publishes."""
    return places(on)[0] if spec.key == "cap_city" else settings.value(spec.key, on)


def article(number: int, on: datetime.date) -> Article:
    """Return an article by its running number, its lengths as they hold on that day. Raises KeyError."""
    lengths = [period_length(spec, on) for spec in PERIODS.values() if spec.citation.article == number]
    lengths += [
        Length(spec.label, f"{_figure(spec, on)}{spec.unit}", True, why=spec.why)
        for spec in SETTINGS.values()
        if spec.key not in PERIODS and spec.citation is not None and spec.citation.article == number
    ]
    return Article(Citation(number), SUMMARIES[number], tuple(_items(number)), tuple(lengths))


def _items(number: int) -> list[tuple[int, str]]:
    if number in _ITEMS:
        return list(enumerate(_ITEMS[number], start=1))
    if number == 8:
        return [(material.item, material.label) for material in MATERIALS.values()]
    if number == 7:
        by_item: dict[int, list[str]] = {}
        for condition in CONDITIONS.values():
            by_item.setdefault(condition.item, []).append(condition.label)
        return [(item, "；".join(labels)) for item, labels in by_item.items()]
    found = [ground for ground in GROUNDS.values() if ground.citation.article == number and ground.citation.item]
    return [(ground.citation.item or 0, ground.label) for ground in found]
