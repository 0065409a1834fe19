"""The conditions of M7, broken into single checks, in the Measure's order."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from regulation.citations import Citation


@dataclass(frozen=True)
class Condition:
    """One check.

    machine: the portal checks it on structured data; otherwise a person judges it on the materials. per_occupation:
    it is checked for each occupation applied for. relaxable: may be relaxed for an occupation on the published urgent
    list, with a recorded reason (M7(7), the 2,000 alone). in_principle: the Measure says 原则上, so a departure with a
    reason is possible.
    """

    key: str
    label: str
    item: int
    machine: bool
    per_occupation: bool = False
    relaxable: bool = False
    in_principle: bool = False

    @property
    def citation(self) -> Citation:
        """M7 with the condition's item."""
        return Citation(7, self.item)


_ALL = (
    Condition("registered_locally", "在安阳市内依法登记", 1, True),
    Condition("legal_person", "具有独立法人资格", 1, True),
    Condition("credit_code", "18位统一社会信用代码有效", 1, True),
    Condition("good_credit", "社会信用良好", 1, False),
    Condition("no_violations", "无违法违规、失信等不良记录", 1, False),
    Condition("sites", "每个职业（工种）都有考评场地", 2, True, per_occupation=True),
    Condition("equipment", "场地、设施、设备符合国家职业标准", 2, False, per_occupation=True),
    Condition("environment", "符合环保要求", 2, False),
    Condition("safety", "符合安全要求", 2, False),
    Condition("fire", "符合消防要求", 2, False),
    Condition("surveillance", "每处考评场地都有视频监控", 2, True),
    Condition("same_area", "考评场地与注册地在同一县（市、区）", 2, True, in_principle=True),
    Condition("own_unit", "设有负责等级认定的专门机构", 3, True),
    Condition("staff", "配备专职工作人员", 3, True, per_occupation=True),
    Condition("assessors", "配备考评人员", 3, True, per_occupation=True),
    Condition("supervisors", "配备督导人员", 3, True, per_occupation=True),
    Condition("experts", "配备技术专家", 3, True, per_occupation=True),
    Condition("question_bank", "有题库或试题资源", 4, True, per_occupation=True),
    Condition("rules", "认定管理制度和工作措施完善", 5, False),
    Condition("accepts_supervision", "承诺自觉接受监督", 5, True),
    Condition("public_benefit", "社会效益优先，不以评价营利", 6, False),
    Condition("funding", "有稳定的经费保障", 6, False),
    Condition("three_years", "至首次提交连续3年以上培训评价经历", 7, True),
    Condition("person_times", "近3年累计培训评价不少于2000人次", 7, True, per_occupation=True, relaxable=True),
)

CONDITIONS: Final[Mapping[str, Condition]] = MappingProxyType({condition.key: condition for condition in _ALL})
