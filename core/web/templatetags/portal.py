"""The portal's template tags and filters: `{% load portal %}`. templates/components/README.md lists them with use."""

import re
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, Form, widgets
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from core.clock.words import in_words, moment_in_words
from core.deadlines.models import Clock
from core.web import clock_rows, clock_view, navigation
from regulation.citations import Citation, cite, to_chinese
from regulation.glossary import TERMS

register = template.Library()

# -- words: dates, numbers, masks ------------------------------------------------------------------------------


@register.filter
def cdate(value: date | None) -> str:
    """2026年10月11日; an empty string for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = localtime(value).date() if value.tzinfo else value.date()
    return in_words(value)


@register.filter
def cdatetime(value: datetime | None) -> str:
    """2026年10月11日 16:20, in Asia/Shanghai."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        return cdate(value)
    return moment_in_words(value)


@register.filter
def weekday(value: date | None) -> str:
    """星期日."""
    return f"星期{clock_view.WEEKDAYS[value.weekday()]}" if value else ""


@register.filter
def amount(value: Any, unit: str = "") -> str:
    """2,316 人次: grouped digits, then the unit. Text that is no number is printed as it is."""
    if value is None or value == "":
        return "—"
    text = f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)
    return f"{text} {unit}".rstrip()


@register.filter
def up_to(count: int, most: int) -> str:
    """99+: the count, where it stops at so many."""
    return f"{most}+" if count > most else str(count)


@register.filter
def money(value: Any) -> str:
    """1,234.00 元."""
    return "—" if value is None or value == "" else f"{Decimal(value):,.2f} 元"


@register.filter
def masked(value: Any) -> str:
    """Keep the ends of a number, name or address: 4105**********1234, 138****5678, 王**."""
    text = str(value or "")
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    if not text.isascii():  # a name, however long
        return text[:1] + "*" * (len(text) - 1)
    if len(text) >= 15:
        return text[:4] + "*" * (len(text) - 8) + text[-4:]
    if len(text) >= 7:
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    return text[:1] + "*" * (len(text) - 1)


# -- the Measure -----------------------------------------------------------------------------------------------


def _citation(value: Any) -> Citation | None:
    if isinstance(value, Citation):
        return value
    try:
        return cite(str(value))
    except ValueError:
        return None  # another law's article ("民法典 201") is printed as it stands


@register.filter
def citation(value: Any) -> str:
    """ "M10" → 第二章第五条; "M34(3)" → 第六章第二条第(三)项. What is not of the Measure is printed as it is."""
    found = _citation(value)
    if found is None:
        return str(value or "")
    item = "" if found.item is None else f"第({to_chinese(found.item)})项"
    return f"第{to_chinese(found.chapter)}章第{to_chinese(found.article_in_chapter)}条{item}"


@register.filter
def citation_link(value: Any) -> SafeString:
    """The article as a link to where the rules stand, or as plain words while that page is not there."""
    found, url = _citation(value), navigation.find_url(*navigation.RULES)
    if found is None or not url:
        return format_html("{}", citation(value))
    beside = navigation.find_url(*navigation.EXPLAIN, args=(f"M{found.article}",))
    return format_html(
        '<a class="cite" href="{}#M{}" data-explain="{}" title="{}">{}</a>',
        url, found.article, beside, found.running, citation(value),
    )  # fmt: skip


@register.simple_tag
def term(code: str, words: str = "") -> SafeString:
    """A word of regulation.glossary, explained beside the work when pressed: `{% term "correction" %}`; `words` stand
    in its place in a sentence. Raises KeyError for a word that the glossary does not have."""
    found, url = TERMS[code], navigation.find_url(*navigation.TERMS)
    beside = navigation.find_url(*navigation.EXPLAIN, args=(code,))
    return format_html('<a class="term" href="{}#{}" data-explain="{}">{}</a>', url, code, beside, words or found.name)


# -- small parts -----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A symbol of static/icons/sprite.svg. Without `label` it is decoration and silent."""
    href = static("icons/sprite.svg")
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, href, name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', href, name)


TONES = ("info", "good", "warn", "bad", "mute")


@register.simple_tag
def badge(text: Any, tone: str = "info") -> SafeString:
    """A status in words on a tint. Tones: info, good, warn, bad, mute; the words carry the meaning, not the colour."""
    return format_html('<span class="tag tag-{}">{}</span>', tone if tone in TONES else "mute", text)


@register.simple_tag
def url_or_none(*names: str) -> str:
    """The address of the first url name that exists, else "": `{% url_or_none "a:b" as there %}{% if there %}…`."""
    return navigation.find_url(*names)


