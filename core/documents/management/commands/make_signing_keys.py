"""Demo and tests: make each issuing organisation's self-signed key before the first paper needs it."""

from typing import Any

from django.core.management.base import BaseCommand

from core.accounts.models import Organisation, OrganisationKind
from core.documents.signing import signer_for


class Command(BaseCommand):
    """`make_signing_keys`: idempotent; in production it only opens the configured keys."""

    help = "为各签发单位准备签名密钥（演示：自签名；生产：检查已配置的密钥）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or open one key for each county bureau and the municipal bureau."""
        issuers = Organisation.objects.filter(kind__in=[OrganisationKind.COUNTY, OrganisationKind.BUREAU], active=True)
        for issuer in issuers.select_related("area").order_by("id"):
            self.stdout.write(f"{issuer.name} {signer_for(issuer).fingerprint[:16]}")
