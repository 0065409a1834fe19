"""Every figure an authority may choose: the lengths the Measure leaves open, the caps of M37, and the portal's own.

These are the defaults and the allowed ranges; the values in force are dated rows edited in the administration. A
period's setting bears the key of its clock in regulation.periods.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from regulation.citations import Citation, cite
from regulation.periods import PERIODS
from regulation.workdays import Unit


@dataclass(frozen=True)
class SettingSpec:
    """One figure: its default, its unit in words, the article it serves (None for the portal's own), its range, why it
    is a setting at all, and where it is decided if not among the settings."""

    key: str
    label: str
    default: int
    unit: str
    citation: Citation | None
    minimum: int
    maximum: int
    why: str
    decided: str = ""

    def check(self, value: int) -> None:
        """ValueError, with the range in its sentence, unless minimum <= value <= maximum."""
        if not self.minimum <= value <= self.maximum:
            raise ValueError(
                f"“{self.label}”应在{self.minimum}至{self.maximum}{self.unit}之间，现为{value}{self.unit}，请改正。"
            )


def _of_periods() -> list[SettingSpec]:
    """One setting for each clock whose length the Measure leaves open; such a clock always has a range."""
    return [
        SettingSpec(
            spec.key, spec.label, spec.amount, spec.unit.label, spec.citation, spec.minimum, spec.maximum, spec.why
        )
        for spec in PERIODS.values()
        if spec.setting and spec.amount is not None and spec.minimum is not None and spec.maximum is not None
    ]


M37: Final = cite("M37")

_CAPS = [
    SettingSpec(
        "cap_city",
        "全市社评机构预设数量",
        40,
        "家",
        M37,
        1,
        500,
        "办法定40家左右，每年适时调整",
        decided="由市人社局在“年度名额”中设定（经办人提议、负责人决定）",
    ),
    SettingSpec("cap_urban", "市区同一职业（工种）上限", 3, "家", M37, 1, 50, "办法原则上不超过3家"),
    SettingSpec("cap_county", "县（市）同一职业（工种）上限", 2, "家", M37, 1, 50, "办法原则上不超过2家"),
]

_REMINDERS = [
    SettingSpec(
        "reminder_first", "首次到期提醒", 3, f"{Unit.WORKDAY.label}前", None, 0, 30, "提醒早晚由主管部门定；0表示不提醒"
    ),
    SettingSpec(
        "reminder_second",
        "再次到期提醒",
        1,
        f"{Unit.WORKDAY.label}前",
        None,
        0,
        30,
        "提醒早晚由主管部门定；0表示不提醒",
    ),
    SettingSpec("reminder_on_lapse", "届满时提醒", 1, "（1提醒，0不提醒）", None, 0, 1, "届满后是否告知由主管部门定"),
    SettingSpec(
        "renewal_reminder", "延续到期前再提醒", 30, f"{Unit.DAY.label}前", None, 1, 180, "提醒早晚由主管部门定"
    ),
    SettingSpec("amber_workdays", "期限标黄", 2, f"{Unit.WORKDAY.label}内", None, 0, 30, "临期醒目程度由主管部门定"),
]

_PORTAL = [
    SettingSpec("upload_max_mb", "单个文件大小上限", 20, "MB", None, 1, 200, "随存储和网络条件调整"),
    SettingSpec("import_max_rows", "评价结果导入行数上限", 100_000, "行", None, 1_000, 1_000_000, "随设备能力调整"),
    SettingSpec("session_idle_minutes", "无操作自动退出", 30, "分钟", None, 5, 480, "随信息安全要求调整"),
    SettingSpec("lockout_attempts", "连续登录失败锁定", 5, "次", None, 3, 20, "随信息安全要求调整"),
    SettingSpec("lockout_minutes", "登录锁定时长", 15, "分钟", None, 1, 1_440, "随信息安全要求调整"),
    SettingSpec("invitation_days", "邀请链接有效期", 7, Unit.DAY.label, None, 1, 60, "随信息安全要求调整"),
    SettingSpec("api_token_days", "接口令牌有效期", 90, Unit.DAY.label, None, 1, 365, "随信息安全要求调整"),
    SettingSpec("verify_per_minute", "公众核验频率上限", 30, "次/分钟", None, 1, 1_000, "防止批量套取证书信息"),
]

SETTINGS: Final[Mapping[str, SettingSpec]] = MappingProxyType(
    {spec.key: spec for group in (_of_periods(), _CAPS, _REMINDERS, _PORTAL) for spec in group}
)
