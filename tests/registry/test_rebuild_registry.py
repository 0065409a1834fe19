"""The command by which the registry is made anew."""

import io

from django.core.management import call_command

from registry.models import Entry, Offer


def test_what_is_lost_is_made_anew(application, publish_agency):
    publish_agency(300, "汤阴县丙学校")
    Offer.objects.all().delete()
    Entry.objects.filter(code="S000041000300").delete()
    said = io.StringIO()
    call_command("rebuild_registry", stdout=said)
    assert said.getvalue() == "已重新生成 2 个备案的目录。\n"
    assert (Entry.objects.count(), Offer.objects.count()) == (2, 4)
