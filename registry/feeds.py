"""The Atom feed of announcements: all kinds, or the one named in the address."""

import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from core.accounts.sessions import day_of
from core.clock.clock import SHANGHAI
from core.direction import plain
from core.publications import register
from core.publications.models import Publication
from core.web.navigation import HOST, SITE_NAME
from registry import announcements
from registry.days import EARLIEST

NEWEST = 50
# Since when this portal names things by tag: URIs (RFC 4151): with a name of its own for good, whatever its address.
NAMED_SINCE = 2026


def tag(what: str) -> str:
    """Return an id that stays the same wherever the portal moves below its host."""
    return f"tag:{urlsplit(settings.PORTAL_ADDRESS).hostname},{NAMED_SINCE}:{what}"


class _Atom(Atom1Feed):
    """Entries never change, so the feed's own `updated` is when anything was last published or withdrawn."""

    def latest_post_date(self) -> datetime.datetime:
        moment: datetime.datetime = self.feed["changed_at"]
        return moment


class AnnouncementFeed(Feed):
    """The newest announcements as they are listed today; what was withdrawn, or whose time is over, is gone."""

    feed_type = _Atom
    language = "zh-CN"
    author_name = HOST

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer GET and HEAD. Django's own Last-Modified would go backwards when the newest entry is withdrawn."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response: HttpResponse = super().__call__(request, *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> tuple[datetime.date, str]:
        """Return the day, and the kind asked for; "" for all, as for one that there is not."""
        kind = request.GET.get("kind", "")
        return day_of(request), kind if kind in dict(announcements.kinds()) else ""

    def title(self, asked: tuple[datetime.date, str]) -> str:
        """Name the portal, and the kind where there is one."""
        return f"{SITE_NAME} · {dict(announcements.kinds()).get(asked[1], '通知公告')}"

    def link(self, asked: tuple[datetime.date, str]) -> str:
        """Lead to the list."""
        return reverse("registry:announcements") + (f"?kind={asked[1]}" if asked[1] else "")

    def feed_url(self, asked: tuple[datetime.date, str]) -> str:
        """The feed's own address."""
        return reverse("registry:announcement-feed") + (f"?kind={asked[1]}" if asked[1] else "")

    def feed_guid(self, asked: tuple[datetime.date, str]) -> str:
        """The feed's id."""
        return tag(f"announcements{'/' if asked[1] else ''}{asked[1]}")

    def feed_extra_kwargs(self, asked: tuple[datetime.date, str]) -> dict[str, Any]:
        """When it last changed."""
        beginning = datetime.datetime.combine(EARLIEST, datetime.time(), SHANGHAI)
        return {"changed_at": register.last_change() or beginning}

    def items(self, asked: tuple[datetime.date, str]) -> list[Publication]:
        """The newest, as the list has them."""
        return list(announcements.announced(*asked)[:NEWEST])

    def item_title(self, item: Publication) -> str:  # type: ignore[override]
        """The headline."""
        return plain(announcements.title(item))

    def item_description(self, item: Publication) -> str:  # type: ignore[override]
        """What it is, in a sentence; Atom1Feed calls it HTML."""
        return escape(plain(announcements.summary(item)))

    def item_link(self, item: Publication) -> str:  # type: ignore[override]
        """The announcement's page."""
        return reverse("registry:announcement", args=[item.pk])

    def item_guid(self, item: Publication) -> str:
        """Its id: that of the public API."""
        return tag(f"announcements/{item.pk}")

    def item_pubdate(self, item: Publication) -> datetime.datetime:
        """When it was published."""
        return item.at

    def item_updateddate(self, item: Publication) -> datetime.datetime:
        """The same: what is published is never altered."""
        return item.at

    def item_categories(self, item: Publication) -> list[str]:
        """Its kind in words."""
        return [register.label(item.kind)]
