"""The administrator's calendar: years and days, load, confirm, override; each edit can be seen before it is done."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.administration import Administration
from core.api.fields import Day
from core.calendars import arrangements, edits, loading
from core.calendars.edits import Edit
from core.calendars.models import CalendarDay, CalendarYear, DayKind, YearStatus
from core.refusals import NotPossible, Reason
from core.web.api import problems
from core.web.problems import ReasonSerializer, reason_document
from core.workflow.api import ActingView
from regulation.workdays import FIRST_YEAR, LAST_YEAR

TAGS = ["calendar"]
PROVISIONAL = "provisional"
STATUSES = [*YearStatus.choices, (PROVISIONAL, "尚未公布，按推算暂定")]
HISTORY = 50
STALE = Reason("stale", "日历或期限在预览之后有变化，请重新预览。", "seen")


class CalendarYearSerializer(serializers.ModelSerializer):
    """A year that is loaded or confirmed."""

    status = serializers.ChoiceField(choices=YearStatus.choices, read_only=True)

    class Meta:
        model = CalendarYear
        fields = ("year", "status", "source")
        read_only_fields = fields


class CalendarDaySerializer(serializers.Serializer):
    """A day that differs from the plain week."""

    date = Day()
    kind = serializers.ChoiceField(choices=DayKind.choices)
    name = serializers.CharField(max_length=CalendarDay._meta.get_field("name").max_length, help_text="节日名称")


class CalendarChangeSerializer(serializers.Serializer):
    """What somebody changed of a day."""

    date = serializers.DateField()
    kind = serializers.SerializerMethodField(help_text="改为")
    name = serializers.CharField(allow_blank=True)
    basis = serializers.SerializerMethodField(help_text="依据")
    at = serializers.DateTimeField(source="history_date")
    by = serializers.CharField(source="history_user.__str__")

    @extend_schema_field(serializers.ChoiceField(choices=DayKind.choices, allow_blank=True))
    def get_kind(self, row: Any) -> str:
        """What the day became; plain where it was taken away."""
        return loading.PLAIN if row.history_type == "-" else str(row.kind)

    def get_basis(self, row: Any) -> str:
        """The note, or the edit's own reason."""
        return str(row.note or row.history_change_reason or "")


class WholeYearSerializer(serializers.Serializer):
    """A year: how sure it is, its days, what stands against confirming it, who changed what."""

    year = serializers.IntegerField()
    status = serializers.ChoiceField(choices=STATUSES)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    days = CalendarDaySerializer(many=True)
    against_confirming = ReasonSerializer(many=True, help_text="不能按推算确认的理由；空表示可以确认")
    history = CalendarChangeSerializer(many=True, help_text="最近的修改，至多 50 项")


class MoveSerializer(serializers.Serializer):
    """A period that moves, or becomes definite."""

    matter_type = serializers.CharField()
    matter_id = serializers.CharField()
    matter = serializers.CharField(allow_blank=True, help_text="所涉事项的名称")
    label = serializers.CharField()  # type: ignore[assignment]
    starts_on = serializers.DateField()
    old_end = serializers.DateField()
    new_end = serializers.DateField()
    was_provisional = serializers.BooleanField()
    provisional = serializers.BooleanField()
    kept = serializers.BooleanField(help_text="机构的期限，不因载入而缩短")
    told = serializers.ListField(child=serializers.CharField(), help_text="最后一日变动时通知的单位")


class DayChangeSerializer(serializers.Serializer):
    """A day before and after, in words."""

    date = serializers.DateField()
    before = serializers.CharField()
    after = serializers.CharField()


class CalendarPreviewSerializer(serializers.Serializer):
    """What an edit would change."""

    year = serializers.IntegerField()
    days = serializers.IntegerField(help_text="该年列出的日数")
    changes = DayChangeSerializer(many=True)
    moves = MoveSerializer(many=True)
    moved = serializers.IntegerField(help_text="最后一日会变的期限数")
    seen = serializers.CharField(help_text="这一预览的标识，办理时送回，情况有变的就不办")


class LoadedSerializer(serializers.Serializer):
    """What an edit changed."""

    year = serializers.IntegerField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    moves = MoveSerializer(many=True)


# -- bodies ------------------------------------------------------------------------------------------------------


class EditBody(serializers.Serializer):
    """An edit; `seen` names the preview that it rests on."""

    seen = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=64, help_text="预览给出的标识；不填则不比对"
    )


class _Announced(EditBody):
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=loading.REASON_LENGTH, help_text="通知的名称和文号"
    )


class LoadBody(_Announced):
    """A year as announced: lines of text, or rows."""

    text = serializers.CharField(
        required=False, max_length=arrangements.LARGEST_FILE, help_text="CSV：每行依次为日期、类别（放假或补班）、名称"
    )
    rows = CalendarDaySerializer(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if ("text" in attrs) == ("rows" in attrs):
            raise serializers.ValidationError("请用 text 或 rows 之一提交安排。", code="one_of_two")
        return attrs


class LoadFileBody(_Announced):
    """A year as announced, as a CSV file."""

    file = serializers.FileField(help_text="CSV 文件")


class ConfirmBody(EditBody):
    """Why a year that was not announced is confirmed as reckoned."""

    reason = serializers.CharField(max_length=loading.REASON_LENGTH)


class DayBody(EditBody):
    """One day of a loaded year."""

    date = Day()
    kind = serializers.ChoiceField(choices=DayKind.choices, allow_blank=True, help_text="空为恢复平日")
    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=40, help_text="节日或事由")
    note = serializers.CharField(max_length=loading.REASON_LENGTH, help_text="依据：通知的名称和文号")


