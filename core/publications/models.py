"""What is published: an allow-listed record per item, from a day until a day or its withdrawal."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.clock.clock import now, real_now


class Publication(models.Model):
    """One published record. `content` holds only the fields that the kind's allow-list names (declarations.py)."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("标题", max_length=200)
    content = models.JSONField("公开内容")
    matter_type = models.CharField(max_length=60)
    matter_id = models.CharField(max_length=40)
    published_on = models.DateField("公布日期")
    until = models.DateField("公布至", null=True)
    withdrawn_on = models.DateField("撤下日期", null=True)
    withdrawn_reason = models.CharField("撤下原因", max_length=200, blank=True)
    at = models.DateTimeField(default=now, editable=False)
    # When it was published or withdrawn: the real moment, on no moved clock, since readers are told of it.
    changed_at = models.DateTimeField(default=real_now, db_default=Now(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "公开信息"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_reason__gt=""), name="withdrawal_has_reason"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "-published_on", "-id"], name="publication_list"),
            models.Index(fields=["-published_on", "-id", "until", "withdrawn_on", "kind"], name="publication_newest"),
            models.Index(fields=["matter_type", "matter_id"], name="publication_matter"),
            models.Index(fields=["id"], name="publication_withdrawn", condition=Q(withdrawn_on__isnull=False)),
            models.Index(fields=["changed_at"], name="publication_changed"),
        ]

    def __str__(self) -> str:
        return self.title
