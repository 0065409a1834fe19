"""The public API: the same directory as the pages, without sign-in; nothing is kept of it."""

import datetime
import json
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.accounts.sessions import day_of
from core.api.fields import Day
from core.web.api import problems
from core.web.pagination import PER_PAGE, read_cursor
from registry import days, directory, facets
from registry.directory import Agency
from registry.folding import LONGEST
from registry.open_access import OpenAccess
from registry.search import STATUS_CHOICES, Query
from registry.suggestions import suggestions
from regulation.codes import LEVELS


class DayQuery(serializers.Serializer):
    """Which day is asked about."""

    on = Day(required=False, help_text="查询哪一天的状态，不写为今天")

    def validate_on(self, day: datetime.date) -> datetime.date:
        """Refuse a day out of reach."""
        if why := days.against(day, self.context["today"]):
            raise serializers.ValidationError(why)
        return day


def asked_of(serializer_class: type[DayQuery], request: Request) -> tuple[Any, datetime.date, datetime.date]:
    """Return the query, the day it asks about, and today. Raises ValidationError (400)."""
    today = day_of(request._request)
    if serializer_class is DayQuery and not request.query_params:
        return None, today, today
    asked = serializer_class(data=request.query_params, context={"today": today})
    asked.is_valid(raise_exception=True)
    return asked, asked.validated_data.get("on") or today, today


class AgencyQuery(DayQuery):
    """The filters of the look-up."""

    q = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST,
        help_text="关键词，用空格分开，须全部出现：名称及其拼音、首字母，备案编码、信用代码、职业、区域、地址",
    )
    area = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text="区域的代码或名称（注册地或考评场地），如 410581"
    )
    occupation = serializers.CharField(
        required=False, allow_blank=True, max_length=10, help_text="职业代码，如 6-18-02-04"
    )
    level = serializers.ChoiceField(
        choices=sorted(LEVELS), required=False, help_text="等级，5（初级工）至 1（高级技师）"
    )
    status = serializers.ChoiceField(choices=STATUS_CHOICES, required=False, help_text="备案现在的状态")
    cursor = serializers.CharField(required=False, allow_blank=True, max_length=500, help_text="next、previous 里带的")
    page_size = serializers.IntegerField(required=False, default=PER_PAGE, min_value=1, max_value=100)

    def validate_cursor(self, text: str) -> str:
        """Refuse one that no answer named: beginning anew would never end."""
        if text and read_cursor(text, 2) is None:
            raise serializers.ValidationError("这不是答复里给出的游标，请用 next 或 previous 里的地址。")
        return text

    def query(self) -> Query:
        """Return what is asked for."""
        given = self.validated_data
        return Query(
            text=given.get("q", ""),
            area=given.get("area", ""),
            occupation=given.get("occupation", ""),
            level=given.get("level"),
            status=given.get("status", ""),
        )


class ScopeSerializer(serializers.Serializer):
    """An occupation of a filing."""

    code = serializers.CharField()
    occupation = serializers.CharField()
    levels = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=5))
    levels_text = serializers.CharField()
    sites = serializers.ListField(child=serializers.CharField())


class SiteSerializer(serializers.Serializer):
    """A site of a filing."""

    name = serializers.CharField()
    area = serializers.CharField()
    area_code = serializers.CharField(allow_blank=True)
    address = serializers.CharField()


class AgencySerializer(serializers.Serializer):
    """A filed agency as it stands on the day asked about."""

    # The fields are what is promised; `written` writes the answer: a page of the look-up holds hundreds of occupations,
    # which stand in the entries as they are answered.
    code = serializers.CharField(help_text="备案编码")
    name = serializers.CharField()
    credit_code = serializers.CharField()
    area = serializers.CharField()
    area_code = serializers.CharField()
    address = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUS_CHOICES)
    status_text = serializers.CharField()
    status_reason = serializers.CharField()
    as_of = serializers.DateField(help_text="状态所依据的日期")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(help_text="含当日")
    receipt = serializers.CharField(help_text="回执文号")
    verification_code = serializers.CharField(help_text="回执核验码")
    scope = ScopeSerializer(many=True)
    sites = SiteSerializer(many=True)

    def to_representation(self, agency: Agency) -> dict[str, Any]:
        """Write an agency out."""
        written_out: dict[str, Any] = json.loads(written(agency))
        return written_out


