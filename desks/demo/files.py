"""Real files for the demo: PDF, JPG, DOCX and XLSX, made on the spot, each saying what it is."""

import io
import zipfile
from html import escape

from django.core.files.base import ContentFile
from openpyxl import Workbook
from PIL import Image, ImageDraw
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

_fonts = FontConfiguration()
_css = CSS(
    string="@page{size:A4;margin:2.5cm} body{font:11pt/1.8 'Noto Sans CJK SC',sans-serif} h1{font-size:18pt;"
    "text-align:center} table{border-collapse:collapse;width:100%} td,th{border:1px solid #555;padding:4pt 6pt}",
    font_config=_fonts,
)


def pdf(title: str, paragraphs: list[str], table: list[tuple[str, ...]] = ()) -> ContentFile:  # type: ignore[assignment]
    """Return a PDF with a title, paragraphs and a table."""
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table)
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    html = f"<h1>{escape(title)}</h1>{body}<table>{rows}</table><p>(演示文件，内容均为虚构)</p>"
    return ContentFile(HTML(string=html).write_pdf(stylesheets=[_css], font_config=_fonts), f"{title}.pdf")


def jpg(title: str, boxes: int) -> ContentFile:
    """Return a drawn site plan as JPG: numbered work places with their cameras."""
    image = Image.new("RGB", (1200, 800), "#f7f5ef")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 1160, 760), outline="#333", width=6)
    for number in range(boxes):
        x, y = 90 + (number % 8) * 130, 110 + (number // 8) * 150
        draw.rectangle((x, y, x + 90, y + 90), outline="#1d4f91", width=4)
        draw.text((x + 38, y + 38), str(number + 1), fill="#1d4f91")
        draw.ellipse((x + 70, y - 26, x + 86, y - 10), fill="#b3261e")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return ContentFile(buffer.getvalue(), f"{title}.jpg")


_DOCX = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
    'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def docx(title: str, paragraphs: list[str]) -> ContentFile:
    """Return a Word document with these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in [title, *paragraphs])
    parts = {
        **_DOCX,
        "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats'
        f'.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return ContentFile(buffer.getvalue(), f"{title}.docx")


def xlsx(title: str, rows: list[tuple[object, ...]]) -> ContentFile:
    """Return a spreadsheet with these rows, the first one the heading."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("培训评价经历")
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return ContentFile(buffer.getvalue(), f"{title}.xlsx")
