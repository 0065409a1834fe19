"""What cannot be taken back is asked by a page where no script has asked, and all that was written is sent on."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html

from core.web import sure
from tests.core.web import urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.web.urls")]

WORDS = '第一行\n第二行 <b>"引号"</b>'
SENT = [("asks", "确定撤回？"), ("words", WORDS), ("kinds", "a"), ("kinds", "b"), ("go", "1")]


@pytest.fixture(autouse=True)
def posted():
    urls.posted.clear()
    return urls.posted


def post(sent: list[tuple[str, str]], client: Client | None = None, address: str = "/test/take/?from=list", **headers):
    return (client or Client()).post(address, urlencode(sent), content_type=sure.FORM, headers=headers)


def test_the_question_comes_before_the_act_and_everything_is_sent_on(posted):
    page = post(SENT)
    assert posted == []
    tree = html.document_fromstring(page.content.decode())
    assert "确定撤回？" in tree.get_element_by_id("main").text_content()
    form = tree.get_element_by_id("main").find(".//form")
    assert form.action == "/test/take/?from=list"
    again = [(field.name, field.value) for field in form.inputs if field.name]
    assert set(SENT) <= set(again)
    post(again, address=form.action)
    assert [(one["words"], one["kinds"], one["go"]) for one in posted] == [(WORDS, "b", "1")]


def test_nothing_is_asked_twice(posted):
    """The script has asked; a draft that saves itself, and a form without a question, ask nothing."""
    post([*SENT, ("sure", "1")])
    post(SENT, **{"HX-Request": "true"})
    post(SENT[1:])
    assert len(posted) == 3


def test_the_question_asks_for_the_token_first(posted):
    assert post(SENT, Client(enforce_csrf_checks=True)).status_code == 403
    assert posted == []
