"""The administrator's hand on reference data: areas, occupations, dated settings; each change with its history."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from core.reference import settings
from core.reference.models import Area, Occupation, Setting
from regulation.settings import SETTINGS


def portal(request: HttpRequest) -> Any:
    """The request with what core.accounts.sessions.ActorMiddleware, a layer above, puts there: `actor`, `today`."""
    return request


class ReferenceAdmin(SimpleHistoryAdmin):
    """Whom the site lets in may view, add and change; nobody deletes what filings refer to; a code never changes."""

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


@admin.register(Occupation)
class OccupationAdmin(ReferenceAdmin):
    """Occupations of the national classification; one that is no longer filed for is switched off."""

    list_display = ("code", "name", "active")
    list_filter = ("active",)
    search_fields = ("code", "name")


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
    list_filter = ("key",)
    ordering = ("key", "-effective_from")

    @admin.display(description="设置", ordering="key")
    def label(self, row: Setting) -> str:
        """The setting's name in words."""
        return SETTINGS[row.key].label if row.key in SETTINGS else row.key

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Choose a new figure instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object | None = None) -> tuple[str, ...]:
        """Nothing is fixed on a new one."""
        return ()

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
