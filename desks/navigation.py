"""The side menu of each role: a table of links; what is not built, or not for this role, is not shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest

from core.accounts.models import OrganisationKind, Role
from core.accounts.sessions import current_actor
from core.notifications.inbox import unread_count
from core.web.navigation import find_url


@dataclass(frozen=True)
class Link:
    """A link of the side menu: words, icon, url names tried in order, and the roles that see it (none: all)."""

    label: str
    icon: str
    names: tuple[str, ...]
    roles: tuple[str, ...] = ()


def _link(label: str, icon: str, *names: str, roles: tuple[str, ...] = ()) -> Link:
    return Link(label, icon, names, roles)


K, R = OrganisationKind, Role

HOME = _link("工作台", "home", "desks:home")
INBOX = _link("通知", "bell", "notifications:inbox")
ACCOUNT = (
    _link("回避", "users", "accounts:recusals", roles=(R.HANDLER, R.CHIEF, R.INSPECTOR, R.EXPERT)),
    _link("代行", "user", "accounts:deputies", roles=(R.CHIEF,)),
    _link("人员", "users", "accounts:staff", roles=(R.ADMIN, R.CHIEF)),
    _link("接口令牌", "lock", "accounts:tokens"),
    _link("我的账号", "user", "accounts:profile"),
)
QUEUE = _link("备案申请", "list", "filings:applications")
CLAIMS = _link("身份核实", "shield", "filings:claims")
QUOTA = _link("名额看板", "map-pin", "filings:quota-board")

MENUS: dict[str, tuple[Link, ...]] = {
    K.AGENCY: (
        HOME,
        _link("备案申请", "edit", "filings:agency-applications"),
        _link("文书", "file", "filings:agency-papers"),
        _link("身份核实", "shield", "filings:agency-claim"),
        INBOX,
        _link("送达方式", "edit", "accounts:consent", roles=(R.ADMIN,)),
        *ACCOUNT,
    ),
    K.COUNTY: (HOME, QUEUE, CLAIMS, QUOTA, INBOX, *ACCOUNT),
    K.CENTRE: (HOME, QUEUE, QUOTA, INBOX, *ACCOUNT),
    K.BUREAU: (
        HOME,
        QUEUE,
        QUOTA,
        _link("年度名额", "calendar", "filings:quota-years"),
        _link("急需紧缺目录", "list", "filings:urgent"),
        INBOX,
        *ACCOUNT,
    ),
    K.EXPERTS: (HOME, _link("评审任务", "edit", "filings:expert-tasks"), INBOX, *ACCOUNT),
    K.OPERATOR: (
        HOME,
        _link("单位和岗位", "building", "accounts:organisations"),
        _link("用户", "users", "accounts:users"),
        _link("工作日历", "calendar", "calendars:years", "calendars:admin", "calendars:calendar"),
        _link("期限和参数", "edit", "filings:figures"),
        _link("区域", "map-pin", "admin:reference_area_changelist"),
        _link("职业", "list", "admin:reference_occupation_changelist"),
        _link("备案编码号段", "file", "filings:serials"),
        _link("评估标准", "list", "filings:criteria"),
        _link("代行", "user", "accounts:deputies"),
        _link("回避", "users", "accounts:recusals"),
        INBOX,
        _link("我的账号", "user", "accounts:profile"),
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
            (link, url)
            for link in links
            if (not link.roles or (actor and actor.role in link.roles)) and (url := find_url(*link.names))
        ]
        here = max((url for _, url in found if _within(request.path, url)), key=len, default=None)
        return [
            {
                "label": link.label,
                "icon": link.icon,
                "url": url,
                "active": url == here,
                "count": COUNTS[link.names[0]](actor) if link.names[0] in COUNTS else 0,
            }
            for link, url in found
        ]

    @cache
    def desk_title() -> str:
        actor = current_actor(request)
        return str(TITLES.get(actor.kind, "")) if actor else ""

    return {"desk_nav": desk_nav, "desk_title": desk_title}


def _within(path: str, url: str) -> bool:
    return path == url or (url.count("/") > 2 and path.startswith(url)) or (url == "/inbox/" and path.startswith(url))
