"""Tags and filters: fields tied to hints and errors, articles, dates, masks; parts render what they are given."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from core.refusals import Reason
from core.web import samples
from core.web.templatetags import portal

PARTS = Path(__file__).resolve().parents[3] / "templates" / "components"


class Sample(forms.Form):
    name = forms.CharField(label="机构名称", help_text="与登记证书一致。", min_length=4)
    levels = forms.MultipleChoiceField(
        label="等级", choices=[("5", "五级"), ("4", "四级")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    pledge = forms.BooleanField(label="我承诺")
    confirmed = forms.BooleanField(label="已核对", required=False)
    scan = forms.FileField(label="扫描件")


def render(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def test_label_hint_and_error_are_tied_to_the_input() -> None:
    html = render("{% field form.name %}", form=Sample({"name": "某"}))
    assert '<label class="field-label" for="id_name">' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'id="id_name_hint"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "至少 4 个字，现在是 1 个。" in html
    assert html.count("aria-describedby") == 1


def test_a_group_is_a_fieldset_with_a_legend_and_real_labels() -> None:
    html = render("{% field form.levels %}", form=Sample({}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert re.findall(r'<label class="form-check" for="(.*?)"', html) == ["id_levels_0", "id_levels_1"]
    assert re.findall(r'<input type="checkbox".*?id="(.*?)"', html) == ["id_levels_0", "id_levels_1"]
    assert "请至少选择一项。" in html


class Long(forms.Form):
    """A filter with five fields: three stand open, two are folded."""

    q = forms.CharField(required=False, label="关键词")
    area = forms.CharField(required=False, label="区域")
    state = forms.CharField(required=False, label="状态")
    kind = forms.CharField(required=False, label="种类")
    on = forms.DateField(required=False, label="日期")


@pytest.mark.parametrize(
    ("asked", "opened"),
    [(None, False), ({"q": "某"}, False), ({"kind": "change"}, True), ({"on": "2025-02-30"}, True)],
)
def test_a_long_filter_is_folded_unless_something_in_it_filters_or_is_wrong(asked, opened) -> None:
    html = render('{% include "components/filters.html" %}', filter_form=Long(asked))
    before, folded = html.split("<details")
    assert re.findall(r'name="(\w+)"', before) == ["q", "area", "state"]
    assert re.findall(r'name="(\w+)"', folded) == ["kind", "on"]
    assert folded.startswith(' class="filters-more" open>' if opened else ' class="filters-more">')
    assert "更多条件（2）" in folded


def test_a_short_filter_has_no_fold() -> None:
    class Short(Long):
        on = None  # type: ignore[assignment]

    assert "<details" not in render('{% include "components/filters.html" %}', filter_form=Short())


def test_only_what_may_be_left_out_is_marked() -> None:
    form = Sample()
    assert "选填" in render("{% field form.note %}", form=form)
    assert "选填" not in render("{% field form.name %}", form=form)
    # A tick is asked for where it stands: a form may take it unticked, and yet nothing of it is a choice to leave out.
    assert "选填" not in render("{% field form.confirmed %}", form=form)


def test_a_file_input_speaks_our_language_and_keeps_its_own_label() -> None:
    html = render("{% field form.scan %}", form=Sample())
    assert '<label class="field-label" for="id_scan">扫描件' in html
    assert re.search(r'<input type="file"[^>]*class="form-control file-input"', html)
    assert 'for="id_scan" aria-hidden="true"' in html
    assert "选择文件</label>" in html


def test_a_length_of_the_law_is_taken_from_the_law() -> None:
    said = "{% load papers %}{% period 'completeness' %} {% longest 'correction' %} {% period 'timely_renewal' %}"
    assert render(said) == "5个工作日 60日 30日"
    with pytest.raises(ValueError, match="setting"):
        render("{% load papers %}{% period 'county_recommendation' %}")
    with pytest.raises(ValueError, match="没有延长"):
        render("{% load papers %}{% longest 'completeness' %}")


def test_no_template_of_the_procedure_writes_a_legal_length_itself() -> None:
    for place in ("papers", "filings", "desks"):
        for part in (PARTS.parent / place).rglob("*.html"):
            assert not re.search(r"\d+(个工作日|日内|日前|日。)", part.read_text(encoding="utf-8")), part


def test_the_summary_links_each_error_to_its_field_and_is_silent_on_a_fresh_form() -> None:
    html = render("{% form_errors form %}", form=Sample({"name": "某"}, {"scan": SimpleUploadedFile("1.pdf", b"x")}))
    assert "有 3 处需要修改" in html
    assert re.findall(r'href="(#id_\w+)"', html) == ["#id_name", "#id_levels", "#id_pledge"]
    assert render("{% form_errors form %}", form=Sample()).strip() == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("M10", "第二章第五条"),
        ("M34(3)", "第六章第二条第(三)项"),
        ("民法典 201", "民法典 201"),
        ("M99", "M99"),
        ("", ""),
    ],
)
def test_articles_are_cited_as_people_read_them(code: str, words: str) -> None:
    assert portal.citation(code) == words


def test_reasons_come_all_at_once_each_with_its_field() -> None:
    reasons = [Reason("a", "一", "sites.0.address", "M8(3)"), Reason("b", "<二>")]
    html = render('{% include "components/reasons.html" %}', reasons=reasons)
    assert 'href="#id_sites-0-address"' in html
    assert "第二章第三条第(三)项" in html
    assert "&lt;二&gt;" in html


def test_a_closed_action_says_why_and_sends_nothing() -> None:
    offers = [
        {"name": "accept", "label": "受理", "reasons": [Reason("a", "材料没有看完。")]},
        {"name": "decline", "label": "不予受理"},
        {"name": "approve", "label": "同意备案", "concerns": False},
    ]
    html = render('{% include "components/actions.html" with action_base="/x/" %}', offers=offers)
    assert "材料没有看完。" in html
    assert 'href="/x/decline/"' in html
    assert "/x/accept/" not in html
    assert "同意备案" not in html


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("410502199001011234", "4105**********1234"),
        ("13812345678", "138****5678"),
        ("某某某", "某**"),
        ("someone@example.org", "s***@example.org"),
        ("", ""),
    ],
)
def test_masks_keep_the_ends_alone(value: str, shown: str) -> None:
    assert portal.masked(value) == shown


def test_dates_amounts_and_moments_in_the_houses_form() -> None:
    assert portal.cdate(date(2026, 10, 1)) == "2026年10月1日"
    assert portal.cdatetime(datetime(2026, 10, 10, 16, 30, tzinfo=UTC)) == "2026年10月11日 00:30"
    assert portal.amount(2316, "人次") == "2,316 人次"
    assert portal.amount(None, "人次") == "—"
    assert portal.money(1200) == "1,200.00 元"
    assert [portal.up_to(count, 99) for count in (0, 99, 100)] == ["0", "99", "99+"]


def test_every_icon_that_a_template_names_is_drawn() -> None:
    sprite = Path(str(finders.find("icons/sprite.svg"))).read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for part in PARTS.parent.rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', part.read_text("utf-8"))
    }
    assert named
    assert named <= drawn
    assert set(samples.icons()) == drawn


def test_no_template_holds_inline_code_or_styles() -> None:
    for part in PARTS.parent.rglob("*.html"):
        if "papers" in part.parts:
            continue
        text = part.read_text(encoding="utf-8")
        assert not re.search(r"\son[a-z]+=\"|\sstyle=\"|<style|<script(?![^>]*\ssrc=)", text), part


def test_the_readme_names_every_part() -> None:
    readme = (PARTS / "README.md").read_text(encoding="utf-8")
    helpers = {
        "field_marks",
        "field_error",
        "reason_items",
        "header",
        "footer",
        "notices",
        "messages",
        "demo_banner",
        "trouble",
    }
    unnamed = {part.stem for part in PARTS.glob("*.html") if part.stem not in readme and part.stem not in helpers} - {
        "clock_strip",
        "form_errors",
        "field",
    }
    assert not unnamed
