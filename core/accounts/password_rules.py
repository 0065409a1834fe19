"""Django's password rules in the portal's words."""

from typing import Any

from django.contrib.auth import password_validation as rules
from django.core.exceptions import ValidationError


class MinimumLength(rules.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> Any:
        return f"密码至少要 {self.min_length} 位，请再长一些。"

    def get_help_text(self) -> Any:
        return f"至少 {self.min_length} 位；"


class NotNumeric(rules.NumericPasswordValidator):
    """Not of digits alone."""

    def get_error_message(self) -> Any:
        return "密码不能全是数字，请加上字母或符号。"

    def get_help_text(self) -> Any:
        return "不能全是数字；"


class NotCommon(rules.CommonPasswordValidator):
    """Not one of the many thousands that are tried first."""

    def get_error_message(self) -> Any:
        return "这个密码太常见，容易被猜中，请换一个。"

    def get_help_text(self) -> Any:
        return "不能是常见的密码；"


class NotOfThisPlace:
    """Not made of the words that anybody would try first here, and little else."""

    WORDS = (
        "anyang", "henan", "sheping", "shepingjigou", "beian", "renshe", "portal", "jineng", "pingjia", "安阳", "社评",
    )  # fmt: skip
    LEAST = 6

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where fewer than six characters are left without these words."""
        left = password.lower()
        for word in sorted(self.WORDS, key=len, reverse=True):
            left = left.replace(word, "")
        if left != password.lower() and len(left) < self.LEAST:
            raise ValidationError("密码里本地、本行业的常用词太多，容易被猜中，请换一个。", code="of_this_place")

    def get_help_text(self) -> Any:
        return ""


class NotSimilar(rules.UserAttributeSimilarityValidator):
    """Not like the user's own name or address."""

    def get_error_message(self) -> Any:
        return "密码与您的%(verbose_name)s太相近，请换一个。"

    def get_help_text(self) -> Any:
        return "不能与登录名、姓名、邮箱相近。"
