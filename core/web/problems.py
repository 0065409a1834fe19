"""Problem documents (RFC 9457) for the API, and the same refusals as pages.

409 for what the matter's state or the law stands against, 403 for the wrong actor, 400/422 only for what does not fit
the schema (HOUSE.md). Every reason is there at once, with its field and its article.
"""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler
from rest_framework.views import set_rollback

from core.accounts.sessions import page_before
from core.refusals import Reason, Refused
from core.web import outages
from core.web.templatetags.portal import citation

CONTENT_TYPE = "application/problem+json"
PROBLEM_TYPE = "urn:anyang-sep:problem:"

# Titles by status: what happened, in a few words. The detail says what to do.
TITLES = {
    400: "提交的内容不符合要求",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    406: "不支持所要求的格式",
    409: "现在还不能办理",
    410: "已经撤下",
    415: "不支持提交的格式",
    422: "提交的内容不能处理",
    429: "操作过于频繁",
    500: "系统暂时出错",
    503: outages.TITLE,
}
DETAILS = {
    400: "请按所列各处修改后重新提交。",
    401: "请登录或提供有效的令牌后重试。",
    403: "当前岗位不能办理这件事。如有疑问，请联系本单位管理员。",
    404: "请核对地址或编号。",
    405: "请查阅接口说明，改用所列的方法。",
    406: "请改用 application/json。",
    415: "请改用接口说明所列的格式。",
    429: "请稍候再试。",
    500: "错误已经记录，请过几分钟再试。",
    503: "请按 Retry-After 稍候再试；带着同一个 Idempotency-Key 的，不会办两次。",
}
KINDS = {409: "refused", 403: "not-allowed", 422: "invalid", 400: "invalid"}


class ReasonSerializer(serializers.Serializer):
    """One thing that stands against an action."""

    code = serializers.CharField()
    text = serializers.CharField()
    field = serializers.CharField(required=False)
    citation = serializers.CharField(required=False, help_text="M8(3)")
    citation_text = serializers.CharField(required=False, help_text="第二章第三条第(三)项")


class ProblemSerializer(serializers.Serializer):
    """A problem document, for the OpenAPI description."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    instance = serializers.CharField(required=False)
    reasons = ReasonSerializer(many=True, required=False)


def reason_document(reason: Reason) -> dict[str, str]:
    """A reason as JSON, without empty members; the article in both forms."""
    document = {"code": reason.code, "text": reason.text, "field": reason.field, "citation": reason.citation}
    if reason.citation:
        document["citation_text"] = citation(reason.citation)
    return {key: value for key, value in document.items() if value}


def problem(
    status: int, *, detail: str = "", reasons: list[dict[str, str]] | None = None, path: str = ""
) -> dict[str, Any]:
    """The members of a problem document; empty ones are left out."""
    document = {
        "type": PROBLEM_TYPE + KINDS[status] if reasons and status in KINDS else "about:blank",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail or DETAILS.get(status, ""),
        "instance": path,
    }
    document = {key: value for key, value in document.items() if value}
    if reasons:
        document["reasons"] = reasons
    return document


def refused_document(refused: Refused, path: str = "") -> dict[str, Any]:
    """The problem document of a typed refusal."""
    reasons = [reason_document(reason) for reason in refused.reasons]
    return problem(refused.status, detail="；".join(r.text for r in refused.reasons), reasons=reasons, path=path)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST_FRAMEWORK["EXCEPTION_HANDLER"]: every answer from 400 on is a problem document. What is
    neither goes on to handler500 (core.web.views.server_error)."""
    path = context["request"].path if context.get("request") else ""
    if isinstance(exc, Refused):
        set_rollback()
        return _answer(refused_document(exc, path), headers={"Retry-After": str(exc.wait)} if exc.wait else None)
    response = drf_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        reasons = [
            {"code": code, "text": text, "field": field} for field, code, text in _flatten(exc.get_full_details())
        ]
        reasons = [{key: value for key, value in reason.items() if value} for reason in reasons]
        document = problem(response.status_code, reasons=reasons, path=path)
    else:
        document = problem(response.status_code, detail=_said(exc), path=path)
    return _answer(
        document, headers={key: response[key] for key in ("WWW-Authenticate", "Retry-After") if key in response}
    )


def _answer(document: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(document, status=document["status"], headers=headers, content_type=CONTENT_TYPE)


def _said(exc: Exception) -> str:
    """A sentence that our own code put into the exception; the libraries' own words give way to DETAILS."""
    if isinstance(exc, PermissionDenied | Http404):
        return str(exc) if _is_chinese(str(exc)) else ""
    if isinstance(exc, exceptions.APIException) and isinstance(exc.detail, str):
        return str(exc.detail) if str(exc.detail) != str(exc.default_detail) else ""
    return ""


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _flatten(details: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(field, code, text) of nested serializer errors; fields as dotted paths."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield path, str(details["code"]), str(details["message"])
    elif isinstance(details, dict):
        for key, value in details.items():
            here = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            yield from _flatten(value, here)
    elif isinstance(details, list):
        for index, value in enumerate(details):
            leaf = isinstance(value, dict) and set(value) == {"message", "code"}
            yield from _flatten(value, path if leaf else f"{path}.{index}" if path else str(index))


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as a page (or, for htmx, as the reasons list alone, and said in a dialog: it takes nobody's place,
    least of all that of what was written) with its status."""
    part = bool(request.headers.get("HX-Request"))
    template = "components/reasons.html" if part else "409.html"
    context = {
        "reasons": refused.reasons,
        "title": TITLES.get(refused.status, TITLES[409]),
        "status": refused.status,
        "back": page_before(request),
    }
    response = render(request, template, context, status=refused.status)
    if refused.wait:
        response["Retry-After"] = str(refused.wait)
    if part:
        said = " ".join(reason.text for reason in refused.reasons)
        response["HX-Reswap"] = "none"
        response["HX-Trigger"] = json.dumps({"portal:refused": {"text": said}})
    return response
