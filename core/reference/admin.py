"""The administrator's hand on reference data: areas, occupations, dated settings; each change with its history."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from core.reference import settings
from core.reference.models import Area, Occupation, Setting
from regulation.citations import to_chinese
from regulation.settings import SETTINGS


def portal(request: HttpRequest) -> Any:
    """The request with what core.accounts.sessions.ActorMiddleware, a layer above, puts there: `actor`, `today`."""
    return request


class OfSetting(admin.SimpleListFilter):
    """Which setting, by its name in words; those that have been chosen at all."""

    title = parameter_name = "设置"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return (key, name) of each."""
        chosen = Setting.objects.values_list("key", flat=True).distinct().order_by("key")
        return [(key, Setting(key=key).label) for key in chosen]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the chosen one's rows."""
        return queryset.filter(key=self.value()) if self.value() else queryset


class OfMajorGroup(admin.SimpleListFilter):
    """The major group (大类) of the national classification: a code's first figure."""

    title = parameter_name = "大类"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the groups that have occupations here."""
        codes = Occupation.objects.values_list("code", flat=True)
        return [(first, f"第{to_chinese(int(first))}大类") for first in sorted({code[0] for code in codes})]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the group's rows."""
        return queryset.filter(code__startswith=f"{self.value()}-") if self.value() else queryset


class ReferenceAdmin(SimpleHistoryAdmin):
    """Whom the site lets in may view, add and change; nobody deletes what filings refer to; a code never changes."""

    object_history_list_template = "admin/history_list.html"
    object_history_form_template = "admin/history_form.html"
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As the site says."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """As the site says."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """As the site says."""
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """As the site says."""
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Nobody deletes reference data."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object | None = None) -> tuple[str, ...]:
        """The code is fixed once the row is there."""
        return ("code",) if obj else ()


@admin.register(Area)
class AreaAdmin(ReferenceAdmin):
    """Areas and where their places count (M37)."""

    list_display = ("code", "name", "kind", "quota_area")
    list_filter = ("kind", "quota_area")
    search_fields = ("code", "name")
    search_help_text = "代码或名称"
    ordering = ("code",)

    def get_form(self, request: HttpRequest, obj: object | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Say what the fields mean."""
        texts = {
            "code": "行政区划代码，六位；保存后不能改",
            "kind": "决定该区域的行政行为由哪一级人民政府复议",
            "quota_area": "名额在哪里计算：市辖区和功能区填“市区”，县和县级市填自己的名称（第六章第五条）",
        }
        return super().get_form(request, obj, change, help_texts=texts, **kwargs)


@admin.register(Occupation)
class OccupationAdmin(ReferenceAdmin):
    """Occupations of the national classification; one that is no longer filed for is switched off."""

    list_display = ("code", "name", "offered")
    list_filter = ("active", OfMajorGroup)
    search_fields = ("code", "name")
    search_help_text = "代码或名称"
    ordering = ("code",)

    @admin.display(description="申报", ordering="active")
    def offered(self, row: Occupation) -> str:
        """Whether it can be applied for, in words: the site's sign for it speaks English."""
        return "可申报" if row.active else "已停止"

    def get_form(self, request: HttpRequest, obj: object | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Say what the fields mean."""
        texts = {
            "code": "国家职业分类大典的编码，如 6-18-02-04；保存后不能改",
            "active": "不再受理申报的职业取消勾选，已备案的不受影响",
        }
        return super().get_form(request, obj, change, help_texts=texts, **kwargs)


class SettingForm(forms.ModelForm):
    """A figure from a day on, with every reason against it at its field."""

    today: ClassVar[datetime.date]  # set for each request

    key = forms.ChoiceField(
        label="设置",
        choices=[
            (key, f"{spec.label}（默认 {spec.default} {spec.unit}）")
            for key, spec in SETTINGS.items()
            if not spec.decided
        ],
    )

    class Meta:
        model = Setting
        fields = ("key", "value", "effective_from", "note")

    def clean(self) -> dict[str, Any]:
        """Ask what stands against it."""
        data = super().clean() or {}
        if not self.errors:
            for reason in settings.against(
                data["key"], data["value"], data["effective_from"], data["note"], self.today
            ):
                self.add_error(reason.field, reason.text)
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """A day chosen before is replaced, with history: no complaint that it is taken."""
        return {*super()._get_validation_exclusions(), "key"}  # type: ignore[misc]


@admin.register(Setting)
class SettingAdmin(ReferenceAdmin):
    """Figures are added from a day on; a past one stays as it was."""

    form = SettingForm
    list_display = ("label", "value", "effective_from", "note")
    list_filter = (OfSetting,)
    ordering = ("key", "-effective_from")

    @admin.display(description="设置", ordering="key")
    def label(self, row: Setting) -> str:
        """The setting's name in words."""
        return row.label

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Choose a new figure instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object | None = None) -> tuple[str, ...]:
        """Nothing is fixed on a new one; a row that stands is read under its name."""
        return ("label",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: object | None = None) -> tuple[str, ...]:
        """The name in words in place of the key."""
        return ("label" if obj else "key", "value", "effective_from", "note")

    def get_form(self, request: HttpRequest, obj: object | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Hand the form the request's day."""
        form = super().get_form(request, obj, change, **kwargs)
        form.today = portal(request).today
        return form

    def save_model(self, request: HttpRequest, obj: Setting, form: forms.ModelForm, change: bool) -> None:
        """Choose the figure as the portal does everywhere, with its event."""
        row = settings.set_value(
            obj.key,
            obj.value,
            effective_from=obj.effective_from,
            note=obj.note,
            actor=portal(request).actor,
            on=portal(request).today,
        )
        obj.pk = row.pk

    def log_addition(self, request: HttpRequest, obj: Setting, message: Any) -> None:
        """The audit trail has it."""
