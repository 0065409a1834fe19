"""What an agency answers to a notice, and why it needs more time."""

from django import forms

from regulation.periods import PERIODS


class ExtensionForm(forms.Form):
    """Why the correction needs more time."""

    use_required_attribute = False
    reason = forms.CharField(
        label="申请延长的理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明哪一项、为什么需要更多时间、大约需要几天。"
        f"补正期限只能延长一次，合计不超过{PERIODS['correction'].longest}。",
    )


class AnswerForm(forms.Form):
    """What the agency says to one item of a notice."""

    use_required_attribute = False
    answer = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
