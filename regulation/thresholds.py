"""The Measure's figures that are compared with something counted, each with its comparison.

以上、以内、届满 include the figure, 超过、不满 do not (民法典 1259), 低于 means below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from regulation.citations import Citation, cite


class Comparison(StrEnum):
    """How a count is held against the figure; the value is the Measure's own word."""

    AT_LEAST = "不少于"
    AT_MOST = "不超过"
    BELOW = "低于"
    MORE_THAN = "超过"


@dataclass(frozen=True)
class Threshold:
    """One figure: what is counted (`meaning`), in which unit, how it is compared."""

    key: str
    figure: int
    unit: str
    comparison: Comparison
    meaning: str
    citation: Citation

    def holds(self, count: int) -> bool:
        """Whether the comparison is true of the count: 2,000 is not less than 2,000; 300 is not below 300."""
        match self.comparison:
            case Comparison.AT_LEAST:
                return count >= self.figure
            case Comparison.AT_MOST:
                return count <= self.figure
            case Comparison.BELOW:
                return count < self.figure
            case Comparison.MORE_THAN:
                return count > self.figure

    @property
    def text(self) -> str:
        """The figure in words: "不少于2000人次"."""
        return f"{self.comparison.value}{self.figure}{self.unit}"


_AT_LEAST, _AT_MOST, _BELOW, _MORE_THAN = (
    Comparison.AT_LEAST,
    Comparison.AT_MOST,
    Comparison.BELOW,
    Comparison.MORE_THAN,
)

_ALL = (
    Threshold("m7_years", 3, "年", _AT_LEAST, "至首次提交时连续开展培训评价的年数", cite("M7(7)")),
    Threshold("m7_person_times", 2000, "人次", _AT_LEAST, "近3年内一个职业（工种）累计培训评价", cite("M7(7)")),
    Threshold("m35_inactive_months", 6, "个月", _AT_LEAST, "连续无正当理由不开展评价", cite("M35(3)")),
    Threshold("m36_inactive_months", 12, "个月", _AT_LEAST, "连续无正当理由未开展评价", cite("M36(7)")),
    Threshold("m36_persons", 500, "人", _BELOW, "连续12个月无正当理由期间全机构评价人数", cite("M36(7)")),
    Threshold("m37_city", 40, "家", _AT_MOST, "全市社评机构预设数量（左右，每年调整）", cite("M37")),
    Threshold("m37_urban", 3, "家", _AT_MOST, "市区同一职业（工种）的社评机构", cite("M37")),
    Threshold("m37_county", 2, "家", _AT_MOST, "一个县（市）同一职业（工种）的社评机构", cite("M37")),
    Threshold("m38_inactive_months", 12, "个月", _AT_LEAST, "连续无正当理由未开展该职业（工种）评价", cite("M38")),
    Threshold("m38_persons", 300, "人", _BELOW, "连续12个月该职业（工种）评价人数", cite("M38")),
    Threshold("m38_providers", 1, "家", _MORE_THAN, "评价该职业（工种）的机构数；仅有1家的不适用", cite("M38")),
    Threshold("m41_commended_years", 3, "年", _AT_LEAST, "连续被通报表扬的年数", cite("M41(1)")),
    Threshold("m41_person_times", 4000, "人次", _MORE_THAN, "年内单一职业（工种）认定", cite("M41(2)")),
    Threshold("m41_certificates", 10000, "人次", _MORE_THAN, "年内认定取证", cite("M41(2)")),
)

THRESHOLDS: Final[Mapping[str, Threshold]] = MappingProxyType({threshold.key: threshold for threshold in _ALL})

# How far back the 2,000 person-times of M7(7) are counted, in years; how far M36(7) and M38 look back, in months.
M7_WINDOW_YEARS: Final = 3
ACTIVITY_WINDOW_MONTHS: Final = 12


def meets_m7_years(years: int) -> bool:
    """Whether that many full consecutive years of training and evaluation satisfy M7(7): three do."""
    return THRESHOLDS["m7_years"].holds(years)


def meets_m7_person_times(person_times: int) -> bool:
    """Whether that many person-times in an occupation in the last 3 years satisfy M7(7): 2,000 do."""
    return THRESHOLDS["m7_person_times"].holds(person_times)


def is_inactive_m35(months: int) -> bool:
    """Whether that many full months without an excuse are a ground of M35(3): six are."""
    return THRESHOLDS["m35_inactive_months"].holds(months)


def is_inactive_m36(months: int, persons: int) -> bool:
    """Whether 12 unexcused months, or fewer than 500 persons in the last 12, are a ground of M36(7).

    months: full months since the last evaluation; persons: distinct persons in the last 12 unexcused months. The
    caller has made sure that 12 unexcused months have run since the grant.
    """
    return THRESHOLDS["m36_inactive_months"].holds(months) or THRESHOLDS["m36_persons"].holds(persons)


def is_inactive_m38(months: int, persons: int, *, providers: int) -> bool:
    """Whether M38 applies to an occupation of an agency: 12 months, or fewer than 300 persons, and it is not the
    city's only provider. Arguments as in is_inactive_m36, but of that occupation; providers: agencies in the city."""
    inactive = THRESHOLDS["m38_inactive_months"].holds(months) or THRESHOLDS["m38_persons"].holds(persons)
    return inactive and THRESHOLDS["m38_providers"].holds(providers)


def meets_m41_volume(person_times: int, certificates: int) -> bool:
    """Whether a calendar year's figures reach M41(2): at least 4,001 in one occupation and 10,001 certificates."""
    return THRESHOLDS["m41_person_times"].holds(person_times) and THRESHOLDS["m41_certificates"].holds(certificates)


def meets_m41_commended(years: int) -> bool:
    """Whether that many years of commendation in a row reach M41(1): three do."""
    return THRESHOLDS["m41_commended_years"].holds(years)
