from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    """Organisations, users, positions, sign-in."""

    name = "core.accounts"
    label = "accounts"
    verbose_name = "账号与岗位"

    def ready(self) -> None:
        """Refuse an unsafe demo; listen to signing in and out; let the API's description know who calls; look at the
        list of known passwords before a deployment starts (`check --deploy`)."""
        from core.accounts import (
            adapter,
            authentication,
            browser_sessions,
            checks,
            single_sign_on,
            startup,
            step_up,
        )

        startup.refuse_unsafe_demo()
        self.registers = (adapter, authentication, browser_sessions, checks, single_sign_on, step_up)


class PortalAdminConfig(admin.AdminConfig):
    """Django's administration, open to the administrator's position alone."""

    default = False  # of this module; the settings name it
    default_site = "core.accounts.admin_site.PortalAdminSite"
