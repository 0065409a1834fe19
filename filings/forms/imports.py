"""Forms of the register of paper filings: the file with where it comes from, and what the chief is asked."""

from typing import Any

from django import forms

from filings.forms.base import PROPOSAL_REASON, text_field

_FILE = {"accept": ".xlsx"}


class RegisterForm(forms.Form):
    """A register and the ledger or document that it was taken from."""

    source = forms.CharField(
        label="依据", max_length=200, help_text="从哪一份台账、文件抄录，如：市中心 2025 年末备案台账。"
    )
    file = forms.FileField(
        label="填好的表格", help_text="XLSX，照模板填写。", widget=forms.FileInput(attrs=_FILE), allow_empty_file=True
    )


class MendedForm(forms.Form):
    """The mended register."""

    file = forms.FileField(
        label="改好的表格", help_text="以前的文件仍保留。", widget=forms.FileInput(attrs=_FILE), allow_empty_file=True
    )


class LoadForm(forms.Form):
    """The proposal to load: a tick where check digits are wrong, a word to the chief."""

    codes_confirmed = forms.BooleanField(label="上面列出的信用代码已对照证照逐位核对，代码与证照一致", required=False)

    def __init__(self, *args: Any, unsure: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unsure:
            del self.fields["codes_confirmed"]
        self.fields[PROPOSAL_REASON] = text_field("给负责人的说明", rows=2, required=False, max_length=5000)

    def payload(self) -> dict[str, Any]:
        """Return what the workflow function takes."""
        return {"codes_confirmed": bool(self.cleaned_data.get("codes_confirmed"))}
