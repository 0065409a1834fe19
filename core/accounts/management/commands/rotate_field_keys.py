"""`python manage.py rotate_field_keys`: encrypts every stored secret anew under the newest of FIELD_KEYS.

After it the older keys can be taken out of the settings. Safe to stop and to run again.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast

from core.crypto import EncryptedTextField, rotate

# What allauth keeps encrypted in an authenticator's data (core.accounts.mfa.MfaAdapter).
AUTHENTICATOR_SECRETS = ("secret", "seed")


def encrypted_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Every encrypted field of every table, histories too."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, EncryptedTextField):
                    yield model, field.name


def is_newest(token: str) -> bool:
    """Whether the newest key alone decrypts it."""
    try:
        Fernet(settings.FIELD_KEYS[0].encode()).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def rotate_column(model: type[models.Model], name: str, batch: int) -> int:
    """Encrypt a column anew, a batch of rows in each transaction; return how many rows changed.

    The content stays the same, so `update` is right here: no history, and no row that changed meanwhile is touched.
    """
    stored = Cast(F(name), models.TextField())
    rows = model._base_manager.annotate(stored=stored).exclude(stored="").exclude(stored=None).order_by("pk")
    changed, after = 0, None
    while True:
        page = rows if after is None else rows.filter(pk__gt=after)
        found = list(page.values_list("pk", "stored")[:batch])
        if not found:
            return changed
        after = found[-1][0]
        with transaction.atomic():
            for pk, token in found:
                if not is_newest(token):
                    same = model._base_manager.annotate(stored=stored).filter(pk=pk, stored=token)
                    changed += same.update(**{name: Value(rotate(token), models.TextField())})


def rotate_authenticators() -> int:
    """Encrypt the secrets of the second factor anew; return how many rows changed."""
    changed = 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            old = {name: row.data[name] for name in AUTHENTICATOR_SECRETS if name in row.data} if row else {}
            new = {name: rotate(token) for name, token in old.items() if not is_newest(token)}
            if row and new:
                row.data = {**row.data, **new}
                row.save(update_fields=["data"])
                changed += 1
    return changed


class Command(BaseCommand):
    """Prints how many rows each table had under an older key."""

    help = "用最新的字段密钥重新加密全部加密字段；可重复运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--batch`."""
        parser.add_argument("--batch", type=int, default=500, help="每个事务的行数")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate everything."""
        for model, name in encrypted_fields():
            changed = rotate_column(model, name, options["batch"])
            self.stdout.write(f"{model._meta.db_table}.{name}：重新加密 {changed} 行。")
        self.stdout.write(f"{Authenticator._meta.db_table}：重新加密 {rotate_authenticators()} 行。")
