"""Forms of the officers' work that changes no state: marks, service, experts, visit, report, sheets, claims."""

import datetime
from typing import Any

from django import forms

from core.accounts.actors import Actor, in_force
from core.accounts.models import Position, Role
from core.documents.models import ServiceMethod
from core.documents.service import BEFORE_ANNOUNCEMENT
from core.documents.templatetags.papers import typeset
from core.refusals import Refused
from filings import permissions
from filings.enums import ApplicationKind
from filings.forms.base import day_field, text_field
from filings.models import Application, Criterion

YES_NO = (("", "未看"), ("yes", "是"), ("no", "否"))


def place(form: forms.Form, refused: Refused, *, file: str = "file") -> None:
    """Put each reason at the field it names, or over the form. file: the field that holds the file here."""
    for reason in refused.reasons:
        name = file if reason.field == "file" else reason.field
        form.add_error(name if name in form.fields else None, typeset(reason.text))


class MarkForm(forms.Form):
    """A mark on a material: good at once, or what is wrong with it and how to mend it."""

    good = forms.BooleanField(required=False)
    incomplete = forms.BooleanField(label="不齐全", required=False)
    wrong = forms.BooleanField(label="不符合要求", required=False)
    remark = forms.CharField(required=False, max_length=1000)
    clear = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A fault says what is missing and how to mend it: a correction notice is written from these words."""
        data = super().clean() or {}
        if data.get("clear") or data.get("good"):
            return data
        if not data.get("incomplete") and not data.get("wrong"):
            self.add_error("wrong", "请勾选不齐全或不符合要求；没有问题的，请点“齐全、合规”。")
        elif not data.get("remark", "").strip():
            self.add_error("remark", "请写明缺什么、怎么补。")
        return data

    def mark(self) -> dict[str, Any]:
        """Return complete, compliant and remark as the workflow takes them."""
        data = self.cleaned_data
        if data["clear"]:
            return {"complete": None, "compliant": None, "remark": ""}
        if data["good"]:
            return {"complete": True, "compliant": True, "remark": ""}
        return {"complete": not data["incomplete"], "compliant": not data["wrong"], "remark": data["remark"]}


class PartMarkForm(forms.Form):
    """A mark on a part of the form: in order, or what is wrong with it and how to mend it."""

    good = forms.BooleanField(required=False)
    remark = forms.CharField(required=False, max_length=1000)
    clear = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A fault says how to mend it: the notice is written from these words."""
        data = super().clean() or {}
        if not data.get("clear") and not data.get("good") and not data.get("remark", "").strip():
            self.add_error("remark", "请写明哪里有误、怎么改：补正通知照此写成。")
        return data

    def mark(self) -> dict[str, Any]:
        """Return correct and remark as the workflow takes them."""
        data = self.cleaned_data
        if data["clear"]:
            return {"correct": None, "remark": ""}
        return {"correct": data["good"], "remark": "" if data["good"] else data["remark"]}


class ServiceForm(forms.Form):
    """登记送达: by hand, post, witness, or announcement where these fail; each with its proof."""

    method = forms.ChoiceField(
        label="送达方式",
        choices=[choice for choice in ServiceMethod.choices if choice[0] != ServiceMethod.PORTAL],
        widget=forms.RadioSelect,
        help_text="直接、邮寄、留置都送不到的，才用公告送达；公告自发布之日起满 30 日视为送达。",
    )
    served_on = day_field("送达日期", help_text="公告送达填发布日期。")
    proof = forms.FileField(label="送达凭证", help_text="回证、邮寄回执、见证记录或公告截图（PDF、JPG、PNG）。")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for way in BEFORE_ANNOUNCEMENT:
            self.fields[f"tried-{way.value}"] = day_field(f"{way.label}的日期", required=False)
            self.fields[f"attempts-{way.value}"] = forms.CharField(
                label=f"{way.label}没有送到的原因", max_length=200, required=False
            )

    @property
    def tried(self) -> list[tuple[Any, Any]]:
        """(field of the day, field of why it failed) of each way before an announcement."""
        return [(self[f"tried-{way.value}"], self[f"attempts-{way.value}"]) for way in BEFORE_ANNOUNCEMENT]

    @property
    def announced(self) -> bool:
        """Whether what was tried before is asked for: an announcement, or something of it is written already."""
        return self["method"].value() == ServiceMethod.ANNOUNCEMENT or any(
            bound.value() for pair in self.tried for bound in pair
        )

    def clean(self) -> dict[str, Any]:
        """What was begun of an attempt has both its day and its why."""
        data = super().clean() or {}
        for way in BEFORE_ANNOUNCEMENT:
            day, why = data.get(f"tried-{way.value}"), data.get(f"attempts-{way.value}")
            if why and not day and f"tried-{way.value}" not in self.errors:
                self.add_error(f"tried-{way.value}", "请填写送达的日期。")
        return data

    def service(self) -> dict[str, Any]:
        """Return what the workflow function takes besides matter, paper, actor and day."""
        data = self.cleaned_data
        attempts = [
            {"method": way.value, "on": day, "why": data[f"attempts-{way.value}"]}
            for way in BEFORE_ANNOUNCEMENT
            if (day := data[f"tried-{way.value}"])
        ]
        return {name: data[name] for name in ("method", "served_on", "proof", "note")} | {"attempts": attempts}


