"""From a paper's frozen content to a PDF/A-3u: a Django template, WeasyPrint, the content itself as an attachment."""

import datetime
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from core import direction
from core.documents import papers
from core.documents.models import OfficialDocument
from core.documents.series import Series, get

STYLESHEET = Path(settings.BASE_DIR) / "templates" / "papers" / "paper.css"
ATTACHMENT = "content.json"
VARIANT = "pdf/a-3u"
# Pango's fonts, which all papers of a process share, are not safe between threads: a web server's would crash.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Paper:
    """What a template sees; a preview has neither number nor code."""

    series: Series
    title: str
    issuer: str
    addressee: str
    on: datetime.date
    content: Mapping[str, Any]
    number: str = ""
    code: str = ""
    supersedes: str = ""
    audit_head: str = ""

    @property
    def preview(self) -> bool:
        """Is this only how the paper would look?"""
        return not self.code

    @property
    def demo(self) -> bool:
        """Was it made in demo mode? It then says that it binds nobody."""
        return bool(settings.DEMO_MODE)

    @property
    def verify_url(self) -> str:
        """Where the QR code leads."""
        return f"{settings.PORTAL_ADDRESS}/verify/{self.code}/"

    @property
    def verify_page(self) -> str:
        """Where the code can be typed in."""
        return f"{settings.PORTAL_ADDRESS}/verify/"

    @property
    def qr(self) -> str:
        """The QR code as an SVG data address."""
        image: str = segno.make(self.verify_url, error="m", micro=False).svg_data_uri(border=0, omitsize=True)
        return image


def render(document: OfficialDocument, *, audit_head: str) -> bytes:
    """Return the unsigned PDF of a paper, with its record embedded as JSON. audit_head: printed in the footer."""
    paper = Paper(
        series=get(document.series),
        title=document.title,
        issuer=document.issuer_name,
        addressee=document.addressee_name,
        on=document.on,
        content=document.content,
        number=document.number,
        code=document.code,
        supersedes=document.supersedes.number if document.supersedes else "",
        audit_head=audit_head,
    )
    record = papers.record(document) | {"content_hash": document.content_hash}
    attachment = weasyprint.Attachment(
        string=json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True),
        name=ATTACHMENT,
        description="文书内容（JSON）",
        relationship="Source",
    )
    return pdf(html(paper), attachments=[attachment])


def preview(
    series: Series, content: Mapping[str, Any], *, issuer: str, addressee: str, on: datetime.date, supersedes: str = ""
) -> bytes:
    """Return how a paper would look: watermarked, without number and code, unsigned. issuer, addressee: their names.

    Raises ValueError for content that does not fit the series.
    """
    frozen = papers.freeze(series, content)
    return pdf(html(Paper(series, series.title, issuer, addressee, on, frozen, supersedes=supersedes)))


def html(paper: Paper) -> str:
    """The paper's page, before WeasyPrint."""
    context = {"paper": paper, "content": paper.content, "series": paper.series}
    return direction.isolated(render_to_string(paper.series.template, context))


def pdf(page: str, attachments: list[weasyprint.Attachment] | None = None) -> bytes:
    """Turn a page into PDF/A-3u. Nothing is fetched from anywhere: pictures come as data addresses."""
    with _ONE_AT_A_TIME:
        fonts, styles, fetcher = _shared()
        written: bytes = weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(
            stylesheets=[styles], font_config=fonts, pdf_variant=VARIANT, attachments=attachments
        )
    return written


@lru_cache(maxsize=1)
def _shared() -> tuple[FontConfiguration, weasyprint.CSS, URLFetcher]:
    """One font configuration per process: a new one for each paper grows without end."""
    fonts = FontConfiguration()
    fetcher = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    return fonts, weasyprint.CSS(filename=STYLESHEET, font_config=fonts), fetcher
