"""The blank pledge: the agency's own, on the page and by the API; a form, not an official paper."""

import io

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from core.clock.clock import today
from core.documents.models import OfficialDocument
from filings import contents
from regulation import pledge
from regulation.materials import MATERIALS
from tests.filings.api.calls import BASE, caller
from tests.world import filled_draft, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_it_names_the_agency_the_materials_and_the_consequence_and_leaves_the_rest_blank(world):
    draft = filled_draft(world, on=today())
    context = {"title": pledge.TITLE, "sentences": pledge.SENTENCES, **contents.who(draft)}
    text = render_to_string("papers/pledge_form.html", context)
    assert draft.name in text
    assert draft.credit_code in text
    assert all(material.label in text for material in MATERIALS.values())
    assert "第三十六条" in text
    assert draft.legal_representative not in text
    assert "核验码" not in text
    assert text.count('class="blank') == 5


def test_the_agency_gets_it_on_the_page_and_by_the_api_and_nobody_else(client, world):
    draft = filled_draft(world, on=today())
    address = reverse("filings:agency-pledge-form", args=[draft.pk])
    client.force_login(world.people["agency staff"].user)
    for step in ("pledge", "materials"):
        assert f'href="{address}"' in client.get(reverse("filings:agency-step", args=[draft.pk, step])).content.decode()
    answers = [client.get(address), caller(world, "agency admin").get(f"{BASE}applications/{draft.pk}/pledge-form/")]
    for answer in answers:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert "attachment" not in answer.headers["Content-Disposition"]
        with pikepdf.open(io.BytesIO(b"".join(answer.streaming_content))) as pdf:
            assert len(pdf.pages) == 1
    assert not OfficialDocument.objects.exists()
    client.force_login(world.people["rival admin"].user)
    assert client.get(address).status_code == 404
    caller(world, "rival admin").call("GET", f"applications/{draft.pk}/pledge-form/", status=404)
    client.logout()
    assert client.get(address).status_code in (302, 401, 403)