class ExpertForm(forms.Form):
    """Which expert to assign: those in office, none who keeps out of this matter or is on the list already."""

    expert = forms.ModelChoiceField(Position.objects.none(), label="评审专家", empty_label="请选择")

    def __init__(self, *args: Any, application: Application, actor: Actor, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = application.assessment.tasks.values_list("expert_id", flat=True)
        self.fields["expert"].queryset = (  # type: ignore[attr-defined]
            Position.objects.filter(in_force(on), role=Role.EXPERT, user__is_active=True)
            .exclude(pk__in=taken)
            .exclude(user_id__in=permissions.recused(actor, application))
            .select_related("user", "organisation")
            .order_by("id")
        )


class VisitForm(forms.Form):
    """现场考察记录."""

    visit_on = day_field("考察日期")
    note = text_field("考察记录", rows=5, help_text="场地、设备、环保安全消防、视频监控的实际情况。")
    file = forms.FileField(label="签字的考察记录", required=False, help_text="PDF、JPG 或 PNG。")


class ReportForm(forms.Form):
    """评估报告; of a renewal 定期评估报告 (M30)."""

    text = text_field("评估报告", rows=10, help_text="汇总材料核验、专家评审和现场考察的结论；提议和决定以此为据。")

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if application.kind == ApplicationKind.RENEWAL:
            self.fields["text"].label = "定期评估报告"


class FoundDayForm(forms.Form):
    """查明的变更之日 (M13), beside the one declared."""

    found_on = day_field("查明的变更之日", help_text="按这一天判断是否在 30 日内报告；机构填写的日期照留。")
    note = forms.CharField(label="查明的依据", max_length=300, help_text="如登记机关核准变更的文书名称和日期。")
    file = forms.FileField(
        label="依据的扫描件", required=False, help_text="PDF、JPG 或 PNG；机构也能看到。不上传的，已上传的照留。"
    )


class SheetForm(forms.Form):
    """评审表: marks and a reason for each criterion, an opinion on the whole."""

    positive = forms.TypedChoiceField(
        label="总体意见",
        choices=[("yes", "符合备案条件"), ("no", "不符合备案条件")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = text_field("评审意见", rows=5)

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for one in criteria:
            self.fields[f"marks-{one.key}"] = forms.IntegerField(
                label=f"{one.label}：得分", min_value=0, max_value=one.full_marks, help_text=f"满分 {one.full_marks} 分"
            )
            self.fields[f"reason-{one.key}"] = text_field(f"{one.label}：理由", rows=2)
        self.order_fields([*(name for name in self.fields if "-" in name), "positive", "opinion"])

    @property
    def rows(self) -> list[tuple[Criterion, Any, Any]]:
        """(criterion, field of its marks, field of its reason)."""
        return [(one, self[f"marks-{one.key}"], self[f"reason-{one.key}"]) for one in self.criteria]

    def marks(self) -> dict[str, dict[str, Any]]:
        """Return {criterion: {"marks", "reason"}} as the workflow takes it."""
        data = self.cleaned_data
        return {
            one.key: {"marks": data[f"marks-{one.key}"], "reason": data[f"reason-{one.key}"]} for one in self.criteria
        }


class RejectClaimForm(forms.Form):
    """Why a claim is not confirmed; the agency reads it."""

    reason = text_field("未通过的原因", rows=3, help_text="申请机构会看到；它可以补齐后重新提交核实。")
