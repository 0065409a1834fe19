"""The six materials of an application (M8), in the Measure's order."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from regulation.citations import Citation


@dataclass(frozen=True)
class Material:
    """One of the six. hint tells the agency's clerk what to hand in; shows: the conditions of M7 (keys of
    regulation.conditions) that it has to bear out; formats are file extensions without the dot; carry_over: whether a
    change or renewal may take it over unchanged."""

    key: str
    label: str
    item: int
    hint: str
    shows: tuple[str, ...]
    formats: tuple[str, ...]
    carry_over: bool = True

    @property
    def citation(self) -> Citation:
        """M8 with the material's item."""
        return Citation(8, self.item)


DOCUMENT: Final = ("pdf", "docx")
SCAN: Final = ("pdf", "jpg", "png")
TABLE: Final = ("xlsx", "pdf")

# Everything the portal takes at all; each material names a part of it.
FORMATS: Final = ("pdf", "jpg", "png", "docx", "xlsx")

_ALL = (
    Material(
        "profile",
        "机构基本情况",
        1,
        "机构的登记证照、组织架构和专门机构设置，工作人员、考评员、督导员和专家名册，以及各项内部管理制度。",
        (
            "registered_locally",
            "legal_person",
            "credit_code",
            "own_unit",
            "staff",
            "assessors",
            "supervisors",
            "experts",
            "rules",
        ),
        FORMATS,
    ),
    Material(
        "work_plan",
        "职业技能等级认定工作方案",
        2,
        "拟评价的职业（工种）和等级，组织实施的流程、人员分工、题库来源、质量控制、收费和经费保障。",
        ("question_bank", "public_benefit", "funding"),
        DOCUMENT,
    ),
    Material(
        "venue",
        "场地设备设施等资产辅证材料",
        3,
        "场地产权证明或租赁合同、平面图，设备设施清单，环保、安全、消防证明，考场视频监控照片。",
        ("sites", "equipment", "environment", "safety", "fire", "surveillance", "same_area"),
        FORMATS,
    ),
    Material(
        "credit",
        "机构信用报告",
        4,
        "近期出具的机构信用报告全文，能看清机构名称、统一社会信用代码和出具日期。",
        ("good_credit", "no_violations"),
        SCAN,
    ),
    Material(
        "record",
        "培训评价经历材料",
        5,
        "连续3年以上培训评价的证明；按职业（工种）逐年列出近3年人次，并附佐证。",
        ("three_years", "person_times"),
        (*TABLE, "docx", "jpg", "png"),
    ),
    Material(
        "pledge",
        "申请备案材料真实性承诺书",
        6,
        "由法定代表人签名并加盖公章后扫描上传；每次申请都须重新签署，不能沿用以前的。",
        ("accepts_supervision",),
        SCAN,
        carry_over=False,
    ),
)

MATERIALS: Final[Mapping[str, Material]] = MappingProxyType({material.key: material for material in _ALL})
