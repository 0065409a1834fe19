"""What is reviewed, as it is read: materials and parts with their marks, conditions of M7, what notices ask."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.accounts.actors import AUTHORITIES
from core.documents.api import DocumentSerializer, UploadSerializer
from filings import m7
from filings.api.fields import MATERIAL_CHOICES
from filings.models import (
    Material,
    PartMark,
    Request,
    RequestItem,
)
from filings.part_contents import changes_of
from filings.parts import PART_CHOICES, Part


class MarkSerializer(serializers.ModelSerializer):
    """The reviewer's mark on a material."""

    complete = serializers.BooleanField(allow_null=True, help_text="齐全；空为未看")
    compliant = serializers.BooleanField(allow_null=True, help_text="符合要求；空为未看")
    remark = serializers.CharField(allow_blank=True, required=False, default="", max_length=2000)

    class Meta:
        model = Material
        fields = ("complete", "compliant", "remark", "marked_on")
        read_only_fields = ("marked_on",)


class MaterialSerializer(serializers.ModelSerializer):
    """One of the six materials (M8). An agency reads what a notice asks, not the marks."""

    key = serializers.ChoiceField(choices=MATERIAL_CHOICES, read_only=True)
    label = serializers.CharField(source="rule.label", read_only=True)
    hint = serializers.CharField(source="rule.hint", read_only=True)
    formats = serializers.ListField(child=serializers.CharField(), source="rule.formats", read_only=True)
    citation = serializers.CharField(source="rule.citation.code", read_only=True)
    upload = UploadSerializer(read_only=True, allow_null=True)
    mark = serializers.SerializerMethodField(help_text="审核标记，只对审核机关")

    class Meta:
        model = Material
        fields = ("key", "label", "hint", "formats", "citation", "upload", "mark")
        read_only_fields = fields

    @extend_schema_field(MarkSerializer(allow_null=True))
    def get_mark(self, material: Material) -> Any:
        """For officers alone."""
        return MarkSerializer(material).data if self.context["actor"].kind in AUTHORITIES else None


class CheckSerializer(serializers.Serializer):
    """One condition of M7 on this application."""

    key = serializers.CharField(source="condition.key")
    label = serializers.CharField(source="condition.label")
    citation = serializers.CharField(source="condition.citation.code")
    result = serializers.ChoiceField(choices=[one.value for one in m7.Result])
    detail = serializers.CharField()
    warning = serializers.CharField(allow_blank=True, help_text="结果之外请核对的，如可能重复填写的记录")
    occupation = serializers.CharField(allow_blank=True, help_text="按职业核对的，职业代码")


class PartMarkSerializer(serializers.ModelSerializer):
    """The receiving handler's mark on a part of the form."""

    correct = serializers.BooleanField(allow_null=True, help_text="无误；空为未看")
    remark = serializers.CharField(allow_blank=True, required=False, default="", max_length=2000)

    class Meta:
        model = PartMark
        fields = ("correct", "remark", "marked_on")
        read_only_fields = ("marked_on",)


class PartSerializer(serializers.Serializer):
    """A part of the form: what it covers, and whether the caller may edit it now."""

    key = serializers.ChoiceField(choices=PART_CHOICES)
    label = serializers.CharField()
    citation = serializers.CharField(source="citation.code")
    fields_covered = serializers.ListField(
        child=serializers.CharField(), source="fields", help_text="申请自身的字段，在 /applications/{id}/ 修改"
    )
    rows = serializers.BooleanField(help_text="是否有同名的表，在 /applications/{id}/{key}/ 修改")
    open = serializers.SerializerMethodField(help_text="申请机构现在可以修改")
    mark = serializers.SerializerMethodField(help_text="审核标记，只对审核机关")

    def get_open(self, part: Part) -> bool:
        """In a draft, or named by a notice that waits."""
        return part.key in self.context["open_parts"]

    @extend_schema_field(PartMarkSerializer(allow_null=True))
    def get_mark(self, part: Part) -> Any:
        """For officers alone; none where nobody has said anything."""
        mark = self.context["marks"].get(part.key)
        return PartMarkSerializer(mark).data if mark and self.context["actor"].kind in AUTHORITIES else None


class ChangeSerializer(serializers.Serializer):
    """One thing that a part says differently since it was asked for. Personal numbers and names are masked."""

    row = serializers.CharField(allow_blank=True, help_text="哪一行；申请自身的字段为空")
    label = serializers.CharField()
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)


class RequestItemSerializer(serializers.ModelSerializer):
    """One thing asked for, a material or a part of the form, and the agency's answer."""

    material = serializers.ChoiceField(choices=MATERIAL_CHOICES, read_only=True, allow_blank=True)
    part = serializers.ChoiceField(choices=PART_CHOICES, read_only=True, allow_blank=True)
    label = serializers.CharField(read_only=True)
    upload = UploadSerializer(read_only=True, allow_null=True)
    answered = serializers.BooleanField(read_only=True)
    changes = serializers.SerializerMethodField(help_text="申请内容自通知以来的改动")

    class Meta:
        model = RequestItem
        fields = ("material", "part", "label", "what", "answer", "upload", "edited", "answered", "changes")
        read_only_fields = fields

    @extend_schema_field(ChangeSerializer(many=True))
    def get_changes(self, item: RequestItem) -> Any:
        """Old beside new."""
        return ChangeSerializer(changes_of(item), many=True).data


class RequestSerializer(serializers.ModelSerializer):
    """A correction notice or an invitation to supplement."""

    items = RequestItemSerializer(many=True, read_only=True)
    document = DocumentSerializer(read_only=True, allow_null=True)
    overtaken = serializers.BooleanField(read_only=True, help_text="登记送达之前已视为受理，补正通知不再生效")

    class Meta:
        model = Request
        fields = (
            "id",
            "kind",
            "asked_on",
            "days",
            "served_on",
            "extension_asked_on",
            "extension_request",
            "extended_to",
            "extension_reason",
            "answered_on",
            "overtaken",
            "document",
            "items",
        )
        read_only_fields = fields
