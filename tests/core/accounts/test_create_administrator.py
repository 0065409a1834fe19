"""The first administrator is made on the command line; the password is never an argument."""

import pytest
from django.core.management import CommandError, call_command

from core.accounts.models import Position, Role

pytestmark = pytest.mark.django_db
ASK = "core.accounts.management.commands.create_administrator.getpass"


def create(monkeypatch, *answers, name="first"):
    given = iter(answers)
    monkeypatch.setattr(ASK, lambda prompt: next(given))
    call_command("create_administrator", name, f"{name}@example.test")


def test_it_makes_account_organisation_and_position(monkeypatch):
    create(monkeypatch, "long enough 2026", "long enough 2026")
    position = Position.objects.get()
    assert (position.role, position.organisation.kind) == (Role.ADMINISTRATOR, "operator")
    assert position.user.check_password("long enough 2026")
    create(monkeypatch, "long enough 2027", "long enough 2027", name="second")
    assert Position.objects.filter(organisation=position.organisation).count() == 2


@pytest.mark.parametrize("answers", [("long enough 2026", "another 2026 x"), ("short", "short")])
def test_a_bad_password_makes_nothing(monkeypatch, answers):
    with pytest.raises(CommandError):
        create(monkeypatch, *answers)
    assert not Position.objects.exists()


def test_a_taken_name_is_refused(monkeypatch):
    create(monkeypatch, "long enough 2026", "long enough 2026")
    with pytest.raises(CommandError):
        create(monkeypatch, "long enough 2026", "long enough 2026", name="FIRST")
