"""The glossary, and one article or word alone: for the box beside the work."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import reverse

from regulation.citations import CHAPTERS
from regulation.glossary import GLOSSARY, TERMS

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LAST = CHAPTERS[-1].last


def test_the_glossary_has_every_word_under_its_anchor(client):
    text = client.get(reverse("registry:terms")).content.decode()
    for group in GLOSSARY:
        assert group.title in text
    for code, term in TERMS.items():
        assert f'id="{code}"' in text
        assert term.words in text


@pytest.mark.parametrize("code", TERMS)
def test_a_word_alone_is_a_fragment_with_the_way_to_all_of_them(client, code):
    text = client.get(reverse("registry:explain", args=[code])).content.decode()
    assert TERMS[code].words in text
    assert f"{reverse('registry:terms')}#{code}" in text
    assert "<html" not in text
    assert "id=" not in text  # it stands in a page that may have the same ids


@pytest.mark.parametrize("number", range(1, LAST + 1))
def test_an_article_alone_is_what_the_page_of_all_says(client, number):
    alone = client.get(reverse("registry:explain", args=[f"M{number}"])).content.decode()
    page = client.get(reverse("registry:rules")).content.decode()
    summary = re.search(r"<p>(.*?)</p>", alone)
    assert summary
    assert summary[1] in page
    assert "<html" not in alone
    assert 'id="' not in alone


def test_the_periods_of_an_article_are_one_click_away(client):
    text = client.get(reverse("registry:explain", args=["M10"])).content.decode()
    assert "<b>5个工作日</b>" in text


@pytest.mark.parametrize("key", ["M0", "M44", "M100", "nothing", "M10(1)"])
def test_what_is_none_is_not_found(client, key):
    assert client.get(reverse("registry:explain", args=[key])).status_code == 404


def test_every_word_that_a_template_explains_is_in_the_glossary_and_most_are_used():
    used = {
        code
        for path in TEMPLATES.rglob("*.html")
        for code in re.findall(r'{% term "([\w-]+)"', path.read_text("utf-8"))
    }
    assert used
    assert used <= set(TERMS)


def test_a_word_in_a_sentence_is_a_link_that_can_be_explained_beside_it():
    html = Template('{% load portal %}{% term "correction" "一次补正" %}').render(Context())
    assert html == '<a class="term" href="/guide/terms/#correction" data-explain="/explain/correction/">一次补正</a>'
    with pytest.raises(KeyError):
        Template('{% load portal %}{% term "nothing" %}').render(Context())
