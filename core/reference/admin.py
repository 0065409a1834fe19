"""The administrator's hand on reference data: areas and occupations, each change with its history."""

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from core.reference.models import Area, Occupation

admin.site.site_header = admin.site.site_title = "安阳社评机构门户 · 基础数据"
admin.site.index_title = "基础数据"


class ReferenceAdmin(SimpleHistoryAdmin):
    """Rows that filings refer to are never deleted, and a code never changes."""

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
