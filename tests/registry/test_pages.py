"""The public pages answer to anybody, with what is published on the day and nothing else."""

import datetime
import io

import pdfplumber
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from core.documents.models import OfficialDocument
from core.publications import register
from core.publications.models import Publication
from core.reference.models import Occupation, Setting
from core.workflow import proposals
from filings import samples
from filings.models import Application
from filings.workflow import places as workflow_places
from tests.world import DAY, filled_draft


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def get(client, today):
    """GET as a visitor on DAY (or another day), returning the response."""

    def ask(address: str, on: datetime.date = DAY, **headers):
        today(on)
        return client.get(address, headers=headers)

    return ask


def page(response) -> str:
    return response.content.decode()


def test_home_counts_what_is_published(application, publish_agency, get):
    publish_agency(100, "汤阴县丙学校", area="汤阴县", area_code="410523", sites=[])
    response = get("/")
    figures = response.context["figures"]
    assert (figures.filed, figures.places, figures.occupations, figures.receipts) == (2, 40, 2, 2)
    assert figures.announced == 2
    tiles = {tile.name: (tile.words, tile.shade) for tile in response.context["tiles"]}
    assert tiles == {"文峰区": ("1 家", 1), "汤阴县": ("1 家", 1)}
    assert "关于汤阴县丙学校备案的公示" in page(response)


def test_home_counts_no_filing_that_has_ended(application, get):
    figures = get("/", datetime.date(2029, 9, 19)).context["figures"]
    assert (figures.filed, figures.occupations, figures.receipts, figures.announced) == (0, 0, 0, 0)


def test_the_years_number_holds_until_replaced_and_is_announced(world, get):
    def decide(year: int, places: int, on: datetime.date) -> None:
        proposal = workflow_places.propose_quota(
            actor=world.actor("bureau handler", on), on=on, year=year, places=places, source="年度文件"
        )
        proposals.decide(proposal, actor=world.actor("bureau chief", on), on=on)

    decide(2026, 42, DAY)
    decide(2027, 45, DAY)
    figures = get("/").context["figures"]
    assert (figures.places, figures.places_year) == (42, 2026)
    figures = get("/", datetime.date(2028, 3, 1)).context["figures"]
    assert (figures.places, figures.places_year) == (45, 2027)
    row = Publication.objects.get(kind="quota", content__year=2026)
    assert "42 家" in page(get(f"/announcements/{row.pk}/"))


def test_home_of_an_empty_portal(world, get):
    assert "还没有公告" in page(get("/"))


def test_pages_ask_few_queries_however_many_agencies(application, publish_agency, get, django_assert_max_num_queries):
    for serial in range(100, 125):
        publish_agency(serial, f"汤阴县{serial}学校")
    for address in ("/", "/agencies/", "/agencies/?q=汤阴", "/agencies/S000041000110/", "/announcements/"):
        with django_assert_max_num_queries(13):
            assert get(address).status_code == 200


def test_the_map_of_an_agency_shows_its_seat_and_its_sites(application, publish_agency, get):
    sites = [{"name": "东校区", "address": "示例路 1 号", "area": "汤阴县", "area_code": "410523"}]
    publish_agency(100, "文峰区乙学校", area="文峰区", area_code="410502", sites=sites)
    tiles = get("/agencies/S000041000100/").context["tiles"]
    assert {tile.name: tile.words for tile in tiles} == {"文峰区": "注册地", "汤阴县": "考评场地"}


def test_look_up_keeps_the_filter_in_the_address(application, publish_agency, get):
    for serial in range(100, 130):
        publish_agency(serial, f"汤阴县{serial}学校")
    first = get("/agencies/?q=汤阴&status=valid").context["page"]
    response = get(f"/agencies/?q=汤阴&status=valid&cursor={first.next_cursor}")
    assert response.context["page"].count == 30
    assert "status=valid" in page(response)
    assert len(response.context["page"].items) == 10


def test_look_up_without_a_result_says_what_that_means(application, get):
    assert "没有查到" in page(get("/agencies/?q=没有这家"))


