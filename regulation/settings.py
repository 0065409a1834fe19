"""Every figure an authority may choose: the lengths the Measure leaves open, the caps of M37, and the portal's own.

These are the defaults and the allowed ranges, by what they govern; the values in force are dated rows, chosen on the
administrator's page. A period's setting bears the key of its clock in regulation.periods.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from regulation.citations import Citation, cite
from regulation.periods.filing import EVALUATION, FILING
from regulation.periods.oversight import CASES, OVERSIGHT
from regulation.periods.spec import PeriodSpec
from regulation.workdays import Unit


@dataclass(frozen=True)
class SettingSpec:
    """One figure: its default, its unit in words, the article it serves (None for the portal's own), its range, why it
    is a setting at all, what it is used for, where it is decided if not among the settings, and the figures that have
    words of their own."""

    key: str
    label: str
    default: int
    unit: str
    citation: Citation | None
    minimum: int
    maximum: int
    why: str
    affects: str
    decided: str = ""
    words: Mapping[int, str] = field(default_factory=dict)

    def say(self, value: int) -> str:
        """Return a figure in words: 5 个工作日, 100,000 行, 不提醒."""
        return self.words.get(value) or f"{value:,} {self.unit}"

    @property
    def range(self) -> str:
        """The allowed figures in words."""
        if len(self.words) == self.maximum - self.minimum + 1:
            return "、".join(f"{value} {said}" for value, said in self.words.items())
        return f"{self.minimum:,}–{self.maximum:,} {self.unit}"

    def check(self, value: int) -> None:
        """ValueError, with the range in its sentence, unless minimum <= value <= maximum."""
        if not self.minimum <= value <= self.maximum:
            raise ValueError(
                f"“{self.label}”应在{self.minimum}至{self.maximum}{self.unit}之间，现为{value}{self.unit}，请改正。"
            )


@dataclass(frozen=True)
class SettingGroup:
    """Settings that govern the same; effect: from when a new figure tells, and what it leaves as it is."""

    title: str
    effect: str
    settings: tuple[SettingSpec, ...]


# Whose effect its period's own words do not tell: it is asked of a day, no clock runs for it.
_AFFECTS: Final = {"renewal_opening": "有效期届满前多少日起可以申请延续。没有在走的期限，生效日起所有备案都按新值。"}


def _of_periods(specs: Iterable[PeriodSpec]) -> tuple[SettingSpec, ...]:
    """One setting for each clock whose length the Measure leaves open; such a clock always has a range."""
    return tuple(
        SettingSpec(
            spec.key,
            spec.label,
            spec.amount,
            spec.unit.label,
            spec.citation,
            spec.minimum,
            spec.maximum,
            spec.why,
            _AFFECTS.get(spec.key, f"起算：{spec.starts}。届满：{spec.lapses}。"),
        )
        for spec in specs
        if spec.setting and spec.amount is not None and spec.minimum is not None and spec.maximum is not None
    )


M37: Final = cite("M37")
_NONE: Final = {0: "不提醒"}
_LATER: Final = "新值只用于生效日起开始的期限，正在走的不变。"
_REMINDING: Final = "提醒早晚由主管部门定；0表示不提醒"
_SAFETY: Final = "随信息安全要求调整"

# fmt: off
# In the order of SettingSpec: key, label, default, unit, article, least, most, why it is a setting, what it is for.
_CAPS = (
    SettingSpec("cap_city", "全市社评机构预设数量", 40, "家", M37, 1, 500, "办法定40家左右，每年适时调整",
                "全市最多有几家备案机构。", decided="由市人社局在“年度名额”中设定（经办人提议、负责人决定）"),
    SettingSpec("cap_urban", "市区同一职业（工种）上限", 3, "家", M37, 1, 50, "办法原则上不超过3家",
                "市区（各市辖区和高新区合计）每个职业（工种）最多几家机构，选定即向社会公布。"),
    SettingSpec("cap_county", "县（市）同一职业（工种）上限", 2, "家", M37, 1, 50, "办法原则上不超过2家",
                "每个县（市）每个职业（工种）最多几家机构，选定即向社会公布。"),
)
_REMINDERS = (
    SettingSpec("reminder_first", "首次到期提醒", 3, f"{Unit.WORKDAY.label}前", None, 0, 30, _REMINDING,
                "期限最后一日之前多久，第一次提醒应当办理的人。", words=_NONE),
    SettingSpec("reminder_second", "再次到期提醒", 1, f"{Unit.WORKDAY.label}前", None, 0, 30, _REMINDING,
                "还没有办的，期限最后一日之前多久再提醒一次。", words=_NONE),
    SettingSpec("reminder_on_lapse", "届满时提醒", 1, "", None, 0, 1, "届满后是否告知由主管部门定",
                "期限届满后是否告知有关的人。", words={0: "不提醒", 1: "提醒"}),
    SettingSpec("renewal_reminder", "延续到期前再提醒", 30, "日前", None, 1, 180, "提醒早晚由主管部门定",
                "可以及时申请延续的最后一日之前多久，再提醒还没有申请的机构。"),
)
_FILES = (
    SettingSpec("upload_max_mb", "单个文件大小上限", 20, "MB", None, 1, 200, "随存储和网络条件调整",
                "上传的材料、凭证每个文件最大多大。"),
    SettingSpec("import_max_rows", "评价结果导入行数上限", 100_000, "行", None, 1_000, 1_000_000, "随设备能力调整",
                "评价结果一次最多导入多少行。"),
    SettingSpec("verify_per_minute", "公众核验频率上限", 30, "次/分钟", None, 1, 1_000, "防止批量套取证书信息",
                "同一来源每分钟最多核验多少次。"),
    SettingSpec("look_up_per_minute", "公众查询频率上限", 300, "次/分钟", None, 10, 100_000, "防止批量抓取名录",
                "同一来源每分钟最多查询机构名录多少次。成批使用的，下载开放数据。"),
    SettingSpec("api_per_minute", "公开接口频率上限", 600, "次/分钟", None, 10, 1_000_000, "随设备能力调整",
                "同一来源每分钟最多调用公开接口多少次。"),
    SettingSpec("subscribe_per_hour", "公告订阅频率上限", 20, "次/小时", None, 1, 1_000, "防止用订阅向他人邮箱滥发邮件",
                "同一来源每小时最多提交多少次公告订阅。"),
    SettingSpec("subscription_days", "订阅确认链接有效期", 3, Unit.DAY.label, None, 1, 30, "邮箱未经本人确认的不长留",
                "订阅公告后多久不确认就作废，邮箱随即删除。"),
)
_ACCOUNTS = (
    SettingSpec("session_idle_minutes", "无操作自动退出", 30, "分钟", None, 5, 480, _SAFETY,
                "登录后多久没有操作就自动退出；没写完的内容保留。"),
    SettingSpec("session_max_hours", "一次登录最长时间", 12, "小时", None, 1, 72, _SAFETY,
                "登录后不论有无操作，最长多久须重新登录；没写完的内容保留。"),
    SettingSpec("lockout_attempts", "连续登录失败锁定", 5, "次", None, 3, 20, _SAFETY,
                "密码连续输错多少次后暂时不能登录。"),
    SettingSpec("lockout_minutes", "登录锁定时长", 15, "分钟", None, 1, 1_440, _SAFETY, "锁定后多久可以再试。"),
    SettingSpec("step_up_minutes", "确认身份的有效时间", 30, "分钟", None, 5, 480, _SAFETY,
                "作出决定、签发文书、公布、改动账号时，距登录或上次确认身份超过多久，须再确认一次。"),
    SettingSpec("invitation_days", "邀请链接有效期", 7, Unit.DAY.label, None, 1, 60, _SAFETY,
                "人员邀请发出后多久失效。"),
    SettingSpec("api_token_days", "接口令牌有效期", 90, Unit.DAY.label, None, 1, 365, _SAFETY,
                "接口令牌生成后多久失效。"),
)
# fmt: on

GROUPS: Final[tuple[SettingGroup, ...]] = (
    SettingGroup("备案的期限", _LATER, _of_periods(FILING)),
    SettingGroup("评价活动的期限", _LATER, _of_periods(EVALUATION)),
    SettingGroup("督查和投诉的期限", _LATER, _of_periods(OVERSIGHT)),
    SettingGroup("处理和复核的期限", _LATER, _of_periods(CASES)),
    SettingGroup("名额", "作出决定时按当天的值查名额，已备案的不受影响。全市数量由市人社局在“年度名额”中定。", _CAPS),
    SettingGroup("提醒", "生效日起发出的提醒按新值，已发出的不再补发。", _REMINDERS),
    SettingGroup("文件和查询", "生效日起上传、导入和查询的按新值，已收下的不变。", _FILES),
    SettingGroup("登录和安全", "生效日起新的登录、邀请和令牌按新值，已有的不变。", _ACCOUNTS),
)

SETTINGS: Final[Mapping[str, SettingSpec]] = MappingProxyType(
    {spec.key: spec for group in GROUPS for spec in group.settings}
)
