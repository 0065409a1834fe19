"""The pages of 历史备案录入: whom they open to; a file uploaded, mended, proposed and decided."""

import datetime
import io

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from core.clock.clock import SHANGHAI
from core.documents.models import Service
from filings.models import Filing, FilingImport
from tests.filings.registers import FIRST, OTHER, SECOND, confirmed, loaded, proposed, register, registered, uploaded
from tests.world import DAY, World, file, make_world

pytestmark = pytest.mark.django_db
EVERYONE = (
    "agency admin", "county handler", "county chief", "centre handler", "centre chief", "centre inspector",
    "bureau handler", "bureau chief", "experts expert", "operator administrator",
)  # fmt: skip
READERS = {name for name in EVERYONE if name.startswith(("centre", "bureau"))}


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(datetime.datetime.combine(DAY, datetime.time(10), SHANGHAI), tick=True):
        yield


def at(name: str, *args: int) -> str:
    return reverse(f"filings:{name}", args=args)


def sent(world: World, who: str, *lines: dict) -> FilingImport:
    answer = world.browser(who).post(at("imports"), {"source": "台账", "file": register(*lines)})
    assert answer.status_code == 302, answer.content.decode()
    return FilingImport.objects.latest("id")


def test_the_pages_are_the_centres_and_the_bureaus():
    world = make_world()
    found = uploaded(world, {**FIRST, "levels": "特级"})
    pages = [at("imports"), at("import-template"), at("import", found.pk), at("import-faults", found.pk)]
    pages.append(reverse("documents:upload", args=[found.upload.pk]))
    for who in EVERYONE:
        opened = [world.browser(who).get(page).status_code == 200 for page in pages]
        assert opened == [who in READERS] * len(pages), who


def test_a_file_is_uploaded_checked_mended_proposed_and_loaded():
    world = make_world()
    handler, chief = world.browser("centre handler"), world.browser("centre chief")
    found = sent(world, "centre handler", {**FIRST, "levels": "特级"}, SECOND)
    page = handler.get(at("import", found.pk)).content.decode()
    assert "第 2 行" in page
    assert "等级看不懂" in page
    assert "提交负责人决定" not in page
    assert at("import-propose", found.pk) not in page
    handler.post(at("import-replace", found.pk), {"file": register(FIRST, SECOND, OTHER)})
    page = handler.get(at("import", found.pk)).content.decode()
    assert "提交负责人决定" in page
    assert "汤阴县丁职业培训学校" in page
    assert handler.post(at("import-propose", found.pk), {"proposal_reason": "已逐份核对"}).status_code == 302
    assert "待您决定的历史备案录入" in chief.get("/desk/").content.decode()
    page = chief.get(at("import", found.pk)).content.decode()
    assert "已逐份核对" in page
    proposal = int(page.partition("/imports/proposals/")[2].partition("/")[0])
    assert handler.post(f"/imports/proposals/{proposal}/decide/").status_code == 403
    assert chief.post(f"/imports/proposals/{proposal}/decide/").status_code == 302
    assert Filing.objects.count() == 2
    assert "已录入的备案" in handler.get(at("import", found.pk)).content.decode()


def test_a_wrong_check_digit_asks_for_a_tick():
    world = make_world()
    handler = world.browser("centre handler")
    found = sent(world, "centre handler", {**FIRST, "credit_code": "52410502MJ0000003K"})
    answer = handler.post(at("import-propose", found.pk), {})
    assert answer.status_code == 409
    assert "请对照证照逐位核对" in answer.content.decode()
    assert handler.post(at("import-propose", found.pk), {"codes_confirmed": "on"}).status_code == 302


def test_a_file_that_is_no_register_says_so_at_its_field():
    world = make_world()
    handler = world.browser("centre handler")
    answer = handler.post(at("imports"), {"source": "台账", "file": file("台账.pdf")})
    assert answer.status_code == 422
    assert "只收 XLSX 文件" in answer.content.decode()
    assert not FilingImport.objects.exists()


def test_a_chief_uploads_nothing_and_a_handler_of_the_bureau_neither():
    world = make_world()
    for who in ("centre chief", "centre inspector", "bureau handler"):
        answer = world.browser(who).post(at("imports"), {"source": "台账", "file": register(FIRST)})
        assert "您现在的岗位不能录入历史备案" in answer.content.decode(), who
    assert not FilingImport.objects.exists()


def test_a_proposal_is_taken_back_or_returned_and_the_register_given_up():
    world = make_world()
    handler, chief = world.browser("centre handler"), world.browser("centre chief")
    found = uploaded(world, FIRST)
    proposal = proposed(world, found)
    assert chief.post(f"/imports/proposals/{proposal.pk}/return/", {"answer": ""}).status_code == 409
    assert chief.post(f"/imports/proposals/{proposal.pk}/return/", {"answer": "缺一家"}).status_code == 302
    assert "缺一家" in handler.get(at("import", found.pk)).content.decode()
    second = proposed(world, found)
    assert handler.post(f"/imports/proposals/{second.pk}/take-back/").status_code == 302
    assert handler.post(f"/imports/proposals/{second.pk}/forget/").status_code == 404
    assert handler.post(at("import-discard", found.pk)).status_code == 302
    found.refresh_from_db()
    assert found.state == "discarded"


def test_the_faults_come_as_a_workbook():
    world = make_world()
    found = uploaded(world, {**FIRST, "code": "S000041000007"}, OTHER)
    answer = world.browser("centre handler").get(at("import-faults", found.pk))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "备案编码：这个号在门户待发的号段里" in made["备案"]["A2"].value


def test_a_filing_from_paper_is_read_on_its_page_by_the_county_too():
    world = make_world()
    (filing,) = loaded(world, FIRST)
    for who in ("county handler", "centre chief", "bureau handler"):
        page = world.browser(who).get(at("filing", filing.pk)).content.decode()
        assert filing.code in page, who
        paper = world.browser(who).get(reverse("documents:paper", args=[filing.receipts.get().document.code]))
        assert paper.status_code in (200, 202, 503), "it is being made, not hidden"
    assert world.browser("other county handler").get(at("filing", filing.pk)).status_code == 404


@pytest.mark.parametrize("taken_over", [False, True])
def test_the_service_of_an_imported_receipt_is_recorded_with_proof_also_after_the_agency_took_over(taken_over):
    world = make_world()
    (filing,) = loaded(world, FIRST)
    if taken_over:
        confirmed(world, registered(world))
    paper, register = filing.receipts.get().document, FilingImport.objects.get()
    address = f"/filings/{filing.pk}/papers/{paper.pk}/service/"
    handler = world.browser("centre handler")
    assert address in handler.get(f"/imports/{register.pk}/").content.decode()
    assert address in handler.get(f"/filings/{filing.pk}/").content.decode()
    sent = {"method": "hand", "served_on": DAY.isoformat()}
    assert handler.post(address, sent).status_code == 422  # no proof
    assert world.browser("county handler").get(address).status_code in (403, 404)
    assert handler.post(address, {**sent, "proof": file("回证.pdf")}).status_code == 302
    page = handler.get(f"/imports/{register.pk}/").content.decode()
    assert ("直接送达" in page, address in page) == (True, False)
    assert Service.objects.get().document == paper
