"""Selection on merit (M11): each place given, and every better one passed over for it, with the reason."""

from django.db import models
from django.db.models import Q

from filings.models.application import Application


class PlaceGiven(models.Model):
    """A place that an approval took, as it stood under the lock. cap: "city", or "市区:6-18-02-04"; score: in
    hundredths of the full marks, none where no expert marked; free: places left before; urgent: counts for the city's
    alone; run: the application's, for one may be approved anew after its approval was set aside."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="places_given")
    cap = models.CharField("名额", max_length=40)
    score = models.DecimalField("评分", max_digits=5, decimal_places=2, null=True)
    urgent = models.BooleanField("急需紧缺", default=False)
    free = models.PositiveSmallIntegerField("当时剩余名额")
    given_on = models.DateField("决定日期")
    run = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "给出的名额"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "cap", "run"], name="place_given_once")]
        indexes = [models.Index(fields=["cap", "given_on"], name="place_given_cap")]


class PassedOver(models.Model):
    """A better one that lost a place to the application approved: its score then, and why it was passed over."""

    place = models.ForeignKey(PlaceGiven, on_delete=models.PROTECT, related_name="passed_over")
    rival = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="passed_over_for")
    score = models.DecimalField("评分", max_digits=5, decimal_places=2)
    urgent = models.BooleanField("急需紧缺", default=False)
    reason = models.TextField("理由")

    class Meta:
        verbose_name = verbose_name_plural = "越过的申请"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "rival"], name="passed_over_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="passed_over_has_reason",
                violation_error_message="越过评分更高的申请，应有理由。",
            ),
        ]
