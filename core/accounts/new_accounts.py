"""What a new account must be: one set of rules for registration and invitation, for page and API."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.accounts.models import User
from core.refusals import Reason

SHORTEST_NAME, LONGEST_NAME = 4, 30
NAME_VALIDATORS = [*User._meta.get_field("username").validators]
PHONE = r"^\+?[0-9][0-9 -]{5,19}$"
PHONE_WRONG = "请填写手机号或带区号的固定电话。"


def against(*, username: str, password: str, display_name: str, email: str) -> list[Reason]:
    """Return every reason against such an account: a name taken (whatever its case), a password too easy to guess."""
    reasons = []
    name = User.normalize_username(username)
    if User.objects.filter(username__iexact=name).exists():
        reasons.append(Reason("username_taken", "这个登录名已有人使用，请换一个。", "username"))
    try:
        validate_password(password, User(username=name, email=email, display_name=display_name))
    except ValidationError as error:
        reasons += [Reason("password_weak", text, "password") for text in error.messages]
    return reasons
