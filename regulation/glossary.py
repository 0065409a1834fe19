"""The portal's words, each explained once in a sentence a clerk would say, with the article that has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from regulation.citations import Citation, cite
from regulation.periods import PERIODS


@dataclass(frozen=True)
class Term:
    """A word of the field. code: how templates name it; words: the explanation; citation: where the Measure has it."""

    code: str
    name: str
    words: str
    citation: Citation | None = None


@dataclass(frozen=True)
class Group:
    """Terms that belong together."""

    title: str
    terms: tuple[Term, ...]


def _term(code: str, name: str, words: str, article: str = "") -> Term:
    return Term(code, name, words, cite(article) if article else None)


def _length(period: str) -> str:
    return PERIODS[period].length


GLOSSARY: Final[tuple[Group, ...]] = (
    Group(
        "谁和谁",
        (
            _term(
                "agency",
                "社评机构",
                "社会培训评价机构：经备案后，可以在备案范围内评价劳动者职业技能、发放证书的机构。",
                "M2",
            ),
            _term(
                "centre",
                "市中心",
                "安阳市职业技能鉴定指导中心。受市人社局委托，负责备案、评估和监督检查的具体工作。",
                "M4",
            ),
            _term("county", "当地人社局", "注册地所在县（市、区）的人社局，首次备案由它接收、审核材料并推荐。", "M6"),
            _term(
                "handler-chief",
                "经办人和负责人",
                "对机构有约束力的决定由两个人作出：经办人提出，同一单位的负责人决定，同一个人不能兼做。",
            ),
            _term("deputy", "代行", "负责人不在时，在写明的日期内由另一人代他作决定。"),
            _term("recusal", "回避", "与机构有利害关系的人不办理它的事项；单位的人都回避时，由上一级办理。"),
        ),
    ),
    Group(
        "申请",
        (
            _term("filing", "备案", "市中心认可一个机构可以评价哪些职业（工种）、哪些等级、在哪些场地评价。", "M6"),
            _term(
                "acknowledgement",
                "收件凭证",
                "提交后立即出具，写明收到的日期和材料。它只说明收到了，不说明已受理。",
            ),
            _term(
                "correction",
                "补正",
                f"材料不齐全或不符合要求时，受理单位在{_length('completeness')}内一次告知要补什么；"
                "机构在通知写明的期限内补齐，补齐那天视为重新收到申请。",
                "M10",
            ),
            _term("abandoned", "视为放弃", "到补正期限最后一天仍没有补正，这件申请就此结束；可以重新申请。", "M10"),
            _term("acceptance", "受理", "材料齐全、符合要求，正式开始办理；决定的期限从这一天起算。", "M10"),
            _term(
                "deemed-acceptance",
                "视为受理",
                f"收到后{_length('completeness')}内既没有要求补正、也没有不予受理的，期满当天自动算作受理。",
                "M10",
            ),
            _term(
                "recommendation", "推荐意见", "当地人社局受理后给市中心的意见：推荐或不推荐，都转到市中心评估。", "M6"
            ),
            _term("assessment", "技术评估", "核验材料、专家论证、现场考察，或者委托评估机构进行。", "M11"),
            _term("merit", "择优遴选", "同一个名额有几家符合条件时，按事先公布的标准评分，从高到低选。", "M11"),
            _term(
                "supplement", "补充材料", "评估中请机构再提供的材料。决定的期限照常计算，没有提供也不视为放弃。", "M11"
            ),
        ),
    ),
    Group(
        "条件和期限怎么看",
        (
            _term(
                "machine-check",
                "系统核对",
                "按填写的数据自动检查是否符合条件。没有标的由工作人员看材料判断；核对的结果只供参考，决定由人作出。",
                "M7",
            ),
            _term(
                "in-principle",
                "原则上",
                "一般应当这样。有正当理由可以例外，但要写明理由，由决定的人审查。",
                "M7(2)",
            ),
            _term(
                "set-by-authority",
                "主管部门设定",
                "办法没有规定数字，由市人社局确定。改动写明从哪天起生效，改动之前已经起算的期限不变。",
            ),
        ),
    ),
    Group(
        "备案之后",
        (
            _term("receipt", "备案回执", "同意备案时出具的凭证，写明备案编码、范围和有效期，任何人都可以核验。", "M12"),
            _term("filing-code", "备案编码", "13 位，S 开头，一家机构一个；由省里分配序号。", "M12"),
            _term("validity", "有效期", f"{_length('validity')}，到最后一天的 24:00 为止，遇休息日不顺延。", "M14"),
            _term(
                "change",
                "变更",
                "备案的内容要改时提出。扩大范围、增加场地要先申请；名称、法定代表人、地址改了要及时报。",
                "M13",
            ),
            _term(
                "renewal",
                "延续",
                f"有效期满后还要继续的，在届满{_length('timely_renewal')}前申请。及时提出的，作出决定之前原备案继续有效。",
                "M14",
            ),
            _term(
                "late", "逾期提出", "过了规定的日子才提出。仍会收下办理，但会记下，延续的不再保留原备案的效力。", "M14"
            ),
            _term("suspended", "暂停评价", "整改期间不得开展评价；备案还在，恢复后照常。", "M35"),
            _term("deregistered", "注销", "机构自己申请，或者机构已经不存在时，备案结束。"),
            _term("expired", "已失效", "有效期已满，没有延续。"),
            _term("superseded", "已被替换", "有了新的回执，旧的这一张不再作准；新的那张会一并列出。"),
        ),
    ),
    Group(
        "名额",
        (
            _term(
                "quota", "名额", "全市、市区和各县（市）每个职业（工种）最多有几家机构。按今天有效的备案计算。", "M37"
            ),
            _term(
                "urgent", "急需紧缺职业", "市人社局公布的目录里的职业，优先安排名额，培训人次的条件可以放宽。", "M37"
            ),
            _term("over-cap", "超名额", "名额已满仍要增加的，由市人社局决定，并写明理由。", "M37"),
            _term(
                "assignment",
                "市内调配",
                "当地没有某个职业的机构时，请别处的机构来评价；不占当地名额，当地有了就结束。",
                "M37",
            ),
        ),
    ),
    Group(
        "日期和文书",
        (
            _term(
                "workday", "工作日", "按国务院公布的放假调休安排计算：节假日不算，调休上班的周末算。起算当天不计入。"
            ),
            _term("ends", "届满", "期限的最后一天过完，即当天 24:00。"),
            _term("moved", "顺延", "机构的自然日期限，最后一天是休息日的，延到下一个工作日。"),
            _term(
                "provisional",
                "暂定",
                "那一年的放假安排还没有公布，先按周末和固定节日算；公布后重新计算，不会缩短给机构的时间。",
            ),
            _term(
                "service",
                "送达",
                "通知和决定从送达时起生效。同意在本系统送达的，文书到达收件箱就是送达，不看是否打开。",
            ),
            _term("code", "核验码", "印在文书二维码旁的 16 位编码，用它可以查到这份文书的真伪和现在的状态。"),
            _term("hash", "文件指纹", "由文件内容算出的一串字符（哈希值）；文件改动一个字，它就完全不同。"),
            _term(
                "audit-chain",
                "审计链",
                "每一步办理都留一条记录，各条按编号首尾相连：改动、删去或塞入一条，后面的都对不上。",
            ),
            _term("sealed", "封存", "把新的审计记录编号，连到审计链上；从此谁改了都看得出来。每小时一次。"),
            _term(
                "chain-head", "链首", "一次封存算出的一串字符，代表到那时为止的全部记录；文书上也印着，可以拿来对照。"
            ),
            _term("signature", "电子签章", "文件里的数字签名，证明由本系统签发，签发后没有改动。"),
            _term(
                "remedy",
                "救济途径",
                "不服决定时可以申请行政复议、提起行政诉讼，或者按办法申请复核；期限写在文书上。",
                "M40",
            ),
        ),
    ),
)

TERMS: Final[Mapping[str, Term]] = {term.code: term for group in GLOSSARY for term in group.terms}
