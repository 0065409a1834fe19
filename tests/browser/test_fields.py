"""Fields as they stand on the page: in line where one shows an error, file buttons in our words, the list of the last
step kept up while one writes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.clock.clock import today
from filings import workflow
from tests.core.documents import files
from tests.world import filled_draft, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def top(place: Locator) -> float:
    return round(place.bounding_box()["y"], 1)


def test_fields_of_a_row_stay_in_line_where_one_shows_an_error(sign_in, picture, assert_accessible):
    world = make_world()
    draft = filled_draft(world, on=today())
    page = sign_in(world, "agency admin")
    page.goto(f"/applications/{draft.pk}/draft/agency/")
    page.get_by_label("法定代表人身份证号").fill("12")
    page.get_by_label("联系电话").fill("x")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("处需要修改")).to_be_visible()
    for one, other in (("legal_representative", "legal_representative_id"), ("contact", "contact_phone")):
        assert top(page.locator(f"#id_{one}")) == top(page.locator(f"#id_{other}"))
        assert top(page.locator(f"label[for=id_{one}]")) == top(page.locator(f"label[for=id_{other}]"))
    picture(page, "agency-row-with-errors")
    page.goto(f"/applications/{draft.pk}/draft/occupations/")
    new = page.locator(".record-new").first
    new.get_by_label("至").fill("2099-01-01")
    new.get_by_label("人次").fill("5")
    new.get_by_role("button", name="添加").click()
    expect(page.get_by_text("请只填写已经完成的培训评价").first).to_be_visible()
    new = page.locator(".record-new").first
    places = [new.get_by_label("自"), new.get_by_label("至"), new.get_by_label("人次"), new.get_by_role("button")]
    assert len({round(place.bounding_box()["y"] + place.bounding_box()["height"] / 2) for place in places}) == 1
    picture(page, "agency-records-with-errors")
    assert_accessible(page)


def test_a_file_is_chosen_by_the_keyboard_with_our_own_button(sign_in, picture, assert_accessible, tmp_path):
    world = make_world()
    draft = workflow.create_application(actor=world.actor("agency admin", today()), on=today())
    page = sign_in(world, "agency admin")
    # Listening from the start: Chromium is told of it apart from the keys, and on a busy machine a key may be faster.
    page.on("filechooser", lambda chooser: None)
    page.goto(f"/applications/{draft.pk}/draft/materials/")
    box = page.locator("#id_material-credit")
    expect(box.get_by_text("选择文件", exact=True)).to_be_visible()
    chooser = box.get_by_label("机构信用报告", exact=True)
    chooser.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(chooser).to_be_focused()
    style = box.locator(".file-button").evaluate("one => getComputedStyle(one).outlineStyle")
    assert style == "solid"
    picture(page, "agency-materials")
    assert_accessible(page)
    with page.expect_file_chooser() as opened:
        page.keyboard.press("Enter")
    path = tmp_path / "信用报告.png"
    path.write_bytes(files.picture("PNG"))
    opened.value.set_files(path)
    expect(box.get_by_role("link", name="信用报告.png")).to_be_visible()


def test_several_files_at_once_are_refused_and_none_is_picked(sign_in):
    world = make_world()
    draft = workflow.create_application(actor=world.actor("agency admin", today()), on=today())
    page = sign_in(world, "agency admin")
    page.goto(f"/applications/{draft.pk}/draft/materials/")
    page.wait_for_load_state()
    page.locator("#id_material-credit .upload-drop").evaluate(
        """place => {
            const data = new DataTransfer();
            for (const name of ["1.png", "2.png"]) data.items.add(new File(["x"], name));
            place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_text("这里只收 1 个文件，您放了 2 个")).to_be_visible()


def test_the_last_steps_list_follows_what_is_written(sign_in, picture, assert_accessible):
    world = make_world()
    draft = filled_draft(world, on=today())
    draft.pledge_signed_on = None
    draft.save()
    draft.materials.filter(key="pledge").update(upload=None)
    for size, name in ((None, "wide"), (PHONE, "phone")):
        page: Page = sign_in(world, "agency admin", **({"viewport": size} if size else {}))
        page.goto(f"/applications/{draft.pk}/draft/pledge/")
        expect(page.locator("#missing")).to_contain_text("请填写法定代表人签署承诺书的日期")
        expect(page.locator("#missing")).to_contain_text("请上传“申请备案材料真实性承诺书”")
        picture(page, f"agency-pledge-{name}")
        assert_accessible(page)
    page.get_by_label("法定代表人签署承诺书的日期").fill(today().isoformat())
    expect(page.locator("#missing")).not_to_contain_text("请填写法定代表人签署承诺书的日期")
    expect(page.locator("#missing")).to_contain_text("请上传“申请备案材料真实性承诺书”")


def test_a_new_application_offers_what_the_last_one_held(sign_in, picture, assert_accessible):
    world = make_world()
    draft = filled_draft(world, on=today())
    workflow.withdraw(draft, actor=world.actor("agency admin", today()), on=today())
    for size, name in ((None, "wide"), (PHONE, "phone")):
        page = sign_in(world, "agency admin", **({"viewport": size} if size else {}))
        page.goto("/desk/")
        picture(page, f"agency-start-{name}")
        assert_accessible(page)
    page.get_by_role("button", name=f"沿用 {draft.number} 的内容").click()
    expect(page.get_by_text("承诺书要重新签署、重新上传")).to_be_visible()
    expect(page.get_by_label("注册地址")).to_have_value("文峰区示例路1号")


@pytest.mark.parametrize("address", ["/desk/identity/", "/applications/{draft}/draft/agency/"])
def test_what_changes_while_a_page_reckons_is_reckoned_too(address, sign_in):
    """Two files, or two saves, close upon each other: the second is not forgotten with the answer to the first."""
    world = make_world()
    draft = workflow.create_application(actor=world.actor("agency admin", today()), on=today())
    page = sign_in(world, "agency admin")
    page.goto(address.format(draft=draft.pk))
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request) if request.headers.get("hx-request") else None)
    page.evaluate("for (const _ of [1, 2]) document.body.dispatchEvent(new CustomEvent('portal:uploaded'))")
    page.wait_for_load_state("networkidle")
    for _ in range(50):
        if len(asked) == 2:
            break
        page.wait_for_timeout(100)
    assert [request.method for request in asked] == ["GET", "GET"]


# The page is there, its scripts are still on their way: a field is filled in.
EARLY = """document.addEventListener("readystatechange", () => {
  const field = document.getElementById("id_contact_phone");
  if (document.readyState !== "interactive" || !field) return;
  field.value = "%s";
  field.dispatchEvent(new Event("input", { bubbles: true }));
});"""


def test_what_is_written_before_the_scripts_have_come_is_saved_too(sign_in):
    world = make_world()
    draft = filled_draft(world, on=today())
    page = sign_in(world, "agency admin")
    page.goto(f"/applications/{draft.pk}/draft/agency/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-autosave-status]").first).to_be_empty()  # nothing was written
    page.add_init_script(EARLY % "0372-5550199")
    page.reload()
    expect(page.locator("[data-autosave-status]").first).to_contain_text("已自动保存")
    draft.refresh_from_db()
    assert draft.contact_phone == "0372-5550199"
