"""What Django's form fields say when they refuse: in the words of a counter clerk, not of a program."""

from django.core import validators
from django.forms import fields, models

_CHOOSE = "请选择一项。"
_WORDS: dict[type[fields.Field], dict[str, str]] = {
    fields.Field: {"required": "请填写这一项。"},
    fields.IntegerField: {"invalid": "请填写整数。"},
    fields.DecimalField: {"invalid": "请填写数字。"},
    fields.DateField: {"invalid": "请填写有效的日期，例如 2026-10-11。"},
    fields.DateTimeField: {"invalid": "请填写有效的日期和时间，例如 2026-10-11 16:20。"},
    fields.FileField: {
        "required": "请选择文件。",
        "invalid": "没有收到文件，请重新选择。",
        "missing": "请选择文件。",
        "empty": "文件是空的，请检查后重新选择。",
    },
    fields.BooleanField: {"required": "请勾选后继续。"},
    fields.ChoiceField: {"required": _CHOOSE, "invalid_choice": "“%(value)s”不在可选范围内，请重新选择。"},
    fields.MultipleChoiceField: {
        "required": "请至少选择一项。",
        "invalid_choice": "“%(value)s”不在可选范围内，请重新选择。",
    },
    models.ModelChoiceField: {"required": _CHOOSE, "invalid_choice": "所选的项目已不可用，请重新选择。"},
    models.ModelMultipleChoiceField: {"required": "请至少选择一项。"},
}
_LIMITS: dict[type[validators.BaseValidator], str] = {
    validators.MinLengthValidator: "至少 %(limit_value)d 个字，现在是 %(show_value)d 个。",
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字，现在是 %(show_value)d 个。",
    validators.MinValueValidator: "不能小于 %(limit_value)s。",
    validators.MaxValueValidator: "不能大于 %(limit_value)s。",
}


def install() -> None:
    """Give the field classes these words. Called once, from the app's ready(); a form's own words still win."""
    for field, words in _WORDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **words}
    for limit, said in _LIMITS.items():
        limit.message = said
    validators.EmailValidator.message = "请填写有效的邮箱地址。"
