"""Pages of setting aside and of corrections: who has them, what they say, what is refused beside its field."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine

from core.clock.clock import SHANGHAI
from core.documents import access
from core.documents.models import OfficialDocument, Upload
from core.workflow.models import Proposal
from filings.models import ClericalCorrection
from tests.filings.test_state_table import BUILD
from tests.world import DAY, World, file, filed, make_world

pytestmark = pytest.mark.django_db

RULING = {
    "authority": "review",
    "number": "安政复决〔2026〕8号",
    "ruled_on": "2026-09-18",
    "orders": "撤销原决定，责令重新处理。",
}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(12), SHANGHAI), tick=True):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def proposed(world: World, state: str, office: str, **more: str) -> tuple[int, Proposal]:
    application = BUILD[state](world)
    browser = world.browser(f"{office} handler")
    browser.post(f"/applications/{application.pk}/ruling/", {"file": file("决定书.pdf")})
    address = f"/applications/{application.pk}/transitions/set_aside/"
    assert browser.post(address, {**RULING, **more}).status_code == 302
    return application.pk, Proposal.objects.get(transition="set_aside")


def test_a_grant_stands_again_on_the_pages(world):
    pk, proposal = proposed(world, "approved", "centre", certificates_stand="yes")
    handler, chief = world.browser("centre handler"), world.browser("centre chief")
    chief.post(f"/proposals/{proposal.pk}/decide/")
    at = f"/applications/{pk}/transitions/reinstate/"
    assert at in handler.get(f"/applications/{pk}/").content.decode()
    handler.post(f"/applications/{pk}/ruling/", {"file": file("判决书.pdf")})
    assert "安政复决〔2026〕8号裁决作出的撤销备案随之撤销" in handler.get(at).content.decode()
    assert handler.post(at, {**RULING, "authority": "court", "number": ""}).status_code == 422
    assert handler.post(at, {**RULING, "authority": "court", "number": "（2026）豫05行初3号"}).status_code == 302
    again = Proposal.objects.get(transition="reinstate")
    page = chief.get(f"/proposals/{again.pk}/").content.decode()
    assert "起恢复有效，有效期仍至" in page
    assert chief.get(f"/proposals/{again.pk}/preview/")["Content-Type"] == "application/pdf"
    after = chief.post(f"/proposals/{again.pk}/decide/", follow=True).content.decode()
    assert "已决定：依裁决恢复备案" in after
    assert "“撤销备案”的决定" in after


@pytest.mark.parametrize(("state", "office"), [("declined", "county"), ("refused", "centre"), ("approved", "centre")])
def test_proposed_previewed_and_decided_on_the_pages(world, state, office):
    more = {"certificates_stand": "no"} if state == "approved" else {}
    pk, proposal = proposed(world, state, office, **more)
    chief = world.browser(f"{office} chief")
    page = chief.get(f"/proposals/{proposal.pk}/").content.decode()
    assert "行政复议机关安政复决〔2026〕8号" in page
    assert "决定书.pdf" in page
    assert ("撤销，不得再据此开展评价" in page) is (state == "approved")
    for series in ("resumption", "revocation") if state == "approved" else ("resumption",):
        preview = chief.get(f"/proposals/{proposal.pk}/preview/?series={series}")
        assert preview["Content-Type"] == "application/pdf"
    after = chief.post(f"/proposals/{proposal.pk}/decide/", follow=True).content.decode()
    assert "已决定：依裁决恢复办理" in after
    own = world.browser("agency admin").get(f"/applications/{pk}/").content.decode()
    assert "行政复议机关安政复决〔2026〕8号" in own
    assert "已被撤销" in own


def test_what_the_form_lacks_stands_at_its_fields_and_the_missing_scan_over_it(world):
    application = BUILD["refused"](world)
    browser = world.browser("centre handler")
    address = f"/applications/{application.pk}/transitions/set_aside/"
    answer = browser.post(address, {})
    assert (answer.status_code, answer.content.decode().count("请填写这一项")) == (422, 6)
    answer = browser.post(address, RULING)
    assert answer.status_code == 409
    assert "请先上传裁决文书的扫描件" in answer.content.decode()


def test_the_agency_reads_the_ruling_and_another_does_not(world):
    proposed(world, "refused", "centre")
    scan = Upload.objects.get(slot="ruling")
    roles = ("agency admin", "rival admin", "centre chief")
    reads = {role: access.may_read(world.actor(role), scan) for role in roles}
    assert reads == {"agency admin": True, "rival admin": False, "centre chief": True}


@pytest.mark.parametrize("role", ["county handler", "centre chief", "bureau handler", "agency admin"])
def test_only_the_issuing_offices_handler_has_the_page_of_a_correction(world, role):
    receipt = filed(world).receipts.get().document
    address = f"/applications/{receipt.matter_id}/papers/{receipt.pk}/correction/"
    assert world.browser(role).get(address).status_code in (403, 404)
    assert world.browser("centre handler").get(address).status_code == 200


def test_a_correction_is_proposed_given_back_and_proposed_again(world):
    receipt = filed(world).receipts.get().document
    address = f"/applications/{receipt.matter_id}/papers/{receipt.pk}/correction/"
    handler, chief = world.browser("centre handler"), world.browser("centre chief")
    assert address in handler.get(f"/applications/{receipt.matter_id}/").content.decode()
    words = {
        "text-agency": "文峰区甲职业培训学校",
        "text-address": "文峰区示范路1号",
        "text-sites-0-name": "校本部",
        "text-sites-0-address": "示例路1号",
    }
    refused = handler.post(address, words)
    assert refused.status_code == 422
    assert "请填写这一项" in refused.content.decode()
    preview = handler.post(f"{address}preview/", words)
    assert preview["Content-Type"] == "application/pdf"
    assert handler.post(address, {**words, "reason": "录入时笔误。"}).status_code == 302
    correction = ClericalCorrection.objects.get()
    where = f"/corrections/{correction.pk}/"
    assert where in chief.get("/desk/").content.decode()
    page = chief.get(where).content.decode()
    assert "原为“文峰区示例路1号”，更正为“文峰区示范路1号”" in page
    assert chief.get(f"{where}preview/")["Content-Type"] == "application/pdf"
    assert chief.post(f"{where}return/", {"answer": ""}).status_code == 409
    chief.post(f"{where}return/", {"answer": "请再核对门牌。"})
    assert "请再核对门牌。" in handler.get(where).content.decode()
    handler.post(address, {**words, "reason": "录入时笔误。"})
    second = ClericalCorrection.objects.first()
    assert chief.post(f"/corrections/{second.pk}/decide/").status_code == 302
    new = OfficialDocument.objects.get(supersedes=receipt)
    assert ClericalCorrection.objects.get(pk=second.pk).issued == new
    own = world.browser("agency admin").get(f"/applications/{receipt.matter_id}/").content.decode()
    assert "已被替换" in own
    assert world.browser("agency admin").get(where).status_code in (403, 404)
    assert world.browser("other county handler").get(where).status_code == 404
