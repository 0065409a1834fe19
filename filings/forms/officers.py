"""What officers fill in for a transition: correction, grounds, opinion, assessment, supplements, override."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from core.deadlines import clocks
from core.documents.templatetags.papers import typeset
from core.refusals import Reason
from core.web.templatetags.portal import citation
from core.web.templatetags.portal import citation as citation_text
from filings import conditions, corrections, grants, parts, quota
from filings.enums import AssessmentMethod, Requester
from filings.forms.base import ProposalForm, TransitionForm, text_field
from filings.workflow.serving import by_when
from regulation.bases import UNMENDABLE
from regulation.conditions import CONDITIONS
from regulation.materials import MATERIALS
from regulation.periods import PERIODS

CORRECTION = PERIODS["correction"]
USUAL_DAYS = 10
MOST_ROWS = 30


def _conditions_by_item() -> list[tuple[str, str]]:
    """(M7(1), "第二章第二条第(一)项 · what it asks for") for each item of M7."""
    items: dict[str, list[str]] = {}
    for condition in CONDITIONS.values():
        items.setdefault(condition.citation.code, []).append(condition.label)
    return [(code, f"{citation(code)} · {'、'.join(labels)}") for code, labels in items.items()]


_CONDITIONS = ("备案条件", _conditions_by_item())
# On what a part left out of an approval may rest (filings.grants).
LEFT_OUT_BASES = [
    ("", "请选择"),
    _CONDITIONS,
    ("名额与遴选", [("M37", f"{citation('M37')} · 名额"), ("M11", f"{citation('M11')} · 评估与择优遴选")]),
]
_MATERIALS = (
    "申请材料",
    [(m.citation.code, f"{citation(m.citation.code)} · {m.label}") for m in MATERIALS.values()],
)
# What a notice or a ground can be about: a material, or a part of the form.
NAMEABLE: list[Any] = [
    ("申请材料", [(key, material.label) for key, material in MATERIALS.items()]),
    ("申请内容", parts.PART_CHOICES),
]
# On what a decline (M10) and a refusal (M11) may rest; conditions.py says no to anything else.
DECLINE_BASES = [
    ("", "请选择"),
    ("补正解决不了的", [(code, f"{citation_text(code)} · {what}") for code, what in UNMENDABLE.items()]),
    ("补正后仍不符合：申请材料", _MATERIALS[1]),
    ("补正后仍不符合：备案条件", [one for one in _CONDITIONS[1] if one[0] not in UNMENDABLE]),
]
REFUSAL_BASES = [
    ("", "请选择"),
    _CONDITIONS,
    (
        "名额与遴选",
        [
            ("M37", "第六章第五条 · 名额"),
            ("M11", "第二章第六条 · 评估与择优遴选"),
            ("M10", "第二章第五条 · 所要求的补充材料"),
        ],
    ),
]


class CorrectionForm(TransitionForm):
    """补正通知: it writes itself from the marks; only the days are chosen."""

    lead = "补正通知由您对材料和申请内容的审核意见自动写成，应一次列全。送达后补正期限开始计算。"
    days = forms.IntegerField(
        label="补正期限（日）",
        min_value=CORRECTION.minimum or 1,
        max_value=CORRECTION.maximum or 30,
        initial=USUAL_DAYS,
        help_text=f"自送达之日的次日起算，1 至 {CORRECTION.maximum or 30} 日；最后一日遇节假日顺延。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clock = clocks.running(self.application, "completeness")
        if clock is not None and not conditions.consents(self.application, self.on):
            self.lead += f"申请机构没有同意门户送达，发出后须另行送达：{by_when(clock)}"


class ExtensionForm(TransitionForm):
    """延长补正期限."""

    lead = "补正期限只能延长一次，总期限不超过 60 日。"
    written_first = ("reason",)
    days = forms.IntegerField(label="延长后的总期限（日）", min_value=2, max_value=CORRECTION.total_maximum or 60)
    reason = text_field("准予延长的理由", rows=3, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = corrections.unanswered(self.application, Requester.CORRECTION)
        if self.request is not None:
            most = CORRECTION.total_maximum or 60
            self.fields["days"].initial = min((self.request.days or USUAL_DAYS) * 2, most)
            self.fields["days"].help_text = f"自送达之日的次日起算。原期限 {self.request.days} 日，最长 {most} 日。"


class RowForm(forms.Form):
    """A row of a form; one whose `content` fields are empty counts as not written."""

    content: tuple[str, ...] = ()

    def has_changed(self) -> bool:
        """Whether anything stands in it."""
        return any(str(self[name].value() or "").strip() for name in self.content)

    def held(self) -> Mapping[str, Any]:
        """What the row holds: cleaned if it was sent, else as it stands there beforehand."""
        return getattr(self, "cleaned_data", {}) if self.is_bound else self.initial


class GroundForm(RowForm):
    """One ground of a decision against the agency: reason and basis."""

    content = ("reason", "basis")

    reason = text_field("理由", rows=3)
    basis = forms.ChoiceField(label="依据")

    def __init__(self, *args: Any, bases: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].choices = bases

    def ground(self) -> dict[str, Any]:
        """Return the ground as the workflow takes it."""
        data = self.held()
        return {"reason": data.get("reason", ""), "basis": data.get("basis", "")}


class DeclineGroundForm(GroundForm):
    """A ground for not accepting: only what correction cannot mend, or what stayed wrong after it (M10)."""

    about = forms.ChoiceField(
        label="涉及的材料或内容", required=False, choices=[("", "不针对某一项材料或内容"), *NAMEABLE]
    )
    unmendable = forms.ChoiceField(
        label="为什么不能再补正",
        choices=[("yes", "补正解决不了"), ("no", "已通知补正，补正后仍不符合要求")],
        widget=forms.RadioSelect,
    )
    field_order = ["about", "unmendable", "reason", "basis"]

    def ground(self) -> dict[str, Any]:
        data = self.held()
        return {
            **super().ground(),
            **(parts.named(data["about"]) if data.get("about") else {}),
            "unmendable": data.get("unmendable", "yes") == "yes",
        }


class RowsForm(ProposalForm):
    """A form that holds rows: `rows` is the formset. A button named "more" adds an empty one without sending."""

    row_class: type[RowForm] = GroundForm
    prefix_of_rows = "grounds"
    row_label = "理由"
    more_label = "再加一条"
    template = "filings/parts/rows.html"

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        more = data is not None and "more" in data
        if more:
            kwargs["initial"] = {name: data.get(name) for name in self.base_fields}  # type: ignore[union-attr]
        super().__init__(None if more else data, *args, **kwargs)
        formset = formset_factory(self.row_class, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        about = {"prefix": self.prefix_of_rows, "form_kwargs": self.row_kwargs()}
        if more:
            typed = [
                {name: row[name].data for name in row.fields}
                for row in formset(data, **about).forms
                if row.has_changed()
            ]
            self.rows: BaseFormSet = formset(initial=[*typed, {}], **about)
        elif data is not None:
            self.rows = formset(data, **about)
        else:
            self.rows = formset(initial=self.rows_initial() or [{}], **about)
        for row in self.rows.forms:
            row.empty_permitted, row.use_required_attribute = True, False

    def rows_initial(self) -> list[dict[str, Any]]:
        """Rows known beforehand."""
        return []

    def row_kwargs(self) -> dict[str, Any]:
        """What each row's form takes."""
        return {}

    def is_valid(self) -> bool:
        """Both the fields and every row that was begun."""
        return super().is_valid() and self.rows.is_valid()

    def filled(self) -> list[RowForm]:
        """The rows that hold something."""
        if self.rows.is_bound:
            self.rows.errors  # noqa: B018 - cleans
        return [row for row in self.rows.forms if row.has_changed()]

    def written(self) -> bool:
        """Every row that was begun says what it is about."""
        words = [row.held().get(row.content[0]) for row in self.filled()]
        return bool(words) and all(words)

    def place(self, reasons: Iterable[Reason]) -> list[Reason]:
        """A reason that names "grounds-2" goes to the second row."""
        left, rows = [], self.filled()
        for reason in super().place(reasons):
            found = re.fullmatch(rf"{self.prefix_of_rows}-(\d+)", reason.field)
            number = int(found[1]) - 1 if found else -1
            if 0 <= number < len(rows):
                rows[number].add_error(None, typeset(reason.text))
            else:
                left.append(reason)
        return left


