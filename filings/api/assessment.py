"""The technical assessment: experts and their sheets, visit, report."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.actors import in_force
from core.accounts.models import OrganisationKind, Position, Role
from core.documents.api import UploadSerializer
from core.workflow.api import ActingView, ActorView, Work, plain
from filings import pending, permissions, workflow
from filings.api.application_serializers import ApplicationSerializer
from filings.api.assessment_serializers import (
    AssessmentSerializer,
    ExpertSerializer,
    OverrideSerializer,
    OwnTaskSerializer,
    TaskSerializer,
)
from filings.api.bodies import AssignBody, FileBody, FoundDayBody, ReportBody, SheetBody, VisitBody
from filings.api.common import Acting, Below, FileOnly, Multipart, verb
from filings.models import Application, Assessment, ExpertTask
from filings.workflow.assessing import criteria

TAGS = ["assessment"]


def _assessment(application: Application) -> Assessment:
    found: Assessment | None = getattr(application, "assessment", None)
    if found is None:
        raise NotFound("还没有开始技术评估。")
    return found


class AssessmentDetail(Below):
    """Methods, experts, visit, report."""

    @extend_schema(
        operation_id="applications_assessment", summary="技术评估", tags=TAGS, responses=AssessmentSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return the assessment, for the offices."""
        return Response(self.shown(AssessmentSerializer, _assessment(self.for_offices())))


class _Assessing(Acting):
    """Something done in an assessment that the office may see."""

    def done(self, application: Application) -> Any:
        """The assessment as it stands now."""
        return self.shown(AssessmentSerializer, Assessment.objects.get(application=application))


