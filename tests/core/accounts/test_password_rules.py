"""What is wrong with a password, in the portal's words."""

import hashlib
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.accounts.models import User


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short-one", "至少要 10 位"),
        ("83920175629", "全是数字"),
        ("password12", "太常见"),
        ("jingbanren-jia", "太相近"),
        ("AnyangBeian26", "常用词太多"),
    ],
)
def test_each_rule_says_what_to_change_in_chinese(password, said, settings):
    with pytest.raises(ValidationError) as wrong:
        validate_password(password, User(username="jingbanren-jia"))
    assert any(said in message for message in wrong.value.messages)
    assert not re.search("[A-Za-z]{3}", "".join(wrong.value.messages))


@pytest.mark.parametrize("line", ["{}\n", "{}:3861493\r\n"])
def test_what_became_known_elsewhere_is_refused_wherever_it_stands_in_the_list(line, settings, tmp_path):
    known = [f"known-password-{number}" for number in range(200)]
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in known)
    settings.BREACHED_PASSWORDS = tmp_path / "list.txt"
    settings.BREACHED_PASSWORDS.write_bytes("".join(line.format(one) for one in hashes).encode())
    for one in known:
        with pytest.raises(ValidationError, match="泄露过"):
            validate_password(one)
    for number in range(200, 400):
        validate_password(f"known-password-{number}")


def test_an_empty_list_knows_none_and_without_one_nothing_is_looked_up(settings, tmp_path):
    validate_password("known-password-1")
    settings.BREACHED_PASSWORDS = tmp_path / "list.txt"
    settings.BREACHED_PASSWORDS.touch()
    validate_password("known-password-1")
