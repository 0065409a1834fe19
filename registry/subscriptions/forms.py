"""The form of a subscription."""

from typing import Any

from django import forms

from registry import announcements
from registry.subscriptions.models import Often


class SubscribeForm(forms.Form):
    """An address and what is to be sent there."""

    address = forms.EmailField(
        label="邮箱",
        max_length=254,
        error_messages={"invalid": "这不是邮箱地址，请核对，如 name@example.com。", "required": "请填写邮箱。"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    kinds = forms.MultipleChoiceField(
        label="公告类别", required=False, widget=forms.CheckboxSelectMultiple, help_text="不选的，寄全部类别。"
    )
    often = forms.ChoiceField(label="多久寄一次", choices=Often.choices, initial=Often.DAILY, widget=forms.RadioSelect)
    # Nobody sees it; what fills in every field of every form does.
    website = forms.CharField(
        label="网址（请勿填写）",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = announcements.kinds()  # type: ignore[attr-defined]

    @property
    def is_of_a_machine(self) -> bool:
        """Whether what no person sees was filled in."""
        return bool(self.cleaned_data["website"])