class DeclineForm(RowsForm):
    """提议不予受理."""

    lead = "能够补正的，应当先通知补正。负责人决定后，决定书送达申请机构，并写明救济途径。"
    row_class = DeclineGroundForm

    def row_kwargs(self) -> dict[str, Any]:
        return {"bases": DECLINE_BASES}

    def rows_initial(self) -> list[dict[str, Any]]:
        """What stayed wrong after a correction stands there already."""
        again = corrections.nameable_again(self.application) or frozenset()
        return [
            {"about": mark.key, "unmendable": "no", "reason": mark.remark, "basis": parts.citation(mark.key)}
            for mark in corrections.marks(self.application)
            if mark.bad and mark.key in again
        ]

    def payload(self) -> dict[str, Any]:
        return {"grounds": [row.ground() for row in self.filled()]}


class RefuseForm(RowsForm):
    """提议不予备案."""

    lead = "只能以备案条件、名额、择优遴选或所要求的补充材料为依据。负责人决定后，决定书送达申请机构，并写明救济途径。"

    def row_kwargs(self) -> dict[str, Any]:
        return {"bases": REFUSAL_BASES}

    def payload(self) -> dict[str, Any]:
        return {"grounds": [row.ground() for row in self.filled()]}


class OpinionForm(ProposalForm):
    """推荐意见, in time or late."""

    lead = "推荐与否都转市职业技能鉴定指导中心评估。负责人决定后出具推荐意见书。"
    written_first = ("text",)
    positive = forms.TypedChoiceField(
        label="推荐意见",
        choices=[("yes", "推荐"), ("no", "不推荐")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = text_field("意见", rows=5, help_text="写明审核情况、推荐或不推荐的理由。")


class LateOpinionForm(OpinionForm):
    """逾期意见."""

    lead = "推荐期限已满：意见附入案卷，不改变办理进度。"


class AskedOpinionForm(OpinionForm):
    """应询意见, on a change or renewal."""

    lead = "市中心就变更或延续征求意见：意见供技术评估参考，不改变办理进度。"


class StartAssessmentForm(TransitionForm):
    """开始技术评估 (M11)."""

    methods = forms.MultipleChoiceField(
        label="评估方式", choices=AssessmentMethod.choices, widget=forms.CheckboxSelectMultiple
    )
    plan = text_field("评估安排", rows=3, required=False, help_text="时间、人员分工、考察地点等。")
    commissioned = forms.CharField(
        label="受托评估机构的名称",
        max_length=200,
        required=False,
        help_text="选择委托评估机构时填写；它的资质证明在下面上传。",
    )

    def payload(self) -> dict[str, Any]:
        return {
            "methods": list(self.value("methods") or []),
            "plan": self.value("plan") or "",
            "commissioned": self.value("commissioned") or "",
        }


class SupplementItemForm(RowForm):
    """One supplement asked for."""

    content = ("what",)

    about = forms.ChoiceField(label="材料或申请内容", choices=NAMEABLE)
    what = text_field("要求补充或更正什么", rows=3)

    def item(self) -> dict[str, str]:
        """Return the item as the workflow takes it."""
        data = self.held()
        return {**(parts.named(data["about"]) if data.get("about") else {}), "what": data.get("what", "")}


class SupplementsForm(RowsForm):
    """要求补充材料."""

    lead = "决定期限照常计算；申请机构不补充，不视为放弃。点到的申请内容，申请机构可以直接修改。"
    row_class = SupplementItemForm
    prefix_of_rows = "items"
    row_label = "补充事项"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["proposal_reason"]  # the handler alone

    def rows_initial(self) -> list[dict[str, Any]]:
        """What a correction notice named that came to nothing stands there, until it has been asked for."""
        asked = self.application.requests.prefetch_related("items")
        if any(request.kind == Requester.SUPPLEMENT for request in asked):
            return []
        named = [item for request in asked if request.overtaken for item in request.items.all()]
        return [{"about": item.key, "what": item.what} for item in named]

    def payload(self) -> dict[str, Any]:
        return {"items": [row.item() for row in self.filled()]}


class OverrideRequestForm(TransitionForm):
    """请求超名额 (M37), by the centre."""

    lead = "请求送市人力资源和社会保障局答复；决定期限照常计算。每一名额只能请求一次。"
    cap = forms.ChoiceField(label="已满的名额", widget=forms.RadioSelect)
    reason = text_field("为什么需要超出名额", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cap"].choices = [
            (one.key, f"{one.label}名额已满（{one.taken}/{one.cap}）")
            for one in quota.to_request(self.application, self.on)
        ]


class OverrideForm(ProposalForm):
    """提议答复超名额请求 (M37), by the bureau."""

    lead = "只对这一件申请有效。同意与否，理由都记录在案，并告知市职业技能鉴定指导中心。"
    cap = forms.ChoiceField(label="请求超出的名额", widget=forms.RadioSelect)
    granted = forms.TypedChoiceField(
        label="答复",
        choices=[("yes", "同意超名额"), ("no", "不同意超名额")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = text_field("同意或不同意的理由", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = quota.wanted(self.application, grants.as_applied_for(self.application), self.on)
        now = {one.key: f"{one.label}（{one.taken}/{one.cap}）" for one in places}
        waiting = self.application.overrides.filter(granted__isnull=True)
        self.fields["cap"].choices = [(one.cap, f"{now.get(one.cap, one.cap)}：{one.request}") for one in waiting]
        if len(waiting) == 1:
            self.fields["cap"].initial = waiting[0].cap
