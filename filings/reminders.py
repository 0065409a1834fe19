"""Reminders that rest on a filing's dates, not on a clock: that a renewal has opened, that its timely days run out."""

import datetime

from core.clock.words import in_words
from core.notifications import outbox
from core.notifications.models import Message
from core.reference import settings
from filings import terms
from filings.models import Filing, in_force
from filings.workflow import steps


def remind_of_renewal(on: datetime.date) -> int:
    """Tell each agency, once for each term, that its renewal has opened, and later that the timely days are nearly
    over (M14). For every run of the reminders; safe twice. Returns how many were told now."""
    told = 0
    opening = datetime.timedelta(settings.value("renewal_opening", on))
    # One handed in in time holds its filing open; after the timely days nothing is left to remind of.
    waiting = Filing.objects.filter(in_force(on), held_open=False, valid_until__lte=on + opening)
    for filing in waiting.select_related("agency").order_by("id"):
        timely = terms.timely_until(filing)
        if on > timely:
            continue
        soon = timely - datetime.timedelta(settings.value("renewal_reminder", on)) <= on
        stage, title = ("soon", "请尽快申请延续") if soon else ("open", "可以申请延续了")
        key = f"filing:{filing.pk}:renewal:{filing.valid_until}:{stage}"
        if Message.objects.filter(key__startswith=f"{key}:").exists():
            continue
        text = (
            f"备案有效期至 {in_words(filing.valid_until)}。请在 {in_words(timely)} 24:00 前提出延续申请；"
            "按期提出的，办结之前原备案继续有效；逾期提出的，到期即失效。"
        )
        outbox.send(
            f"{key}:{filing.agency_id}",
            "renewal_reminder",
            organisation=filing.agency,
            roles=steps.AGENCY,
            title=f"{title}：{filing.name}",
            body=text,
            on=on,
            link=f"/filings/{filing.pk}/",
            matter=filing,
        )
        told += 1
    return told
