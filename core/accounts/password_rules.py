"""Django's password rules in the portal's words, and two of our own."""

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation as rules
from django.core.exceptions import ValidationError

_SHA1 = re.compile(rb"[0-9A-F]{40}")
# Places at which a list is looked at before it is trusted.
SAMPLES = 100
LONGEST_LINE = 256


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


class NotBreached:
    """Not one of those that became known elsewhere (ASVS 6.2.12), where the settings name a list of them: SHA-1 hashes
    in order, a line each ("HASH" or "HASH:times", as Have I Been Pwned gives them). The password leaves for nowhere."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where the list has it."""
        path = settings.BREACHED_PASSWORDS
        if path and found_in(path, password):
            raise ValidationError("这个密码在别处泄露过，会被人拿来试，请换一个。", code="breached")

    def get_help_text(self) -> Any:
        return ""


def found_in(path: Path, password: str) -> bool:
    """Tell whether a list has this password: halved until its line is found or nothing is left, forty steps in a file
    of a thousand million lines."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)  # places in the file; of each the next line that begins after it is asked
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            begin = middle + len(file.readline(LONGEST_LINE)) if middle else 0
            file.seek(begin)
            found = file.readline(LONGEST_LINE)[: len(wanted)].upper()
            if found == wanted:
                return True
            if found and found < wanted:
                low = begin + 1
            else:
                high = middle
    return False


def in_order(path: Path) -> bool:
    """Tell whether a file looks like such a list: hashes in ascending order, at SAMPLES places, up to an end that is F…
    as in every list of some length. Raises OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        pairs = []
        for sample in range(SAMPLES):
            file.seek(size * sample // SAMPLES)
            if sample:
                file.readline(LONGEST_LINE)  # the rest of one
            lines = filter(None, (file.readline(LONGEST_LINE), file.readline(LONGEST_LINE)))
            pairs.append([line.partition(b":")[0].strip().upper() for line in lines])
        file.seek(max(0, size - LONGEST_LINE))
        *_, last = [b"", *file.read().split()]
    firsts = [pair[0] for pair in pairs if pair]
    whole = all(_SHA1.fullmatch(one) for pair in pairs for one in pair) and last[:1].upper() == b"F"
    return whole and all(pair == sorted(pair) for pair in (firsts, *pairs))


class NotSimilar(rules.UserAttributeSimilarityValidator):
    """Not like the user's own name or address."""

    def get_error_message(self) -> Any:
        return "密码与您的%(verbose_name)s太相近，请换一个。"

    def get_help_text(self) -> Any:
        return "不能与登录名、姓名、邮箱相近。"
