"""Serializers that the routes of several layers answer with."""

from rest_framework import serializers

from core.accounts.models import Organisation
from core.reference.models import Area


class OrganisationSerializer(serializers.ModelSerializer):
    """A party, by id and name."""

    class Meta:
        model = Organisation
        fields = ("id", "kind", "name")
        read_only_fields = fields


class AreaSerializer(serializers.ModelSerializer):
    """A district, county or zone; `quota_area` says where its places count (M37)."""

    class Meta:
        model = Area
        fields = ("code", "name", "kind", "quota_area")
        read_only_fields = fields
