"""What a part says and what changed in it: every field, every row, and no number or name in clear."""

import json

import pytest

from filings import part_contents
from filings.models import Application
from filings.part_contents import Change, changes, content
from filings.parts import PARTS
from tests.world import WORDS, filled_draft, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def application() -> Application:
    return filled_draft(make_world())


def test_a_field_shows_its_old_words_beside_the_new_ones(application):
    was = content(application, "agency")
    application.name, application.accepts_supervision = "文峰区甲职业技能学校", False
    assert changes(was, content(application, "agency")) == [
        Change("", "机构名称", "文峰区甲职业培训学校", "文峰区甲职业技能学校"),
        Change("", "自愿接受人力资源社会保障部门监督", "是", "否"),
    ]


def test_rows_added_changed_and_removed(application):
    was = content(application, "staff")
    first, second = application.staff.order_by("id")[:2]
    first.certificate = "YS0001"
    first.save()
    second.delete()
    application.staff.create(kind="experts", name="新来者")
    found = changes(was, content(application, "staff"))
    assert [(change.label, change.old, change.new) for change in found] == [
        ("移除", "类别 考评人员；姓名 a*；适用职业（工种） 全部", ""),
        ("证卡编号", "未填写", "YS0001"),
        ("新增", "", "类别 技术专家；姓名 新*；适用职业（工种） 全部"),
    ]


def test_which_occupations_a_site_serves_is_part_of_both(application):
    before = {key: content(application, key) for key in ("scope", "sites")}
    site = application.sites.get()
    application.scope.get(occupation="6-31-01-03").sites.remove(site)
    assert changes(before["scope"], content(application, "scope")) == [Change("电工", "考评场地", "校本部", "未填写")]
    assert changes(before["sites"], content(application, "sites")) == [
        Change("校本部", "评价的职业（工种）", "焊工、电工", "焊工")
    ]


def test_numbers_and_names_are_masked_and_a_change_shows_all_the_same(application):
    was = content(application, "agency")
    application.contact_phone = "13899990000"  # reads the same once masked
    (change,) = changes(was, content(application, "agency"))
    assert (change.old, change.new) == ("138****0000", f"138****0000{part_contents.HIDDEN}")
    text = "".join(json.dumps(content(application, key), ensure_ascii=False) for key in PARTS)
    for secret in (WORDS["legal_representative_id"], "13899990000", "staff甲"):
        assert secret not in text


def test_nothing_changed_is_no_change(application):
    for key in PARTS:
        assert changes(content(application, key), content(Application.objects.get(pk=application.pk), key)) == []
