"""The side menu of each role: a table of links; what is not for this role is not shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import current_actor
from core.notifications.inbox import unread_count


@dataclass(frozen=True)
class Link:
    """A link of the side menu: words, icon, url name, the roles that see it (none: all), and where else the pages
    below it have their addresses."""

    label: str
    icon: str
    name: str
    roles: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


K, R = OrganisationKind, Role

HOME = Link("工作台", "home", "desks:home")
INBOX = Link("通知", "bell", "notifications:inbox")
PROFILE = Link("我的账号", "user", "accounts:profile", below=("/accounts/",))
ACCOUNT = (
    Link("回避", "users", "accounts:recusals", roles=(R.HANDLER, R.CHIEF, R.INSPECTOR, R.EXPERT)),
    Link("代行", "user", "accounts:deputies", roles=(R.CHIEF,)),
    Link("人员", "users", "accounts:staff", roles=(R.ADMIN, R.CHIEF)),
    PROFILE,
)
QUEUE = Link("备案申请", "list", "filings:applications", below=("/proposals/",))
FILINGS = Link("备案机构", "building", "filings:filings", below=("/deregistrations/", "/corrections/"))
CLAIMS = Link("身份核实", "shield", "filings:claims")
COUNTER = Link("窗口代录", "edit", "filings:counter", roles=(R.HANDLER,))
QUOTA = Link("名额看板", "map-pin", "filings:quota-board")
ASSIGNMENTS = Link("市内调配", "refresh", "filings:assignments")

MENUS: dict[str, tuple[Link, ...]] = {
    K.AGENCY: (
        HOME,
        Link("备案申请", "edit", "filings:agency-applications", below=("/applications/", "/filings/")),
        Link("文书", "file", "filings:agency-papers"),
        Link("身份核实", "shield", "filings:agency-claim"),
        INBOX,
        Link("送达方式", "edit", "accounts:consent", roles=(R.ADMIN,)),
        *ACCOUNT,
    ),
    K.COUNTY: (HOME, QUEUE, COUNTER, FILINGS, CLAIMS, QUOTA, ASSIGNMENTS, INBOX, *ACCOUNT),
    K.CENTRE: (
        HOME,
        QUEUE,
        COUNTER,
        FILINGS,
        QUOTA,
        ASSIGNMENTS,
        Link("评估标准", "list", "filings:criteria"),
        Link("历史备案录入", "upload", "filings:imports"),
        INBOX,
        *ACCOUNT,
    ),
    K.BUREAU: (
        HOME,
        QUEUE,
        COUNTER,
        FILINGS,
        QUOTA,
        ASSIGNMENTS,
        Link("年度名额", "calendar", "filings:quota-years"),
        Link("急需紧缺目录", "list", "filings:urgent"),
        INBOX,
        *ACCOUNT,
    ),
    K.EXPERTS: (HOME, Link("评审任务", "edit", "filings:expert-tasks"), INBOX, *ACCOUNT),
    K.OPERATOR: (
        HOME,
        Link("运行状况", "refresh", "desks:health"),
        Link("单位和岗位", "building", "accounts:organisations"),
        Link("用户", "users", "accounts:users"),
        Link("工作日历", "calendar", "calendars:overview"),
        Link("期限和参数", "edit", "filings:figures"),
        Link("区域", "map-pin", "admin:reference_area_changelist"),
        Link("职业", "list", "admin:reference_occupation_changelist"),
        Link("备案编码号段", "file", "filings:serials"),
        Link("代行", "user", "accounts:deputies"),
        Link("回避", "users", "accounts:recusals"),
        INBOX,
        PROFILE,
    ),
}
TITLES = dict(K.choices)

# What stands beside a link as a count, by url name.
COUNTS: dict[str, Callable[[Any], int]] = {"notifications:inbox": unread_count}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk_nav` and `desk_title` for base_desk.html, reckoned only where they are printed."""

    @cache
    def desk_nav() -> list[dict[str, Any]]:
        actor = current_actor(request)
        links = MENUS.get(actor.kind, ()) if actor else ()
        found = [
            (link, reverse(link.name))
            for link in links
            if not link.roles or (actor is not None and actor.role in link.roles)
        ]
        here = _open(request.path, found)
        return [
            {
                "label": link.label,
                "icon": link.icon,
                "url": url,
                "active": url == here,
                "count": COUNTS[link.name](actor) if link.name in COUNTS else 0,
            }
            for link, url in found
        ]

    @cache
    def desk_title() -> str:
        actor = current_actor(request)
        return str(TITLES.get(actor.kind, "")) if actor else ""

    return {"desk_nav": desk_nav, "desk_title": desk_title}


def _open(path: str, found: list[tuple[Link, str]]) -> str | None:
    """The address of the link that the page belongs to: its own page, or the nearest one above it. Everything lies
    below the desk, so that is marked on its own page alone."""
    home = reverse(HOME.name)
    above = [
        (prefix, url)
        for link, url in found
        for prefix in (url, *link.below)
        if path == prefix or (prefix != home and path.startswith(prefix))
    ]
    return max(above, key=lambda one: len(one[0]), default=("", None))[1]
