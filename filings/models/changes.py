"""What a change asks for (M13), item by item, and what became of each."""

from django.db import models
from django.db.models import Q

from filings.models.application import Application
from filings.models.filing import FilingSite


class ChangeItem(models.Model):
    """One difference that a change asks for, or that a renewal leaves out, as handed in. key, before, after: as
    filings.changes has them.

    confirmed: the agency still wants it though the filing says otherwise since; `seen` is what the filing said then.
    granted: None until the decision, and of a renewal; left out with its reason and article.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="change_items")
    key = models.CharField("事项", max_length=60)
    before = models.JSONField("备案内容", null=True)
    after = models.JSONField("申请变更为", null=True)
    confirmed = models.BooleanField("机构已确认", default=False)
    seen = models.JSONField("确认时的备案内容", null=True)
    granted = models.BooleanField("同意", null=True)
    # The site that a granted item made of the filing's: what is ended when the grant is set aside.
    made = models.ForeignKey(FilingSite, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("理由", max_length=300, blank=True)
    basis = models.CharField("依据", max_length=8, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "变更事项"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="change_item_once"),
            models.CheckConstraint(
                condition=~Q(granted=False) | (~Q(reason="") & ~Q(basis="")), name="left_out_item_has_reason"
            ),
        ]
