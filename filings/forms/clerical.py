"""提议更正文书: the words of a paper that may be corrected, as they stand."""

from typing import Any

from django import forms

from core.documents.models import OfficialDocument
from core.documents.templatetags.papers import typeset
from core.refusals import Refused
from filings import clerical
from filings.forms.base import text_field

LONG = 60


class CorrectionOfPaperForm(forms.Form):
    """One field for each text that may be corrected; what is left as it is stays. A field's name has no dots, as a
    path has: selectors take them for something else."""

    reason = forms.CharField(label="更正的原因", max_length=300, help_text="写入更正后的文书，如“录入时笔误”。")
    proposal_reason = text_field("给负责人的说明", rows=2, required=False, help_text="只在本单位内部可见。")

    def __init__(self, *args: Any, document: OfficialDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        self.paths = {f"text-{leaf.path.replace('.', '-')}": leaf for leaf in clerical.leaves(document)}
        for name, leaf in self.paths.items():
            long = len(leaf.text) > LONG
            widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput()
            self.fields[name] = forms.CharField(label=leaf.label, initial=leaf.text, max_length=5000, widget=widget)
        self.order_fields([*self.paths, "reason", "proposal_reason"])

    def values(self) -> dict[str, str]:
        """Return {path: what it is to say}; where nothing was sent, or nothing sound, what the paper says."""
        if self.is_bound:
            self.errors  # noqa: B018 - cleans
        data = self.cleaned_data if self.is_bound else {}
        return {leaf.path: str(data.get(name, leaf.text)) for name, leaf in self.paths.items()}

    def place(self, refused: Refused) -> None:
        """Put each reason at the text it names, or over the form."""
        names = {leaf.path: name for name, leaf in self.paths.items()} | {"reason": "reason"}
        for reason in refused.reasons:
            self.add_error(names.get(reason.field), typeset(reason.text))
