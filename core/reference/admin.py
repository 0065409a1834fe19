"""The administrator's hand on reference data: areas and occupations, each change with its history. Whatever has a page
of its own in the portal, or a state, is not here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin

from core.reference.models import Area, Occupation
from regulation.citations import to_chinese


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

    object_history_template = "admin/history.html"
    object_history_list_template = "admin/history_list.html"
    object_history_form_template = "admin/history_form.html"
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Call the list by what is in it; the site says "选择 … 来修改"."""
        return super().changelist_view(request, {"title": self._name, **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Say what is added."""
        return super().add_view(request, form_url, {"title": f"新增{self._name}", **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Say what is changed; which one stands below."""
        title = {"title": f"修改{self._name}", **(extra_context or {})}
        return super().change_view(request, object_id, form_url, title)

    @property
    def _name(self) -> str:
        return str(self.model._meta.verbose_name)

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
