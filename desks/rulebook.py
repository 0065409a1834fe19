"""The rules as implemented, written from the code: periods, settings, M7, M8, grounds, the state machine."""

from collections.abc import Iterable, Mapping

from core.workflow.spec import spec_for
from filings.enums import ApplicationState, FilingState
from regulation.conditions import CONDITIONS
from regulation.grounds import GROUNDS
from regulation.materials import MATERIALS
from regulation.periods import PERIODS
from regulation.settings import GROUPS
from regulation.thresholds import THRESHOLDS

HEAD = """# 实现的规则与条款

本页由 `manage.py write_rules` 从程序生成，测试保证与程序一致。条款按连续编号引用（`M10` 即第十条，第二章第五条）。
标“设置”的是办法没有定、由主管部门选择的数值，管理员可按生效日期修改。解释权归市人力资源和社会保障局（M42）。
"""


def rulebook() -> str:
    """Return docs/rules.md."""
    return "\n".join(
        [
            HEAD,
            *_periods(),
            *_settings(),
            *_conditions(),
            *_materials(),
            *_thresholds(),
            *_grounds(),
            *_states("filings.application", "备案申请的状态", dict(ApplicationState.choices), "草稿"),
            *_states("filings.filing", "备案的状态", dict(FilingState.choices), "有效"),
        ]
    )


def _table(title: str, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heading = list(heading)
    lines = [f"## {title}\n", "| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    lines += ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows]
    return [*lines, ""]


def _periods() -> list[str]:
    rows = (
        (p.label, p.length + ("（设置）" if p.setting else ""), p.starts, p.lapses, p.source or p.citation.code)
        for p in PERIODS.values()
    )
    return _table("期限", ("期限", "长度", "起算", "届满", "依据"), rows)


def _settings() -> list[str]:
    rows = (
        (group.title, s.label, s.say(s.default), s.range, s.citation.code if s.citation else "—", s.why, s.affects)
        for group in GROUPS
        for s in group.settings
    )
    return _table("设置", ("管什么", "设置", "默认", "范围", "条款", "为什么是设置", "用于"), rows)


def _conditions() -> list[str]:
    rows = ((c.label, "系统核对" if c.machine else "人工判断", c.citation.code) for c in CONDITIONS.values())
    return _table("备案条件", ("条件", "怎样核对", "条款"), rows)


def _materials() -> list[str]:
    rows = ((m.label, m.hint, "、".join(m.formats), m.citation.code) for m in MATERIALS.values())
    return _table("申请材料", ("材料", "内容", "格式", "条款"), rows)


def _thresholds() -> list[str]:
    return _table(
        "数量界限", ("含义", "界限", "条款"), ((t.meaning, t.text, t.citation.code) for t in THRESHOLDS.values())
    )


def _grounds() -> list[str]:
    return _table("监管处理与奖励的情形", ("情形", "条款"), ((g.label, g.citation.code) for g in GROUNDS.values()))


def _states(matter_type: str, title: str, labels: Mapping[str, str], first: str) -> list[str]:
    """The state machine of a matter, from the model's own transitions."""
    spec = spec_for(matter_type)
    field = spec.model._meta.get_field("state")
    rows, arrows = [], []
    # Where the target depends on the matter, each it can be is drawn.
    found = {
        (t.source, t.name, target)
        for t in field.get_all_transitions(spec.model)
        for target in getattr(t.target, "allowed_states", [t.target])
    }
    order = list(spec.transitions)
    for source, name, target in sorted(found, key=lambda one: (order.index(one[1]), one[0], one[2])):
        rule = spec.transitions[name]
        who = "到期自动" if rule.clock else "经办人提议、负责人决定" if rule.takes_two else "一人办理"
        rows.append((labels[source], rule.label, labels[target], who, rule.citation))
        arrows.append(f"    {labels[source]} --> {labels[target]}: {rule.label}")
    return [
        *_table(title, ("现在", "办理", "之后", "谁", "条款"), rows),
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {first}",
        *arrows,
        "```",
        "",
    ]
