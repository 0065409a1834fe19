"""What the pledge of M8(6) says. The Measure asks for a pledge that the materials are true and gives no text for it:
this is the project's reading of what it has to cover, offered as a blank form (docs/decisions.md)."""

from typing import Final

from regulation.citations import DOCUMENT_NUMBER, DOCUMENT_TITLE, cite
from regulation.materials import MATERIALS

TITLE: Final = MATERIALS["pledge"].label
_OTHERS: Final = "、".join(material.label for material in MATERIALS.values() if material.key != "pledge")

SENTENCES: Final[tuple[str, ...]] = (
    f"所提交的{_OTHERS}，以及在申报系统中填写的全部内容真实、有效、合法；复印件、扫描件与原件一致。",
    "场地、设施设备、人员和培训评价经历等情况与实际相符，没有隐瞒，没有重复计算。",
    (
        f"已经阅读《{DOCUMENT_TITLE}》（{DOCUMENT_NUMBER}），知道备案申报时故意提供虚假承诺、虚假资料的，"
        f"由监管部门依照{cite('M36(1)').full}的规定终止备案，本机构承担由此产生的责任。"
    ),
)
