"""Django's administration for reference data: the portal's own sign-in, the administrator's position."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.accounts import permissions
from core.accounts.sessions import current_actor, gate

REFERENCE = "reference"


class PortalAdminSite(AdminSite):
    """No second way in: lock-out and second factor hold here as everywhere. No second way to act: reference data alone
    is edited here; what has states changes in its workflow, accounts, positions and settings on the portal's own
    pages."""

    site_header = site_title = "基础数据 · 安阳社评机构门户"
    index_title = "区域和职业"
    site_url = "/desk/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Leave out what libraries register for themselves: groups, addresses, authenticators."""
        models: Iterable[type[Model]] = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        wanted = [model for model in models if model._meta.app_label == REFERENCE]
        super().register(wanted, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask the position acted in, never the user's flags."""
        actor = current_actor(request)
        return actor is not None and permissions.is_administrator(actor)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Lead to the portal's sign-in; raise PermissionDenied for anyone else signed in."""
        if response := gate(request):
            return response
        raise PermissionDenied("只有系统管理员可以维护基础数据。")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The portal's own."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The portal's own, with its rules and its event."""
        return redirect("account_change_password")
