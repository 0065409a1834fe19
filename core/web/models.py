"""What a person keeps of the pages: filters of lists under names of their own."""

from django.db import models

from core.accounts.models import Position


class SavedFilter(models.Model):
    """A list's filter that a person keeps in one position, under a name of their own; nobody else sees it.

    list: the url name of the list; query: what stands in its address, as `saved_filters.canonical` writes it.
    """

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=60)
    label = models.CharField("名称", max_length=12)
    query = models.CharField(max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["position", "list", "label"],
                name="one_filter_by_a_name",
                violation_error_message="已有同名的常用筛选。",
            )
        ]
