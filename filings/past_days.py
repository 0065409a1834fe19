"""Days that can only lie behind us: one rule for forms, API and submission."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from core.clock.words import in_words
from core.refusals import Reason

# Field → what it is, what it should be instead, and the article that it answers to.
FIELDS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "registered_on": ("登记日期", "请填写登记证照上的成立或登记日期。", "M7(1)"),
        "training_since": ("开展培训评价的起始日期", "请填写实际开始的日期。", "M7(7)"),
        "since": ("培训评价的开始日期", "请只填写已经完成的培训评价。", "M7(7)"),
        "until": ("培训评价的结束日期", "请只填写已经完成的培训评价。", "M7(7)"),
        "changed_on": ("变更之日", "请填写实际发生变更的日期。", "M13"),
        "pledge_signed_on": ("承诺书的签署日期", "请填写法定代表人实际签署的日期。", "M8(6)"),
    }
)


def against(values: Mapping[str, Any], on: datetime.date) -> list[Reason]:
    """Return what stands against days after `on`, each at its field; fields that may lie ahead are passed over."""
    return [
        Reason("in_future", f"{label}不能晚于今天（{in_words(on)}）。{instead}", name, article)
        for name, (label, instead, article) in FIELDS.items()
        if (day := values.get(name)) is not None and day > on
    ]
