"""States of pages that no link leads to: a search in vain, an address that is none, a form sent with nothing in it."""

import datetime
from collections.abc import Iterator

from playwright.sync_api import Error, Page

NOWHERE = "/nowhere/"
NOTHING = "没有这样的内容"
SENT = "-sent-empty"
MONTH = datetime.timedelta(days=31)
OVERDUE = {
    "desks-home-1",
    "filings-applications-1",
    "filings-application-1",
    "filings-application-2",
    "filings-agency-applications-1",
    "filings-filings-1",
    "filings-filing-1",
    "notifications-inbox-1",
}
VAIN = {"registry-agencies-1", "registry-places-1", "filings-applications-1", "filings-filings-1", "accounts-users-1"}
# Forms that act when sent empty (to take, to withdraw, to switch), or save by themselves, are let be.
FORM = "main form[method=post]:not([data-autosave]):has(:required)"
EMPTIED = """form => {
  for (const one of form.querySelectorAll("input:not([type=hidden]):not([type=submit]), textarea"))
    if (one.type === "checkbox" || one.type === "radio") one.checked = false; else one.value = "";
  for (const one of form.querySelectorAll("select")) one.value = "";
  HTMLFormElement.prototype.submit.call(form); // past the checks of the browser and of the scripts
}"""


def pass_a_month() -> None:
    """Move the demo's day on and carry out what lapses meanwhile: what nobody touched is overdue."""
    from django.core.management import call_command

    from core.clock import clock

    call_command("sweep", on=(clock.today() + MONTH).isoformat())


def searches(pages: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of a search in vain over each list among the pages (name, address)."""
    for name, path in pages:
        if name in VAIN:
            yield f"{name}-vain", f"{path}{'&' if '?' in path else '?'}q={NOTHING}"


def sent_empty(page: Page, path: str) -> bool:
    """Open a page and send its first form with nothing written in it. True where the portal refused it and says why,
    the page left open; False where there is no such form or the portal took it."""
    page.goto(path)
    form = page.locator(FORM).first
    if not form.count():
        return False
    try:
        with page.expect_navigation(wait_until="load", timeout=10_000):
            form.evaluate(EMPTIED)
    except Error:  # the answer is a file
        return False
    return bool(page.locator("[role=alert]:visible").count())
