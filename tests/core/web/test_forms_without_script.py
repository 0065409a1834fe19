"""Every form can be sent without JavaScript, and what is about a person is never kept by a script."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.urls import get_resolver

TEMPLATES = Path(settings.BASE_DIR) / "templates"
_FORM = re.compile(r"<form\b.*?</form>", re.S)
_BUTTON = re.compile(r"<button\b(?![^>]*\btype=\"button\")[^>]*>")
_COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.S)
_OPENERS = re.compile(r"data-dialog=\"(?!\{\{)")
# Shown only to those who look at the parts themselves.
SAMPLES = {"style.html"}


def templates() -> list[tuple[str, str]]:
    return [
        (path.relative_to(TEMPLATES).as_posix(), _COMMENT.sub("", path.read_text(encoding="utf-8")))
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not path.is_relative_to(TEMPLATES / "admin")
    ]


def test_every_form_has_a_button_that_sends_it():
    lacking = [
        f"{name}: {form[:120]}"
        for name, text in templates()
        for form in _FORM.findall(text)
        if not any("hidden" not in re.sub(r"visually-hidden", "", button) for button in _BUTTON.findall(form))
    ]
    assert lacking == []


def test_every_form_says_how_it_is_sent_and_a_post_is_signed():
    wrong = [
        f"{name}: {form[:120]}"
        for name, text in templates()
        for form in _FORM.findall(text)
        if not re.match(r"<form[^>]*\bmethod=\"(get|post|dialog)\"", form)
        or ('method="post"' in form.split(">", 1)[0] and "{% csrf_token %}" not in form)
    ]
    assert wrong == []


def test_nothing_can_be_reached_only_by_a_dialog():
    opened = {name for name, text in templates() if _OPENERS.search(text)} - SAMPLES
    assert opened == set()


def test_a_question_stands_where_a_page_can_ask_it():
    """In a field of a form that is sent and brings no file: core/web/sure.py sends the rest on."""
    attributes = [name for name, text in templates() if "data-confirm" in text]
    asking = [(name, form) for name, text in templates() for form in _FORM.findall(text) if 'name="asks"' in form]
    unfit = [name for name, form in asking if 'method="post"' not in form or "multipart" in form]
    assert asking
    assert (attributes, unfit) == ([], [])


# Names of fields that hold what is about a person.
_PERSONAL = re.compile(r"(_id|phone|email|username|password\d?|login|code)$")
# About an organisation, or about which of a list's rows.
_OTHERS = {"credit_code", "agency_id"}


def every_form() -> list[type[forms.BaseForm]]:
    assert get_resolver().url_patterns  # with the views come their forms
    found, waiting = [], [forms.BaseForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    ours = ("core.", "filings.", "registry.")
    return sorted({one for one in found if one.__module__.startswith(ours)}, key=lambda one: one.__qualname__)


@pytest.mark.parametrize("form", every_form(), ids=lambda form: form.__qualname__)
def test_a_field_about_a_person_says_so_in_its_autocomplete(form):
    """static/js/keep.js leaves out what names its purpose."""
    lacking = [
        name
        for name, field in getattr(form, "base_fields", {}).items()
        if _PERSONAL.search(name)
        and name not in _OTHERS
        and isinstance(field, forms.CharField)
        and not isinstance(field.widget, forms.PasswordInput)
        and not field.widget.attrs.get("autocomplete")
    ]
    assert lacking == []
