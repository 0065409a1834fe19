"""Rotating keys: afterwards the newest key alone reads everything, and nothing has changed but the cipher text."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from django.db import connection

from core.accounts.models import User
from core.crypto import cipher, keyed_hash, mask

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def raw() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def rotate() -> str:
    out = StringIO()
    call_command("rotate_field_keys", "--batch", "2", stdout=out)
    return out.getvalue()


@pytest.fixture
def users(settings):
    settings.FIELD_KEYS = [OLD]
    made = [User.objects.create_user(f"user-{n}", phone=f"0372-000000{n}") for n in range(5)]
    made.append(User.objects.create_user("without"))
    TOTP.activate(made[0], "JBSWY3DPEHPK3PXP")
    return made


def test_the_number_is_not_in_the_database_in_clear(users):
    assert not any("0372" in one for one in raw())
    assert [one.phone for one in User.objects.order_by("pk")][:2] == ["0372-0000000", "0372-0000001"]


def test_the_newest_key_alone_reads_everything_afterwards(users, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    assert "accounts_user.phone：重新加密 5 行" in rotate()
    settings.FIELD_KEYS = [NEW]
    assert [one.phone for one in User.objects.order_by("pk")] == [*(f"0372-000000{n}" for n in range(5)), ""]
    assert cipher().decrypt(Authenticator.objects.get(type="totp").data["secret"].encode()) == b"JBSWY3DPEHPK3PXP"
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(InvalidToken):
        list(User.objects.filter(username="user-0"))


def test_a_second_run_writes_nothing(users, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    before = raw()
    assert "重新加密 0 行" in rotate()
    assert raw() == before


def test_equal_numbers_hash_equal_and_differently_under_another_key(settings):
    first = keyed_hash("41052319900101123x")
    assert first == keyed_hash(" 41052319900101123X")
    settings.FIELD_HASH_KEY = "another"
    assert keyed_hash("41052319900101123x") != first


@pytest.mark.parametrize(("value", "shown"), [("13800001234", "138****1234"), ("1234567", "*******"), ("", "")])
def test_a_mask_shows_the_ends_of_long_values_only(value, shown):
    assert mask(value) == shown
