"""The columns of the register of paper filings: what each is called, what it holds, what a clerk may call it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Column:
    """One column. also: other words for it in the registers offices keep; hint: what to write; sample: two lines."""

    key: str
    label: str
    hint: str
    needed: bool
    width: int
    sample: tuple[str, str]
    also: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The heading in the template: a star where it must be filled in."""
        return f"{self.label}*" if self.needed else self.label


def _column(
    key: str, label: str, hint: str, sample: tuple[str, str], *, width: int = 18, needed: bool = True, also: str = ""
) -> Column:
    return Column(key, label, hint, needed, width, sample, tuple(also.split()))


_ALL = (
    _column(
        "code",
        "备案编码",
        "13 位，以 S000041 开头。同一家机构的第二行起可以不写，或与上一行合并单元格。",
        ("S000041000801", ""),
        also="机构编码 评价机构编码 备案号",
    ),
    _column(
        "name",
        "机构名称",
        "与登记证照一致的全称。",
        ("示例市某某职业培训学校", ""),
        width=28,
        also="名称 单位名称 评价机构名称 社评机构名称",
    ),
    _column(
        "credit_code",
        "统一社会信用代码",
        "18 位，请把单元格设为“文本”。",
        ("52410502MJ0000001X", ""),
        width=22,
        also="信用代码 社会信用代码 统一信用代码",
    ),
    _column(
        "area",
        "所在县（市、区）",
        "注册地，写名称或 6 位代码，如：林州市、410581。",
        ("文峰区", ""),
        also="县区 县(区) 县(市区) 区县 所在县区 所在区域 区域 注册地 所属县区",
    ),
    _column("address", "地址", "注册地址。", ("示例路 1 号", ""), width=28, also="机构地址 注册地址 单位地址"),
    _column("legal_representative", "法定代表人", "姓名。", ("法定代表人甲", ""), also="法人 法人代表 法定代表人姓名"),
    _column(
        "person_in_charge",
        "评价工作负责人",
        "姓名，没有的可以不写。",
        ("负责人乙", ""),
        needed=False,
        also="负责人 工作负责人 评价负责人",
    ),
    _column(
        "valid_from",
        "有效期自",
        "本期备案开始的日期；不清楚的不写，按有效期至往前推 3 年。",
        ("2024年3月1日", ""),
        needed=False,
        also="有效期起 备案日期 有效期开始 起始日期 有效期起始日期",
    ),
    _column(
        "valid_until",
        "有效期至",
        "最后一天，如：2027年3月1日、2027-03-01。",
        ("2027年3月1日", ""),
        also="有效期止 有效期截止 截止日期 有效期 到期日期 有效期截止日期",
    ),
    _column(
        "occupation",
        "职业（工种）",
        "职业代码或名称，如：6-18-02-04、焊工。一行写一个职业。",
        ("焊工 6-18-02-04", "电工 6-31-01-03"),
        width=24,
        also="职业 职业工种 工种 职业名称 职业代码 职业(工种)名称 职业编码 评价职业",
    ),
    _column(
        "levels",
        "等级",
        "如：五级、四级、三级，或初级工、中级工，或 5、4、3，或五级至三级。",
        ("五级、四级、三级", "五级至三级"),
        also="技能等级 级别 职业等级 评价等级",
    ),
    _column(
        "site",
        "考评场地",
        "场地名称。就在机构注册地址的，后三列都可以不写。一个职业有两处场地的，写两行。",
        ("", "北校区"),
        needed=False,
        also="场地 场地名称 评价场地 考评场地名称",
    ),
    _column(
        "site_area",
        "场地所在县（市、区）",
        "与机构同在一个县（市、区）的可以不写。",
        ("", "北关区"),
        needed=False,
        also="场地县区 场地区域 场地所在县区",
    ),
    _column(
        "site_address",
        "场地地址",
        "前面的行已经写过这处场地地址的，可以不写。",
        ("", "示例大道 2 号"),
        needed=False,
        width=28,
        also="考评场地地址 评价场地地址",
    ),
)
COLUMNS: Final[Mapping[str, Column]] = MappingProxyType({column.key: column for column in _ALL})

# What belongs to the agency and need not be said again on its further lines.
OF_AGENCY: Final = (
    "name",
    "credit_code",
    "area",
    "address",
    "legal_representative",
    "person_in_charge",
    "valid_from",
    "valid_until",
)
OF_SITE: Final = ("site", "site_area", "site_address")

_NOISE = re.compile(r"[\s*＊:：()（）、,，]")


def plain(text: str) -> str:
    """Return a heading without what people write differently: width, blanks, stars, brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text))


_KNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {plain(word): column.key for column in _ALL for word in (column.label, *column.also)}
)


def called(heading: str) -> str | None:
    """Return the key of the column that a heading names, or None."""
    return _KNOWN.get(plain(heading))