def test_look_up_with_a_filter_that_is_none_says_so(application, get):
    response = get("/agencies/?area=999999")
    assert response.context["page"].count == 0
    assert response.context["filter_form"].errors["area"]


def test_export_is_what_is_listed(application, publish_agency, get):
    publish_agency(100, "汤阴县丙学校")
    publish_agency(302, "=cmd|丙学校")
    response = get("/agencies/?q=丙&export=csv")
    assert response["Content-Type"].startswith("text/csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "汤阴县丙学校" in text
    assert "'=cmd|丙学校" in text
    assert "文峰区甲" not in text
    data = b"".join(get("/agencies/?q=丙&export=xlsx").streaming_content)
    heading, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert heading[0] == "机构名称"
    assert [row[0] for row in rows] == [agency.current.name for agency, _ in get("/agencies/?q=丙").context["results"]]


def test_agency_page_says_its_status_and_why(application, receipt, get):
    text = page(get("/agencies/S000041000001/"))
    assert "有效期至2029年9月18日" in text
    assert reverse("registry:verify-code", args=[receipt.code]) in text
    assert "焊工" in text
    expired = page(get("/agencies/S000041000001/", datetime.date(2029, 9, 19)))
    assert "已失效" in expired
    assert "原备案的职业" in expired


def test_agency_page_shows_no_personal_data(application, get):
    text = page(get("/agencies/S000041000001/"))
    for secret in ("法定代表人甲", "经办人甲", "13800000000", "11010519491231002X", application.number):
        assert secret not in text


def test_a_filing_code_in_small_letters_leads_to_the_page(application, get):
    assert get("/agencies/s000041000001/")["Location"] == "/agencies/S000041000001/"
    assert get("/agencies/S000041999999/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "status", "where"),
    [
        ("s000041000001", 302, "/agencies/S000041000001/"),
        ("aaaa bbbb cccc dddd", 302, "/verify/AAAA-BBBB-CCCC-DDDD/"),
        ("短", 422, ""),
        ("AAAA-BBBB-CCCC-DDD0", 422, ""),
    ],
)
def test_a_typed_code_leads_on_or_is_explained(application, get, typed, status, where):
    response = get(f"/verify/?code={typed}")
    assert response.status_code == status
    assert response.headers.get("Location", "") == where


def test_the_qr_code_leads_to_the_state_of_the_receipt(receipt, get, settings):
    from core.documents.rendering import Paper
    from core.documents.series import get as series

    paper = Paper(series("receipt"), receipt.title, "", "", DAY, {}, code=receipt.code)
    response = get(paper.verify_url.removeprefix(settings.PORTAL_ADDRESS))
    assert response.status_code == 200
    assert receipt.number in page(response)
    assert "有效期至2029年9月18日" in page(response)


def test_the_signed_receipt_can_be_had_until_its_publication_is_withdrawn(application, receipt, get):
    from core.documents.issuing import make

    address = f"/verify/{receipt.code}/receipt.pdf"
    assert get(address).status_code == 404  # not made yet
    make(receipt)
    answer = get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert address in page(get(f"/verify/{receipt.code}/"))
    slip = OfficialDocument.objects.get(series="acceptance")
    make(slip)
    assert get(f"/verify/{slip.code}/receipt.pdf").status_code == 404
    register.withdraw(Publication.objects.get(kind="filing").key, on=DAY, reason="公布有误")
    assert get(address).status_code == 404


def test_an_unknown_code_is_404_with_a_page(world, get):
    response = get("/verify/AAAA-BBBB-CCCC-DDDD/")
    assert response.status_code == 404
    assert "查无此件" in page(response)


def test_a_paper_that_is_not_public_shows_no_content(application: Application, get):
    paper = OfficialDocument.objects.get(series="acceptance")
    text = page(get(f"/verify/{paper.code}/"))
    assert paper.number in text
    assert "文书真实" in text
    assert application.name not in text
    assert application.number not in text


def upload(client, data: bytes, name: str = "回执.pdf", **headers):
    return client.post("/verify/", {"file": SimpleUploadedFile(name, data)}, headers=headers)


def test_a_pdf_handed_in_is_checked_with_and_without_script(issued, client, today):
    data = issued.file.read()
    whole = upload(client, data)
    assert whole.status_code == 200
    assert "<html" in page(whole)
    part = upload(client, data, **{"HX-Request": "true"})
    assert "<html" not in page(part)
    assert "完全相同" in page(part)
    assert "用来核对您手里的文件与本门户发出的是否同一份" in page(part), "what a fingerprint is, in plain words"
    assert "data-upload" in page(part)


def test_a_tampered_pdf_is_refused_and_names_no_agency(issued, client, today):
    data = bytearray(issued.file.read())
    data[len(data) // 2] ^= 1
    response = upload(client, bytes(data))
    assert response.status_code == 422
    assert "文件已被改动：与签发的文书不一致" in page(response)
    assert "文峰区甲职业培训学校" not in page(response)


def test_what_is_no_pdf_is_explained(world, client, today):
    assert "这不是 PDF 文件" in page(upload(client, b"GIF89a", "回执.gif"))
    assert "请选择" in page(client.post("/verify/"))


def test_verifying_is_limited_by_the_setting_and_says_when_to_come_back(receipt, client, today):
    Setting.objects.create(key="verify_per_minute", value=3, effective_from=DAY, note="测试")
    address = f"/verify/{receipt.code}/"
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 200]
    refused = client.get(address)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "请稍后再试" in page(refused)
    assert client.get(f"/api/v1/public/verify/{receipt.code}/").status_code == 429
    assert upload(client, b"%PDF-").status_code == 429
    assert client.get("/verify/").status_code == 200, "the form itself is not limited"
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200, "others are not held up"


def test_one_ipv6_network_counts_as_one(receipt, client, today):
    Setting.objects.create(key="verify_per_minute", value=2, effective_from=DAY, note="测试")
    asked = [
        client.get(f"/verify/{receipt.code}/", REMOTE_ADDR=f"2001:db8::{host}").status_code for host in ("1", "2", "3")
    ]
    assert asked == [200, 200, 429]


def test_announcements_by_kind_and_by_key(application, publish_agency, get):
    for serial in range(100, 130):
        publish_agency(serial, f"汤阴县{serial}学校")
    first = get("/announcements/?kind=filing")
    assert len(first.context["rows"]) == 20
    cursor = first.context["page"].next_cursor
    assert len(get(f"/announcements/?cursor={cursor}").context["rows"]) == 11
    assert len(get("/announcements/?kind=nonsense").context["rows"]) == 20


def test_an_announcement_stands_as_it_was_published(application, republish, get):
    row = Publication.objects.get(kind="filing")
    republish(DAY, name="文峰区新名学校", receipt="新", verification="NEW")
    text = page(get(f"/announcements/{row.pk}/"))
    assert "文峰区甲职业培训学校" in text
    assert "同意备案" in text


def test_a_withdrawn_announcement_is_gone_without_its_content(application, get):
    row = Publication.objects.get(kind="filing")
    register.withdraw(row.key, on=DAY, reason="公布有误")
    response = get(f"/announcements/{row.pk}/")
    assert response.status_code == 410
    assert "文峰区甲职业培训学校" not in page(response)


def test_an_announcement_of_tomorrow_does_not_exist_today(application, publish_agency, get):
    row = publish_agency(100, "汤阴县丙学校", on=DAY + datetime.timedelta(days=1))
    assert get(f"/announcements/{row.pk}/").status_code == 404


def test_a_kind_without_a_page_of_its_own_is_shown_plainly(application, get):
    register.declare("test-notice", "测试公告", ("text",))
    row = register.publish(
        "test-notice", key="n", title="停机维护", content={"text": "周日停机。"}, matter=application, on=DAY
    )
    assert "周日停机。" in page(get(f"/announcements/{row.pk}/"))


def test_the_guide_shows_the_periods_that_hold(world, get):
    Setting.objects.create(key="county_recommendation", value=7, effective_from=DAY, note="测试")
    text = page(get("/guide/"))
    assert "5个工作日" in text
    assert "7个工作日" in text
    assert "申请备案材料真实性承诺书" in text


def test_every_article_has_an_anchor_and_every_citation_finds_it(world, get):
    text = page(get("/rules/"))
    for article in range(1, 44):
        assert f'id="M{article}"' in text
    assert 'href="/rules/#M10"' in page(get("/guide/"))


def test_public_pages_set_no_session(application, client, today):
    for address in ("/", "/agencies/", "/agencies/S000041000001/", "/announcements/", "/guide/", "/rules/"):
        client.get(address)
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("address", ["/", "/verify/", "/guide/", "/agencies/"])
def test_citizens_read_no_hash(address, world, client, today):
    assert "哈希" not in page(client.get(address))


def test_the_guide_has_the_blank_pledge(world, get):
    assert "/guide/pledge.pdf" in page(get("/guide/"))
    answer = get("/guide/pledge.pdf")
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"], content[:5]) == (200, "application/pdf", b"%PDF-")
    text = pdfplumber.open(io.BytesIO(content)).pages[0].extract_text()
    assert "郑重承诺" in text
    assert "________" in text


def test_the_guide_hands_out_every_sample_and_the_wizard_each_where_it_is_needed(world, get, client):
    guide = page(get("/guide/"))
    for one in samples.SAMPLES.values():
        address = f"/guide/samples/{one.key}/"
        assert address in guide
        answer = get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, one.media_type)
    assert get("/guide/samples/none/").status_code == 404
    draft = filled_draft(world)
    client.force_login(world.people["agency admin"].user)
    for step, key in (
        ("agency", "application"),
        ("people", "staff"),
        ("materials", "checklist"),
        ("materials", "work-plan"),
    ):
        assert f"/guide/samples/{key}/" in page(client.get(f"/applications/{draft.pk}/draft/{step}/"))


