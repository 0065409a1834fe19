"""更正: which words of a paper can be corrected, and a correction proposed; decided as every proposal is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.documents.models import OfficialDocument
from core.workflow.api import ProposalSerializer, Work
from filings import clerical
from filings.api.applications import papers_for
from filings.api.bodies import Text
from filings.api.common import Acting, Below, verb
from filings.api.fields import unique
from filings.models import Application, ClericalCorrection
from filings.workflow.clerical import propose_correction

TAGS = ["documents"]


class LeafSerializer(serializers.Serializer):
    """A text of a paper that can be corrected."""

    path = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField(help_text="文书现在的文字")


class CorrectedSerializer(serializers.Serializer):
    """A text corrected."""

    path = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ClericalCorrectionSerializer(serializers.ModelSerializer):
    """A correction of a paper, proposed or issued."""

    number = serializers.CharField(source="document.number", read_only=True, help_text="被更正的文书的文号")
    changes = CorrectedSerializer(many=True, read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    issued = serializers.SlugRelatedField(slug_field="number", read_only=True, help_text="更正后的文书的文号")

    class Meta:
        model = ClericalCorrection
        fields = ("id", "number", "changes", "reason", "state", "state_label", "drafted_on", "decided_on", "issued")
        read_only_fields = fields


class CorrectedBody(serializers.Serializer):
    """What a text is to say."""

    path = serializers.CharField(max_length=100, help_text="如 address、reasons.0.text")
    text = Text(help_text="更正后的文字")


class CorrectionOfPaperBody(serializers.Serializer):
    """Which words, and why."""

    changes = CorrectedBody(many=True, max_length=200)
    reason = serializers.CharField(max_length=300, help_text="更正的原因，写入新文书")
    proposal_reason = Text(required=False, allow_blank=True, default="", help_text="提议理由，给决定人看")

    def validate_changes(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each text once."""
        unique([one["path"] for one in value], "文字")
        return value


class Corrections(Below):
    """Corrections of the papers of one application."""

    @extend_schema(
        operation_id="applications_corrections",
        summary="文书更正",
        tags=TAGS,
        responses=ClericalCorrectionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """List them for the offices, newest first; the agency reads the papers that came of them."""
        rows = self.for_offices().clerical_corrections.select_related("document", "issued")
        return self.listed(ClericalCorrectionSerializer, rows)


class CorrectPaper(Acting):
    """A paper's words."""

    @extend_schema(
        operation_id="applications_documents_correctable",
        summary="文书中可以更正的文字",
        tags=TAGS,
        responses=LeafSerializer(many=True),
    )
    def get(self, request: Request, pk: int, document: int) -> Response:
        """Return them; none where the paper has none."""
        return self.listed(LeafSerializer, clerical.leaves(self._paper(self.for_offices(), document)))

    @extend_schema(
        operation_id="applications_documents_correct",
        summary="更正文书（提议，另一人决定）",
        description="只更正名称、地址、理由等文字；日期、期限、编码、等级和备案范围不能更正。",
        tags=TAGS,
        request=CorrectionOfPaperBody,
        responses={201: ProposalSerializer},
    )
    def post(self, request: Request, pk: int, document: int) -> Response:
        """Propose to correct words, as a handler of the office that issued the paper."""

        def prepare() -> Work:
            found, actor, data = self.for_offices(), self.actor, self.body(CorrectionOfPaperBody)
            paper = self._paper(found, document)

            def act() -> tuple[int, Any]:
                proposal = propose_correction(
                    found,
                    paper,
                    actor=actor,
                    on=actor.on,
                    values={one["path"]: one["text"] for one in data["changes"]},
                    reason=data["reason"],
                    proposal_reason=data["proposal_reason"],
                )
                return 201, self.shown(ProposalSerializer, proposal)

            return Work(verb("correct_paper.propose"), found, act)

        return self.perform(request, prepare)

    def _paper(self, application: Application, pk: int) -> OfficialDocument:
        paper = next((one for one in papers_for(application, self.actor) if one.pk == pk), None)
        if paper is None:
            raise NotFound("没有这份文书。")
        return paper
