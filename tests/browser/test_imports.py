"""Filings from paper in a real browser: the template filled, its faults mended, loaded by two, seen by the public."""

import openpyxl
import pytest

from filings.imports.columns import COLUMNS
from filings.models import Filing
from tests.browsing import press_and_confirm
from tests.filings.registers import FIRST, OTHER, SECOND, proposed, uploaded
from tests.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten")]
PHONE = {"width": 390, "height": 844}


def fill(path, *lines) -> None:
    """Fill the template in as a clerk does."""
    made = openpyxl.load_workbook(path)
    for number, line in enumerate(lines, 2):
        for column, key in enumerate(COLUMNS, 1):
            made["备案"].cell(number, column, line.get(key))
    made.save(path)


def test_a_register_from_the_template_to_the_public_page(sign_in, new_page, picture, assert_accessible, tmp_path):
    world = make_world()
    handler = sign_in(world, "centre handler")
    handler.goto("/desk/")
    handler.get_by_role("link", name="历史备案录入").click()
    assert_accessible(handler)
    picture(handler, "imports")
    with handler.expect_download() as downloaded:
        handler.get_by_role("link", name="下载模板").first.click()
    path = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(path)
    wrong = {**FIRST, "levels": "特级", "area": "郑州市", "credit_code": "52410502MJ0000003K"}
    fill(path, wrong, SECOND, {**OTHER, "valid_from": None, "valid_until": "2026年12月1日", "code": "S000041000007"})
    handler.get_by_label("依据").fill("市中心 2025 年末纸质备案台账")
    handler.locator("#id_file").set_input_files(path)
    handler.get_by_role("button", name="上传并检查").click()
    handler.get_by_text("有 3 处问题").wait_for()
    assert_accessible(handler)
    picture(handler, "import-faults")

    # The faults come beside the rows; mended there, the same file goes back.
    with handler.expect_download() as downloaded:
        handler.get_by_role("link", name="下载标出问题的表格").click()
    mended = tmp_path / "mended.xlsx"
    downloaded.value.save_as(mended)
    made = openpyxl.load_workbook(mended)
    sheet = made["备案"]
    place = {key: number for number, key in enumerate(COLUMNS, 2)}
    assert "郑州市" in sheet.cell(2, 1).value
    for row, key, value in ((2, "levels", "五级至三级"), (2, "area", "文峰区"), (4, "code", "S000041000802")):
        sheet.cell(row, place[key]).value = value
    made.save(mended)
    handler.locator("#id_file").set_input_files(mended)
    handler.get_by_role("button", name="上传并检查").click()
    handler.get_by_role("heading", name="将要录入").wait_for()
    assert_accessible(handler)
    picture(handler, "import-preview")
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_text("请对照证照逐位核对").first.wait_for()
    handler.get_by_label("代码与证照一致").check()
    handler.get_by_role("button", name="提交负责人决定").click()
    handler.get_by_role("heading", name="提议录入，等待负责人决定").wait_for()

    chief = sign_in(world, "centre chief")
    chief.goto("/desk/")
    chief.get_by_role("link", name="市中心 2025 年末纸质备案台账：2 家").click()
    assert_accessible(chief)
    picture(chief, "import-decision")
    press_and_confirm(chief, "决定：录入")
    chief.get_by_role("heading", name="已录入的备案").wait_for()
    assert_accessible(chief)
    picture(chief, "import-loaded")
    filing = Filing.objects.get(code=FIRST["code"])

    public = new_page()
    public.goto(f"/agencies/?q={FIRST['code']}")
    public.get_by_role("link", name=filing.name).first.click()
    public.get_by_text(FIRST["address"]).first.wait_for()
    public.goto(f"/verify/{filing.receipts.get().document.code}/")
    public.get_by_text("有效").first.wait_for()
    picture(public, "import-verified")


def test_the_pages_on_a_phone(sign_in, picture, assert_accessible, tmp_path):
    world = make_world()
    wrong = uploaded(world, {**FIRST, "levels": "特级", "area": "郑州市"}, SECOND)
    good = uploaded(world, FIRST, SECOND, {**OTHER, "valid_until": "2026-12-01"})
    proposed(world, good)
    page = sign_in(world, "centre chief", viewport=PHONE)
    for name, address in (
        ("imports", "/imports/"),
        ("import-faults", f"/imports/{wrong.pk}/"),
        ("import-decision", f"/imports/{good.pk}/"),
    ):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        picture(page, f"{name}-phone")
    handler = sign_in(world, "centre handler", viewport=PHONE)
    handler.goto("/imports/")
    picture(handler, "imports-handler-phone")