def test_the_look_up_offers_what_somebody_is_filed_for(application, get):
    Occupation.objects.create(code="4-10-01-05", name="养老护理员")
    offered = {facet.part: facet for facet in get("/agencies/").context["facets"]}["occupation"]
    assert [(one.value, one.label, one.many, one.url) for one in offered.choices] == [
        ("6-18-02-04", "焊工", 1, "?occupation=6-18-02-04"),
        ("6-31-01-03", "电工", 1, "?occupation=6-31-01-03"),
    ]
    assert "没有查到" in page(get("/agencies/?occupation=4-10-01-05"))


def test_the_look_up_shows_what_narrows_it_and_why_each_was_found(application, get):
    text = page(get("/agencies/?q=示例路&area=410502"))
    assert "查到的原因：地址：" in text
    assert '<a class="on" aria-current="true" href="?q=' in text
    near = page(get("/agencies/?q=文锋区甲职业"))
    assert "没有包含“文锋区甲职业”的机构" in near
    assert "<mark>文峰区甲职业</mark>" in near


def test_what_is_typed_is_offered_as_choices_and_stays_text(application, publish_agency, get):
    publish_agency(100, "<script>甲学校")
    text = get("/agencies/suggest/?q=甲").content.decode()
    assert text.count('role="option"') == 2
    assert 'data-url="/agencies/S000041000001/"' in text
    assert "&lt;script&gt;甲学校" in text


def test_the_places_page_says_how_many_are_filed(application, get):
    assert "预设 40 家，现有 1 家" in page(get("/guide/places/"))


def test_the_places_page_lists_in_one_line_what_nobody_is_filed_for(application, get):
    Occupation.objects.create(code="4-10-01-05", name="养老护理员")
    found = get("/guide/places/")
    assert [row.name for row in found.context["page"].items] == ["焊工", "电工"]
    assert [row.name for row in found.context["empty"]] == ["养老护理员"]
    assert "其余 1 个职业还没有机构" in page(found)
    # Who looks for one by name is told its places.
    found = get("/guide/places/?q=养老")
    assert [row.name for row in found.context["page"].items] == ["养老护理员"]
    assert not found.context["empty"]