# -- views -------------------------------------------------------------------------------------------------------


def _known(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(f"日历只有 {FIRST_YEAR} 年至 {LAST_YEAR} 年。")
    return year


class Years(Administration):
    """The years."""

    @extend_schema(
        operation_id="calendar_years",
        summary="已载入或确认的年份",
        tags=TAGS,
        responses=CalendarYearSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return them; every other year is provisional."""
        return Response(CalendarYearSerializer(CalendarYear.objects.all(), many=True).data)


class Year(Administration):
    """One year."""

    @extend_schema(operation_id="calendar_year", summary="一年的日历", tags=TAGS, responses=WholeYearSerializer)
    def get(self, request: Request, year: int) -> Response:
        """Return how sure it is, its days off and make-up days, and who changed it when."""
        row = CalendarYear.objects.filter(pk=_known(year)).first()
        against = loading.against_confirming(year, None, self.actor.on)
        whole = {
            "year": year,
            "status": row.status if row else PROVISIONAL,
            "source": row.source if row else "",
            "days": [{"date": day, "kind": kind, "name": name} for day, kind, name in loading.days_of(year)],
            "against_confirming": [reason_document(reason) for reason in against],
            "history": loading.history_of(year)[:HISTORY],
        }
        return Response(WholeYearSerializer(whole).data)


class _Editing(ActingView, Administration):
    """One of the three edits; `edit` makes it of the request. `acts` false: only what it would change."""

    verb = ""

    def edit(self) -> tuple[Edit, str]:
        """Return the edit that is asked for and the preview it rests on. Raises ValidationError (400)."""
        raise NotImplementedError

    def post(self, request: Request, **where: Any) -> Response:
        """Do it, unless the picture has changed since it was seen; or say what would change."""
        if not self.acts:
            edit, _ = self.edit()
            return Response(CalendarPreviewSerializer(edit.preview(self.actor.on)).data)

        def prepare() -> Any:
            edit, seen = self.edit()

            def act() -> loading.Loaded:
                if seen and seen != edit.preview(self.actor.on).seen:
                    raise NotPossible(STALE)
                return edit.carry_out(self.actor)

            return None, act

        return self.deed(request, self.verb, prepare, LoadedSerializer)


class _Load(_Editing):
    verb = "calendar.load"
    parser_classes = [JSONParser, MultiPartParser]

    def edit(self) -> tuple[Edit, str]:
        """The year as announced."""
        year = _known(self.kwargs["year"])
        form = LoadFileBody if self.request.content_type.startswith("multipart/") else LoadBody
        data = self.body(form)
        return edits.load(year, _reader(data, year), data["source"]), data["seen"]


def _reader(data: dict[str, Any], year: int) -> Callable[[], list[tuple[Any, str, str]]]:
    if "rows" in data:
        rows = [(row["date"], row["kind"], row["name"]) for row in data["rows"]]
        return lambda: arrangements.parse_rows(rows, year)
    text = arrangements.read_file(data["file"]) if "file" in data else data["text"]
    return lambda: arrangements.parse_csv(text, year)


class _Confirm(_Editing):
    verb = "calendar.confirm"

    def edit(self) -> tuple[Edit, str]:
        """The year as reckoned."""
        data = self.body(ConfirmBody)
        return edits.confirm(_known(self.kwargs["year"]), data["reason"], self.actor.on), data["seen"]


class _Override(_Editing):
    verb = "calendar.override"

    def edit(self) -> tuple[Edit, str]:
        """One day."""
        data = self.body(DayBody)
        seen = data.pop("seen")
        return edits.override(**data), seen


LOAD = {"application/json": LoadBody, "multipart/form-data": LoadFileBody}

NOTHING_DONE = "什么也不改，只答复办理之后会怎样。"


def _doors(editing: type[_Editing], body: Any, summary: str, seen: str, description: str) -> list[type[_Editing]]:
    """Return the two views of an edit: doing it, and seeing beforehand what it would change."""
    operation = editing.verb.replace(".", "_")
    shape = {"tags": TAGS, "request": body}
    done = extend_schema(
        operation_id=operation, summary=summary, responses=LoadedSerializer, description=description, **shape
    )
    previewed = {200: CalendarPreviewSerializer, **problems(409, 422)}
    shown = extend_schema(
        operation_id=f"{operation}_preview", summary=seen, responses=previewed, description=NOTHING_DONE, **shape
    )
    name = editing.__name__.strip("_")
    return [
        extend_schema_view(post=done)(type(name, (editing,), {})),
        extend_schema_view(post=shown)(type(f"Preview{name}", (editing,), {"acts": False})),
    ]


Load, PreviewLoad = _doors(
    _Load,
    LOAD,
    "载入一年的节假日安排",
    "预览载入：哪些日子和期限会变",
    "代替该年原有的日子；所依据的期限随之重算。",
)
Confirm, PreviewConfirm = _doors(
    _Confirm,
    ConfirmBody,
    "按推算确认一年",
    "预览确认：哪些期限会确定",
    "尚未公布的年份按周末和法定节日执行；所依据的期限不再是暂定的。",
)
Override, PreviewOverride = _doors(
    _Override,
    DayBody,
    "调整已载入年份的一日",
    "预览调整：哪些期限会变",
    "改为放假、补班，或恢复为平日；所依据的期限随之重算。",
)
