"""Tags of the agency's pages: `{% load agency %}`."""

from typing import Any

from django import template

from core.web.navigation import find_url

register = template.Library()

# (words, url name, icon): the agency's side menu.
_MENU = (
    ("我的工作台", "desks:home", "home"),
    ("备案申请", "filings:agency-applications", "edit"),
    ("文书", "filings:agency-papers", "file"),
    ("机构身份核实", "filings:agency-claim", "shield"),
    ("送达方式", "accounts:consent", "bell"),
    ("本机构人员", "accounts:staff", "users"),
)


@register.simple_tag(takes_context=True)
def agency_menu(context: template.Context) -> list[dict[str, Any]]:
    """The agency's side menu as base_desk.html takes it, without what is not built; what the context has goes first."""
    if context.get("desk_nav"):
        return context["desk_nav"]
    path = context["request"].path
    items = [(label, find_url(name), icon) for label, name, icon in _MENU]
    here = max((url for _, url, _ in items if url and path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "icon": icon, "active": url == here} for label, url, icon in items if url]
