"""On what an adverse decision of chapter 2 may rest. The first is a reading of M10 (docs/decisions.md)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulation.conditions import CONDITIONS

# What no correction within 60 days can mend, as it is known when completeness is checked (M10): the applicant is not
# what the Measure is about, came to the wrong office, or lacks what is a fact of the past. Everything else of M7 and M8
# can be mended, and must be asked for first.
UNMENDABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "M2": "不属于本办法适用的社会培训评价机构和评价活动",
        "M6": "不属于本县（市、区）遴选、推荐的机构",
        "M7(1)": "不在安阳市内依法登记、不具有独立法人资格，或有违法违规、失信记录",
        "M7(7)": "培训评价经历不满连续3年",
        "M9": "不应向本单位提交，或提交的不是备案申请人",
    }
)

# On what a refusal may rest (M11): the conditions, the places, selection on merit, or what was asked for.
REFUSAL_ARTICLES: Final = (7, 37, 11, 10)

# On what an approval may leave a part out (M11): an item of the conditions, the places, or selection on merit. What was
# asked for and not supplied shows in the item that then does not hold.
LEFT_OUT_BASES: Final = (*dict.fromkeys(condition.citation.code for condition in CONDITIONS.values()), "M37", "M11")
