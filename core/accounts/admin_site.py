"""Django's administration for reference data: the portal's own sign-in, the administrator's position."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.accounts import permissions
from core.accounts.sessions import current_actor, gate


class PortalAdminSite(AdminSite):
    """No second way in: lock-out and second factor hold here as everywhere."""

    site_header = site_title = "安阳社评机构门户 · 基础数据"
    index_title = "基础数据"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask the position acted in, never the user's flags."""
        actor = current_actor(request)
        return actor is not None and permissions.is_administrator(actor)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Lead to the portal's sign-in; raise PermissionDenied for anyone else signed in."""
        if response := gate(request):
            return response
        raise PermissionDenied("只有系统管理员可以维护基础数据。")
