"""Every page of every role, with nothing in it, and full of what breaks layouts and lets markup through.

The pages are those that a visitor reaches by links, and what is answered to forms filled in wrongly; what no link leads
to is in BESIDE, with the reason. They are fetched by Django's client and looked at in a browser as they came: all of it
in the browser's step, so that the world is built once.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from anyang_sep.public import PUBLIC
from core.accounts.models import Position, Role, User
from core.clock.clock import SHANGHAI, now
from core.documents import rendering, series
from core.documents.models import OfficialDocument
from core.notifications import delivery
from core.web.hard_words import LONG, SCRIPT
from core.web.navigation import find_url
from desks.demo import people
from filings.models import Filing, Receipt
from registry.open_data import editions
from tests import looking, torture_world
from tests.browsing import barriers
from tests.reading import faults, says_why, words
from tests.test_access import EVERY
from tests.visiting import Page, follow, kind, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.shared_world]

TODAY = datetime.date(2026, 9, 22)
NOBODY = "公众"
# By the name to sign in with; the first looks for everyone at what is the same for all.
VISITORS = (
    "administrator", "centre", "centre-chief", torture_world.INSPECTOR, torture_world.TWO_POSITIONS, "bureau",
    "bureau-chief", "county", "county-chief", "county-410503-handler", "expert", "agency", "agency-staff",
    "agency-new", "agency-filed", "agency-draft", "agency-claim", "neihuang-admin", "tangyin-admin", "many-admin",
)  # fmt: skip
SAME_FOR_ALL = frozenset(
    {
        "registry:workdays",
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "accounts:tokens",
        "accounts:profile",
    }
)
# What no link leads to and still answers a GET, and why.
BESIDE = {
    "account_confirm_email": "by the secret of an e-mail: tests/core/accounts",
    "account_confirm_login_code": "the portal sends no such codes",
    "account_set_password": "everyone has a password",
    "account_signup": "leads to the portal's own registration",
    "accounts/signup/": "leads to the portal's own registration",
    "account_email": "leads to the account's page",
    "accounts/email/": "leads to the account's page",
    "account_reset_password_from_key": "by the secret of an e-mail: tests/core/accounts",
    "accounts:accept-invitation": "by the secret of an invitation: tests/core/accounts",
    "filings:agency-checks": "a part of the wizard's steps, fetched by its scripts",
    "filings:assignment-service": "filings:filing-service with another matter's paper",
    "filings:preview": "stands in a frame beside its form: tests/filings/views/test_officers_work.py",
    "mfa_authenticate": "between password and code: tests/core/accounts/test_second_factor.py",
    "mfa_deactivate_totp": "with a second factor: tests/core/accounts/test_second_factor.py",
    "mfa_download_recovery_codes": "with a second factor: tests/core/accounts/test_second_factor.py",
    "mfa_generate_recovery_codes": "with a second factor: tests/core/accounts/test_second_factor.py",
    "mfa_view_recovery_codes": "with a second factor: tests/core/accounts/test_second_factor.py",
    "mfa_reauthenticate": "with a second factor: tests/core/accounts/test_second_factor.py",
    "open_data:file": "a file: tests/registry/open_data/test_editions.py",
    "registry:receipt-pdf": "the file of an issued paper, which only a worker makes: tests/registry",
    "registry:explain": "a part of a page, fetched by its script: tests/registry/test_explained.py",
    "registry:confirm-subscription": "by the link of a letter: tests/registry/subscriptions",
    "registry:unsubscribe": "by the link of a letter: tests/registry/subscriptions",
    **dict.fromkeys(
        (
            "openid_connect_login",
            "openid_connect_callback",
            "socialaccount_signup",
            "socialaccount_connections",
            *(f"accounts/social/{name}/" for name in ("connections", "login/cancelled", "login/error", "signup")),
        ),
        "single sign-on: tests/core/accounts/test_single_sign_on.py",
    ),
    "web:session": "asked by the scripts: no page",
    "web:style": "for builders: tests/core/web/test_style_page.py",
}
# Open to all, and yet no page for whoever comes just so.
ANSWERS = {"ops:metrics": 404, "socialaccount_login_error": 401}
HOME = "http://portal.test"


@dataclass
class Visited:
    """All pages of all visitors in the world where nothing has happened, in the tortured one, and after forms that
    were filled in wrongly there."""

    empty: list[Page]
    full: list[Page]
    refused: list[Page]

    def pages(self) -> Iterable[Page]:
        return (page for page in chain(self.empty, self.full, self.refused) if page.text)


def client_of(visitor: str) -> Client:
    client = Client()
    if visitor != NOBODY:
        client.force_login(User.objects.get(username=visitor))
    return client


def visit(seeds: dict[str, list[str]]) -> list[Page]:
    """Let every visitor that there is go through the portal; seeds: where else one begins."""
    open_to_all = [find_url(name) for name in PUBLIC if "api-" not in name]
    found = list(follow(Client(), NOBODY, [*filter(None, open_to_all), *seeds.get(NOBODY, [])]))
    for username in User.objects.filter(username__in=VISITORS).values_list("username", flat=True):
        left = SAME_FOR_ALL if username != VISITORS[0] else frozenset()
        found += follow(
            client_of(username),
            username,
            ["/desk/", *seeds.get(username, [])],
            lambda name, left=left: name in left or name.startswith(("registry:", "open_data:")),
        )
    return found


def fill_in_wrongly(pages: list[Page]) -> list[Page]:
    """Send every kind of form once; nothing of it is kept."""
    found, sent = [], set()
    for page in pages:
        for form in page.tree.forms if page.text else ():
            there = kind(form.action or page.path)
            if form.method != "POST" or there in sent or there[0] in {"account_logout", "accounts:switch-position"}:
                continue
            sent.add(there)
            with transaction.atomic():
                found.append(send(client_of(page.visitor), page, form, SCRIPT))
                transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def visited(browser: Any, django_db_setup: Any, django_db_blocker: Any):
    """Built and fetched once: taken down when the last of these tests is over. (browser: in Playwright's loop Django
    has a connection of its own, so the loop is there before the transaction.)"""
    noon = datetime.datetime.combine(TODAY, datetime.time(12), SHANGHAI)
    with django_db_blocker.unblock(), time_machine.travel(noon, tick=True), transaction.atomic():
        torture_world.reference()
        organisations = people.make()
        empty = visit({})
        torture_world.tell(TODAY, organisations)
        editions.make(TODAY, now())
        many = Filing.objects.get(agency=organisations["many"])
        theirs = [f"/filings/{many.pk}/", f"/applications/{many.application.pk}/"]
        free = reverse("filings:offer-assignment") + "?area=内黄县&occupation=6-18-02-04"
        year = reverse("calendars:year", args=[2027])
        full = visit(
            {
                NOBODY: [f"/agencies/{many.code}/"],
                "administrator": [year, f"{year}confirm/"],
                "centre": [*theirs, free],
                "many-admin": theirs,
            }
        )
        yield Visited(empty, full, fill_in_wrongly(full))
        transaction.set_rollback(True)


def together(found: Iterable[tuple[Page, str]]) -> str:
    """What is wrong, each fault once, with the pages that have it."""
    pages = defaultdict(list)
    for page, fault in found:
        pages[f"{page.name}: {fault}"].append(str(page))
    return "\n".join(f"{fault} - {where[0]} and {len(where) - 1} more" for fault, where in pages.items())


def test_the_visitors_hold_every_role(visited):
    held = set(Position.objects.filter(user__username__in=VISITORS).values_list("role", flat=True))
    assert held == set(Role.values)


def test_where_a_link_leads_there_is_a_page(visited):
    wrong = [
        (page, f"answers {page.status}, linked from {page.came_from}")
        for page in chain(visited.empty, visited.full)
        if page.status not in {200, 202, 302, ANSWERS.get(page.name)}
    ]
    wrong += [(page, f"answers {page.status} to a form") for page in visited.refused if page.status >= 500]
    assert not wrong, together(wrong)
    assert Counter(page.status for page in visited.refused)[422] > 20


def test_every_page_is_visited_or_says_why_not(visited):
    met = {page.name for page in chain(visited.empty, visited.full)}
    signed_in = client_of(VISITORS[0])
    missed = {
        name
        for name, where in EVERY
        if name not in met and not where.startswith(("/api/", "/admin/")) and signed_in.get(where).status_code != 405
    }
    assert missed == set(BESIDE)


def test_no_page_lets_markup_through(visited):
    assert any(SCRIPT in words(page.main) for page in visited.full if page.text), "it is shown as what it is"
    wrong = [(page, mark) for page in visited.pages() for mark in ("<script>t", "<img src=x") if mark in page.text]
    wrong += [(page, "a script") for page in visited.pages() if page.tree.xpath("//*[@onerror]|//script[not(@src)]")]
    assert not wrong, together(wrong)


def test_every_page_has_a_title_and_prints_nothing_where_there_is_nothing(visited):
    wrong = [(page, fault) for page in visited.pages() for fault in faults(page.main)]
    wrong += [(page, "no title") for page in visited.pages() if not page.title]
    assert not wrong, together(wrong)


def test_every_list_that_is_empty_says_what_would_fill_it(visited):
    """A page that has rows in one world and none in the other has a sentence in their place."""
    with_rows = {page.name for page in visited.full if page.text and page.main.xpath(".//tbody/tr/td")}
    assert len(with_rows) > 20
    wrong = [
        (page, "no rows and no word why")
        for page in visited.empty
        if page.text and page.name in with_rows and not page.main.xpath(".//tbody/tr/td") and not says_why(page.main)
    ]
    assert not wrong, together(wrong)


def test_files_hold_no_formula_and_their_names_turn_nothing_around(visited):
    files = [page for page in visited.full if page.headers["Content-Disposition"]]
    lists = [page for page in files if page.media_type == "text/csv"]
    assert {page.name for page in lists} >= {"filings:applications", "filings:filings", "registry:agencies"}
    for page in lists:
        cells = [cell.strip('"') for line in page.content.decode("utf-8-sig").splitlines() for cell in line.split(",")]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))], page
    for page in files:
        said, _, name = page.headers["Content-Disposition"].partition("; ")
        assert said in {"inline", "attachment"}, page
        assert name.startswith(("filename=", "filename*=utf-8''")), page
        assert not {*"\r\n\u202e\u2067", *"<>"} & set(name), page


def test_papers_say_what_was_written_and_no_more(visited):
    papers = list(OfficialDocument.objects.all())
    for one in papers:
        page = rendering.html(
            rendering.Paper(
                series.get(one.series), one.title, one.issuer_name, one.addressee_name, one.on, one.content, "1号", "A"
            )
        )
        assert "<script>t" not in page, one.series
        assert "<img src=x" not in page, one.series
    assert len({one.series for one in papers}) > 8


def test_a_receipt_names_two_hundred_occupations(visited):
    receipt = Receipt.objects.get(filing__credit_code=torture_world.MANY).document
    pdf = pypdfium2.PdfDocument(rendering.render(receipt, audit_head=""))
    text = "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r\n", "")
    codes = {item["code"] for item in receipt.content["scope"]}
    assert len(codes) == torture_world.OCCUPATIONS
    assert not {code for code in codes if code not in text}
    assert len(pdf) < 30


def test_mail_is_sent_whatever_is_written(visited):
    mail.outbox.clear()
    counts = delivery.run(now())
    assert counts["sent"] == len(mail.outbox) > 20
    assert not counts["postponed"]
    assert any(SCRIPT in one.body or LONG in one.body for one in mail.outbox)
    assert all(one.content_subtype == "plain" for one in mail.outbox)


@pytest.mark.timeout(1200)
def test_nothing_is_cut_off_on_a_phone_or_a_wide_screen(visited, browser):
    """Up to two states of each kind of page, and each refusal, as they came: the layout at both widths, and of the
    first the barriers on the phone."""
    context = browser.new_context(base_url=HOME, locale="zh-CN", viewport={"width": 1440, "height": 900})
    shown: dict[str, Page] = {}

    def answer(route):
        path = route.request.url.removeprefix(HOME)
        if found := path.startswith("/static/") and finders.find(path.removeprefix("/static/")):
            route.fulfill(path=found)
        elif page := shown.get(path):
            route.fulfill(body=page.text, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=204)

    context.route("**/*", answer)
    window = context.new_page()
    wrong, looked = [], defaultdict(set)
    for page in chain(visited.full, visited.refused):
        alike = (*kind(page.path), page.status)
        if not page.text or page.state in looked[alike] or len(looked[alike]) == 2:
            continue
        looked[alike].add(page.state)
        shown = {f"/{len(looked)}/{len(looked[alike])}/": page}
        window.set_viewport_size({"width": 1440, "height": 900})
        window.goto(next(iter(shown)))
        for width in (1440, 360):
            window.set_viewport_size({"width": width, "height": 900})
            found = [f"at {width}: {fault}" for fault in looking.faults(window)]
            wrong += [(page, fault) for fault in found]
        if len(looked[alike]) == 1:
            wrong += [(page, f"barrier: {one}") for one in barriers(window, leave_out=("iframe",))]
    context.close()
    assert not wrong, together(wrong)
