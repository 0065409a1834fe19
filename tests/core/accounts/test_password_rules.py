"""What is wrong with a password, in the portal's words."""

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