@register.simple_tag
def idempotency_key(key: str = "") -> SafeString:
    """A hidden field by which a form sent twice acts once."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', key or uuid.uuid4())


# -- clock strip -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/clock_strip.html")
def clock_strip(clock: Clock | clock_view.ShownClock, today: date) -> dict[str, Any]:
    """The strip of a statutory period (PAGES.md), from a row of core.deadlines or a `clock_view.ShownClock`."""
    shown = clock if isinstance(clock, clock_view.ShownClock) else clock_rows.shown(clock)
    return {"strip": clock_view.strip(shown, today), "today": today}


# -- forms -----------------------------------------------------------------------------------------------------

_GROUPED = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)
# First match wins; a subclass stands before its base.
_WIDGET_CLASSES: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.CheckboxInput, "form-check-input"),
    (widgets.RadioSelect, "form-check-input"),
    (widgets.CheckboxSelectMultiple, "form-check-input"),
    (widgets.Select, "form-select"),
    (widgets.Widget, "form-control"),
)


def _widget_class(widget: widgets.Widget) -> str:
    return next(css for kind, css in _WIDGET_CLASSES if isinstance(widget, kind))


def _shape(widget: widgets.Widget) -> str:
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    if isinstance(widget, _GROUPED):
        return "group"
    return "file" if isinstance(widget, widgets.FileInput) else "line"


def _choices(bound: BoundField) -> list[BoundWidget]:
    """The radio buttons or boxes of a group, with our class on each."""
    widget = bound.field.widget
    attrs: dict[str, str | bool] = {"id": bound.id_for_label or bound.auto_id, "class": "form-check-input"}
    parts = widget.subwidgets(bound.html_name, bound.value(), attrs=bound.build_widget_attrs(attrs))
    return [BoundWidget(widget, part, bound.form.renderer) for part in parts]


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", citation: str = "", width: str = "", label: str = "") -> dict[str, Any]:
    """A form field with label, hint and errors tied to it. `width`: "", short, medium; `hint` overrides help_text."""
    hint = hint or str(bound.help_text)
    identity = bound.auto_id
    described = [f"{identity}_hint"] if hint else []
    described += [f"{identity}_error"] if bound.errors else []
    widget = bound.field.widget
    shape = _shape(widget)
    own = widget.attrs.get("class", "")
    css = [own, _widget_class(widget), "file-input" if shape == "file" else "", "is-invalid" if bound.errors else ""]
    attrs: dict[str, Any] = {"class": " ".join(filter(None, css))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if shape == "line" and isinstance(widget, widgets.Textarea):
        attrs["rows"] = "4" if str(widget.attrs.get("rows")) == "10" else widget.attrs.get("rows", "4")  # Django: 10
    return {
        "bound": bound,
        "shape": shape,
        "input": bound.as_widget(attrs=attrs) if shape != "group" else "",
        "choices": _choices(bound) if shape == "group" else [],
        "group_described": " ".join(described),
        "hint": hint,
        "citation": citation,
        "label": label or bound.label,
        "width": width,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms: Form) -> dict[str, Any]:
    """A summary over a form sent in vain: each error linked to its field."""
    items = [
        {"text": error, "href": f"#{bound.auto_id}" if bound else "", "label": bound.label if bound else ""}
        for form in forms
        if form is not None and form.is_bound
        for bound, errors in [(None, form.non_field_errors()), *((b, b.errors) for b in form)]
        for error in errors
    ]
    return {"items": items}


# A filter longer than this shows so many fields, and keeps the others folded: the list itself stands in sight.
FILTER_FIELDS = 3


@register.simple_tag
def folded(form: Form) -> dict[str, Any]:
    """A filter's fields as `first`, and `more` where it has at least two further ones; `open` where one of these is
    set or wrong, so that nothing filters unseen."""
    shown = form.visible_fields()
    if len(shown) <= FILTER_FIELDS + 1:
        return {"first": shown, "more": [], "open": False}
    more = shown[FILTER_FIELDS:]
    return {
        "first": shown[:FILTER_FIELDS],
        "more": more,
        "open": form.is_bound and any(bound.errors or bound.value() for bound in more),
    }


@register.filter
def anchor(value: str) -> str:
    """The id of the form field a reason names: "sites.0.address" → "id_sites-0-address"."""
    return "id_" + re.sub(r"[^0-9A-Za-z_-]+", "-", str(value))


@register.filter
def is_pair(value: Any) -> bool:
    """Whether a table cell is (text, tone)."""
    return isinstance(value, tuple) and len(value) == 2


@register.filter
def formats(accept: str) -> str:
    """ ".pdf,.docx" → "PDF、DOCX"."""
    return "、".join(part.strip().lstrip(".").upper() for part in accept.split(",") if part.strip())


@register.filter
def attr(value: Any, name: str) -> Any:
    """`value[name]` or `value.name`, for tables whose columns are data."""
    return value.get(name, "") if isinstance(value, dict) else getattr(value, name, "")
