"""The public pages of verification: by code, by the address in a QR code, by a PDF handed in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.sessions import day_of
from core.documents import serving
from core.documents.formats import PDF
from registry import (
    limits,
    verification,
)
from registry.forms import CodeForm, DayForm, PdfForm
from regulation.codes import is_filing_code


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Type a code, or hand in a PDF. The script's upload is answered with the upload part alone."""
    if request.method == "POST":
        return _verify_pdf(request)
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if is_filing_code(code):
            return redirect("registry:agency", code=code)
        return redirect("registry:verify-code", code=code)
    context = {"form": form, "upload": _upload(), "verified": None}
    return render(request, "registry/verify.html", context, status=422 if form.errors else 200)


def _upload(error: str = "") -> dict[str, Any]:
    """The upload part's context (components/upload.html)."""
    return {
        "id": "pdf",
        "url": reverse("registry:verify"),
        "label": "上传文书的 PDF 文件",
        "hint": "核对文件指纹（您手里的文件与本门户发出的是否同一份）、电子签名和证书。文件不会保存。",
        "accept": ".pdf",
        "limit_mb": 20,
        "error": error,
    }


def _verify_pdf(request: HttpRequest) -> HttpResponse:
    form = PdfForm(request.POST, request.FILES)
    part = bool(request.headers.get("HX-Request"))
    try:
        limits.count(request)
    except limits.TooMany as refused:
        if not part:
            return limits.too_many(request, refused)
        upload = _upload(f"核验得太频繁了，请 {refused.wait} 秒后再试。")
        return render(request, "registry/verify_upload.html", {"upload": upload}, status=422)
    verified, error = None, ""
    if form.is_valid():
        verified = verification.by_pdf(form.cleaned_data["file"], day_of(request))
    else:
        error = str(form.errors["file"][0])
    context = {"form": CodeForm(), "upload": _upload(error), "verified": verified}
    status = 200 if verified is not None and verified.trustworthy else 422
    template = "registry/verify_upload.html" if part else "registry/verify.html"
    return render(request, template, context, status=status)


@require_safe
@limits.limited(limits.VERIFY)
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Where a paper's QR code leads: the state of the paper with that code, as of today or of another day."""
    form = DayForm(request.GET, today=day_of(request))
    verified = verification.by_code(code, form.day(), known=form.today)
    if verified.document is not None and verified.document.code != code:
        return redirect("registry:verify-code", code=verified.document.code)
    context = {"verified": verified, "code": code[:60], "form": CodeForm(), "day_form": form}
    status = 404 if verified.document is None else 422 if form.errors else 200
    return render(request, "registry/verified.html", context, status=status)


@require_safe
@xframe_options_sameorigin
@limits.limited(limits.VERIFY)
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The signed PDF of a receipt, as long as what is published of it stands (M12); 404 for every other paper."""
    found = verification.receipt(code, day_of(request))
    if found is None:
        raise Http404
    return serving.respond(found.file, name=f"{found.number}.pdf", media_type=PDF)