class Qualification(_Assessing, FileOnly):
    """A commissioned assessor's qualification."""

    @extend_schema(
        operation_id="applications_assessment_qualification",
        summary="上传受托评估机构的资质证明",
        description="在开始委托评估之前上传；再传即为新的一版。",
        tags=TAGS,
        request={"multipart/form-data": FileBody},
        responses=UploadSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Take its newest version, before the assessment starts."""
        return self.take(request, "upload_qualification", workflow.upload_qualification)


class Overrides(Below):
    """Requests of one application to go over a cap."""

    @extend_schema(
        operation_id="applications_overrides",
        summary="超名额请求和答复",
        tags=TAGS,
        responses=OverrideSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return them with today's figures, oldest first, for the offices."""
        return self.listed(OverrideSerializer, self.for_offices().overrides.all())


class OpenOverrides(ActorView):
    """Requests that wait for the bureau."""

    kinds = (OrganisationKind.BUREAU, OrganisationKind.CENTRE)

    @extend_schema(
        operation_id="overrides_list",
        summary="等待市人社局答复的超名额请求",
        tags=TAGS,
        responses=OverrideSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return them with today's figures, oldest first, for the bureau and the centre."""
        rows = pending.open_overrides(self.actor)
        return Response(OverrideSerializer(rows, many=True, context=self.get_serializer_context()).data)


class AssignExpert(_Assessing):
    """Assigning."""

    @extend_schema(
        operation_id="applications_assessment_assign_expert",
        summary="指派评审专家",
        tags=TAGS,
        request=AssignBody,
        responses={201: TaskSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let an expert see this application until the sheet is in."""

        def prepare() -> Work:
            found, actor, data = self.for_offices(), self.actor, self.body(AssignBody)
            expert = Position.objects.select_related("organisation").filter(pk=data["expert"], role=Role.EXPERT).first()
            if expert is None:
                raise NotFound("专家库里没有这位专家。")

            def act() -> tuple[int, Any]:
                task = workflow.assign_expert(found, expert, actor=actor, on=actor.on)
                return 201, self.shown(TaskSerializer, task)

            return Work(verb("assign_expert"), found, act)

        return self.perform(request, prepare)


class WithdrawExpert(_Assessing):
    """Taking an assignment back."""

    @extend_schema(
        operation_id="applications_assessment_withdraw_expert",
        summary="撤回专家任务",
        tags=TAGS,
        request=None,
        responses=TaskSerializer,
    )
    def post(self, request: Request, pk: int, task: int) -> Response:
        """The expert no longer sees the matter."""

        def prepare() -> Work:
            found, actor = self.for_offices(), self.actor
            row = ExpertTask.objects.filter(pk=task, assessment__application=found).first()
            if row is None:
                raise NotFound("没有这项评审任务。")

            def act() -> tuple[int, Any]:
                return 200, self.shown(TaskSerializer, workflow.withdraw_expert(row, actor=actor, on=actor.on))

            return Work(verb("withdraw_expert"), found, act)

        return self.perform(request, prepare)


class Visit(_Assessing, Multipart):
    """The site visit."""

    @extend_schema(
        operation_id="applications_assessment_visit",
        summary="登记现场考察",
        tags=TAGS,
        request={"multipart/form-data": VisitBody, "application/json": VisitBody},
        responses=AssessmentSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Record its day, what was seen, and the signed record."""

        def prepare() -> Work:
            found, actor, data = self.for_offices(), self.actor, self.body(VisitBody)

            def act() -> tuple[int, Any]:
                workflow.record_visit(found, actor=actor, on=actor.on, **data)
                return 200, self.done(found)

            return Work(verb("record_visit"), found, act)

        return self.perform(request, prepare)


class Report(_Assessing):
    """The report."""

    @extend_schema(
        operation_id="applications_assessment_report",
        summary="撰写评估报告",
        tags=TAGS,
        request=ReportBody,
        responses=AssessmentSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Write the report on which proposal and decision rest."""

        def prepare() -> Work:
            found, actor, data = self.for_offices(), self.actor, self.body(ReportBody)

            def act() -> tuple[int, Any]:
                workflow.write_report(found, actor=actor, on=actor.on, text=data["text"])
                return 200, self.done(found)

            return Work(verb("write_report"), found, act)

        return self.perform(request, prepare)


class FoundDay(Multipart):
    """The day of a reported change, as found."""

    @extend_schema(
        operation_id="applications_found_day",
        summary="登记查明的变更之日",
        description="按查明之日判断是否在30日内报告（第十三条）；机构填写的日期照留。",
        tags=TAGS,
        request={"multipart/form-data": FoundDayBody, "application/json": FoundDayBody},
        responses=ApplicationSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Record it with its evidence, as the centre's handler."""

        def prepare() -> Work:
            found, actor, data = self.for_offices(), self.actor, self.body(FoundDayBody)

            def act() -> tuple[int, Any]:
                workflow.record_found_day(found, actor=actor, on=actor.on, **data)
                return 200, self.whole(found)

            return Work(verb("record_found_day"), found, act)

        return self.perform(request, prepare)


class Experts(ActorView):
    """The experts, for who assigns them."""

    kinds = (OrganisationKind.CENTRE,)

    @extend_schema(operation_id="experts_list", summary="评审专家库", tags=TAGS, responses=ExpertSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return the experts in office; the centre alone reads who they are."""
        rows = Position.objects.filter(in_force(self.actor.on), role=Role.EXPERT, organisation__active=True)
        return Response(ExpertSerializer(rows.select_related("user", "organisation").order_by("id"), many=True).data)


class OwnTasks(ActorView):
    """An expert's own open assignments."""

    @extend_schema(
        operation_id="expert_tasks_list", summary="我的评审任务", tags=TAGS, responses=OwnTaskSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Return them with the criteria to mark, oldest first."""
        return Response([plain(OwnTaskSerializer(task)) for task in own_tasks(self)])


def own_tasks(view: ActorView) -> list[ExpertTask]:
    """Return the caller's open assignments, each with `criteria`; none of a matter to keep out of."""
    actor = view.actor
    if actor.position is None:
        return []
    rows = ExpertTask.objects.filter(expert=actor.position, done_on__isnull=True, withdrawn_on__isnull=True)
    found = []
    for task in rows.select_related("assessment__application"):
        if permissions.is_assigned_expert.test(actor, task.assessment.application):
            task.criteria = criteria(task.assessment.started_on)  # type: ignore[attr-defined]
            found.append(task)
    return found


class Sheet(ActingView):
    """Handing in a sheet."""

    @extend_schema(
        operation_id="expert_tasks_sheet",
        summary="提交评审表",
        description="提交后不能修改，也不再看得到这件申请。",
        tags=TAGS,
        request=SheetBody,
        responses=TaskSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Hand in marks with reasons for every criterion."""

        def prepare() -> Work:
            actor = self.actor
            task = next((one for one in own_tasks(self) if one.pk == pk), None)
            if task is None:
                raise NotFound("没有这项评审任务。")
            data = self.body(SheetBody)

            def act() -> tuple[int, Any]:
                done = workflow.submit_sheet(
                    task,
                    actor=actor,
                    on=actor.on,
                    marks=SheetBody.by_criterion(data),
                    positive=data["positive"],
                    opinion=data["opinion"],
                )
                return 200, plain(TaskSerializer(done, context=self.get_serializer_context()))

            return Work(verb("submit_sheet"), task.assessment.application, act)

        return self.perform(request, prepare)
