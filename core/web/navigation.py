"""The public menu and the names in header and footer. A target that no app has built yet is hidden, not dead."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

SITE_NAME = "安阳市职业技能等级认定社评机构备案与监管"
HOST = "安阳市人力资源和社会保障局"
OPERATOR = "安阳市职业技能鉴定指导中心"

# (words, names tried in order): PAGES.md, the usual words in the usual places.
PUBLIC_MENU: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("首页", ("registry:home", "home")),
    ("机构查询", ("registry:agencies", "registry:search")),
    ("核验", ("registry:verify",)),
    ("通知公告", ("registry:announcements",)),
    ("办事指南", ("registry:guide",)),
    ("工作日计算", ("registry:workdays",)),
    ("监督投诉", ("registry:complaint",)),
    ("数据开放", ("open_data:home",)),
)

# Where the Measure's articles stand, each under the anchor of its code (#M10).
RULES = ("registry:rules",)
# The glossary, each word under the anchor of its code; and an article or a word alone.
TERMS = ("registry:terms",)
EXPLAIN = ("registry:explain",)


@dataclass(frozen=True)
class MenuItem:
    """One link of the menu; `active` on the page it leads to and below it."""

    label: str
    url: str
    active: bool


def find_url(*names: str, args: tuple[object, ...] = ()) -> str:
    """The address of the first of these url names that exists, else an empty string."""
    for name in names:
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    return ""


def public_menu(path: str) -> list[MenuItem]:
    """The public menu as seen from `path`, without what is not built."""
    found = [(label, find_url(*names)) for label, names in PUBLIC_MENU]
    built = [(label, url) for label, url in found if url]
    here = max((url for _, url in built if _within(path, url)), key=len, default=None)
    return [MenuItem(label, url, url == here) for label, url in built]


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
