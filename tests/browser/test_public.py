"""A visitor looks an agency up, verifies its receipt by code and by dropping the PDF; a forgery is refused."""

import base64
import datetime
import re
from asyncio import events
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import expect

from core.clock.clock import SHANGHAI
from core.documents.issuing import make
from core.documents.models import OfficialDocument
from tests.world import DAY, approved, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}

DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: "application/pdf" }));
  const target = document.querySelector(".upload-drop");
  for (const kind of ["dragenter", "dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
  }
}"""


@pytest.fixture
def receipt(settings, tmp_path) -> Iterator[OfficialDocument]:
    """The signed receipt of an agency approved on the day that it is."""
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()
    noon = datetime.datetime.combine(DAY, datetime.time(12), SHANGHAI)
    with time_machine.travel(noon, tick=True):
        yield signed_receipt()


def signed_receipt() -> OfficialDocument:
    approved(make_world())
    # Playwright's loop runs in this thread, and pyHanko starts one of its own: step out of the one for the other.
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        make(document := OfficialDocument.objects.get(series="receipt"))
    finally:
        events._set_running_loop(loop)
    document.refresh_from_db()
    return document


def drop(page, name: str, data: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def test_from_the_look_up_to_a_verified_receipt(receipt, hands, tmp_path):
    hand = hands()
    hand.open("/")
    hand.judge()
    hand.write("查询备案机构", "焊工 文峰")
    hand.press("查询")
    hand.page.wait_for_url(re.compile(r"/agencies/\?q="))
    hand.judge()
    hand.follow("文峰区甲职业培训学校")
    expect(hand.page.locator(".standing-word")).to_have_text("有效")
    hand.judge()
    hand.follow("核验这份回执")
    hand.see(receipt.number)

    hand.open("/verify/")
    hand.write("核验码", receipt.code.lower().replace("-", " "))
    hand.press("核验")
    hand.page.wait_for_url(f"**/verify/{receipt.code}/")
    hand.see(receipt.number)
    expect(hand.page.locator(".standing-word")).to_have_text("有效")
    hand.judge()

    hand.open("/verify/")
    paper = tmp_path / "回执.pdf"
    paper.write_bytes(receipt.file.read())
    hand.upload(paper)
    hand.see("完全相同")
    expect(hand.page.locator(".check-sign.is-ok")).to_have_count(3)
    hand.judge()


def test_the_map_the_guide_the_calculator_and_the_looks(receipt, hands):
    hand = hands()
    hand.open("/")
    hand.at(".map").follow("文峰区")
    hand.page.wait_for_url(re.compile(r"area=410502"))
    hand.see("文峰区甲职业培训学校")
    hand.open("/")
    hand.at("main").follow("办事指南")
    hand.follow("各职业还有多少名额")
    hand.see("各职业还有多少名额")
    hand.open("/")
    hand.at("main").follow("工作日计算")
    hand.write("起算日", "2026-09-28")
    hand.write("长度", "5")
    hand.tick("工作日")
    hand.press("计算")
    hand.see("2026年10月10日")
    hand.judge()
    hand.press("大字版")
    hand.press("深色")
    hand.page.reload()
    hand.judge()
    looks = hand.page.locator("html")
    expect(looks).to_have_attribute("data-size", "large")
    expect(looks).to_have_attribute("data-bs-theme", "dark")


def test_a_receipt_dropped_and_a_forgery(receipt, page, assert_accessible, picture):
    page.goto(f"/verify/{receipt.code}/?on={DAY + datetime.timedelta(days=30)}")
    page.get_by_text("以 2026年10月18日为准").wait_for()
    page.goto(f"/agencies/?q=焊工&on={DAY + datetime.timedelta(days=30)}")
    page.get_by_text("以 2026年10月18日为准").wait_for()
    page.goto("/verify/")
    data = receipt.file.read()
    drop(page, "回执.pdf", data)
    page.get_by_text("完全相同").wait_for()
    expect(page.locator(".standing-good")).to_be_visible()
    forged = bytearray(data)
    forged[len(forged) // 2] ^= 1
    drop(page, "回执.pdf", bytes(forged))
    page.locator(".standing-bad").get_by_text("文件已被改动：与签发的文书不一致").wait_for()
    assert page.locator(".standing-good").count() == 0
    assert page.locator(".verified").get_by_text("文峰区甲职业培训学校").count() == 0
    assert_accessible(page)
    picture(page, "public-forged-pdf")


def test_every_public_page_on_a_phone(receipt, new_page, assert_accessible, picture):
    page = new_page(viewport=PHONE)
    for address in ("/", "/agencies/", "/agencies/S000041000001/", "/verify/", "/announcements/", "/guide/", "/rules/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is wider than a phone"
        assert_accessible(page)
        picture(page, f"public-phone-{address.strip('/') or 'home'}")
    for address, name in ((f"/verify/{receipt.code}/", "verified"), ("/agencies/", "agencies")):
        page.goto(f"{address}?on=2099-01-01")
        page.get_by_text("请填写2023年1月1日至2036年12月31日之间的日期").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is wider than a phone"
        picture(page, f"public-phone-{name}-no-such-day")


def test_without_javascript(receipt, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/agencies/?q=甲")
    page.get_by_role("link", name="文峰区甲职业培训学校").click()
    page.get_by_role("link", name="核验这份回执").click()
    expect(page.get_by_text(receipt.number)).to_be_visible()
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(
        {"name": "回执.pdf", "mimeType": "application/pdf", "buffer": receipt.file.read()}
    )
    page.locator("[data-upload-send]").click()
    page.get_by_text("完全相同").wait_for()


def test_a_file_chosen_before_the_script_arrived_is_sent(receipt, new_page):
    page = new_page(viewport=PHONE)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/upload*.js", hold)
    page.goto("/verify/", wait_until="commit")
    page.locator("input[type=file]").set_input_files(
        {"name": "回执.pdf", "mimeType": "application/pdf", "buffer": receipt.file.read()}
    )
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.get_by_text("完全相同").wait_for()