def written(agency: Agency) -> str:
    """Return an agency as JSON, in the fields of AgencySerializer."""
    now, finding = agency.current, agency.finding
    standing = {
        "code": now.code,
        "name": now.name,
        "credit_code": now.credit_code,
        "area": now.area,
        "area_code": now.area_code,
        "address": now.address,
        "status": finding.standing.value,
        "status_text": finding.label,
        "status_reason": finding.why,
        "as_of": agency.on.isoformat(),
        "valid_from": now.valid_from.isoformat(),
        "valid_until": now.valid_until.isoformat(),
        "receipt": now.receipt,
        "verification_code": now.verification,
    }
    return f"{_json(standing)[:-1]},{now.detail[1:]}"


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _answer(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")


class PublicView(OpenAccess, APIView):
    """No sign-in, and none looked for."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    pagination_class: Any = None


CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH)


class AgencyPageSerializer(serializers.Serializer):
    """One page of the directory, and by what it can be narrowed."""

    count = serializers.IntegerField(help_text="共多少家，至多数到 10000")
    count_exact = serializers.BooleanField(help_text="count 是否就是全部")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    alike = serializers.BooleanField(help_text="没有包含关键词的，列出的是名称读音相同或相近的")
    facets = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="按 status、area、occupation、level 各值的家数（该项条件本身不计在内），至多数到 10001",
    )
    results = AgencySerializer(many=True)


def _linked(request: Request, cursor: str | None) -> str | None:
    """The address of another page of the same list."""
    if cursor is None:
        return None
    asked = request.query_params.copy()
    asked["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


class AgencyList(PublicView):
    """The directory of filed agencies."""

    of_publications = True

    @extend_schema(
        operation_id="public_agencies_list",
        summary="查询备案机构",
        parameters=[AgencyQuery],
        responses={200: AgencyPageSerializer, **problems(400)},
        tags=["public"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """List the agencies that fit all filters: those in force and so called first, then by filing code."""
        asked, on, today = asked_of(AgencyQuery, request)
        query = asked.query()
        found, counts = facets.look_up(query, on, today)
        page = found.page(request.query_params, per_page=asked.validated_data["page_size"])
        told = {
            "count": page.count,
            "count_exact": page.count_exact,
            "next": _linked(request, page.next_cursor),
            "previous": _linked(request, page.previous_cursor),
            "alike": bool(found.slips),
            "facets": {part: counts.by[part] for part in facets.EMPTY},
        }
        results = ",".join(written(directory.as_listed(entry, on)) for entry in page)
        return _answer(f'{_json(told)[:-1]},"results":[{results}]}}')


class SuggestionSerializer(serializers.Serializer):
    """Something that may be meant."""

    kind = serializers.CharField(help_text="机构、职业（工种）、区域")
    name = serializers.CharField()
    note = serializers.CharField(help_text="编码和区域")
    url = serializers.CharField(help_text="门户上的页面")


class Suggestions(PublicView):
    """What may be meant by what has been typed."""

    @extend_schema(
        operation_id="public_suggestions",
        summary="边输入边提示",
        parameters=[OpenApiParameter("q", str, required=True, description="名称、拼音、首字母、编码的一部分")],
        responses={200: SuggestionSerializer(many=True)},
        tags=["public"],
    )
    def get(self, request: Request) -> Response:
        """List agencies, occupations and areas that it may be part of the name of."""
        found = suggestions(request.query_params.get("q", ""), day_of(request._request))
        return Response(SuggestionSerializer(found, many=True).data)


class AgencyDetail(PublicView):
    """One filed agency."""

    of_publications = True

    @extend_schema(
        operation_id="public_agencies_read",
        summary="按备案编码读取机构",
        parameters=[CODE, DayQuery],
        responses={200: AgencySerializer, **problems(400, 404)},
        tags=["public"],
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """Return the agency with this filing code."""
        _, on, today = asked_of(DayQuery, request)
        found = directory.find_listed(code, on, today)
        if found is None:
            raise NotFound("没有这个备案编码，或那一天还没有公布。")
        self.changed_at = found.changed_at
        return _answer(written(found))
