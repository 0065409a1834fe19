"""What every page knows: who is signed in as what, and a menu without dead links."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from core.accounts.actors import actor_for
from core.accounts.models import Organisation, Position
from core.accounts.sessions import set_actor
from core.web import navigation
from core.web.context_processors import desk

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 23)


def test_the_positions_are_asked_for_once_and_only_where_shown(django_assert_num_queries) -> None:
    user = get_user_model().objects.create_user("jingban")
    bureau = Organisation.objects.create(kind="bureau", name="安阳市人力资源和社会保障局")
    held = [Position.objects.create(user=user, organisation=bureau, role=r, since=DAY) for r in ("handler", "chief")]
    request = RequestFactory().get("/")
    request.user, request.portal_today = user, DAY
    set_actor(request, actor_for(held[1], DAY))
    with django_assert_num_queries(0):
        context = desk(request)
    with django_assert_num_queries(1):
        first, second = context["positions"](), context["positions"]()
    assert first is second
    assert [(one["label"], one["current"]) for one in first] == [
        ("安阳市人力资源和社会保障局 · 经办人", False),
        ("安阳市人力资源和社会保障局 · 负责人", True),
    ]


def test_the_menu_hides_what_is_not_built_and_marks_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    menu = (("首页", ("web:style",)), ("会话", ("web:session",)), ("没有", ("nowhere:at-all",)))
    monkeypatch.setattr(navigation, "PUBLIC_MENU", menu)
    items = navigation.public_menu("/style/upload/")
    assert [(item.label, item.active) for item in items] == [("首页", True), ("会话", False)]
    assert not any(item.active for item in navigation.public_menu("/elsewhere/"))
