from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, users, positions, sign-in."""

    name = "core.accounts"
    label = "accounts"
    verbose_name = "账号与岗位"
