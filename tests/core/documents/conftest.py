"""An agency, the authorities above it, and people in their positions."""

import datetime
from types import SimpleNamespace

import pytest

from core.accounts.actors import actor_for
from core.accounts.models import Organisation, Position, Role, ServiceConsent, User
from core.documents import series as series_module
from core.reference.models import Area
from filings.documents import SERIES

DAY = datetime.date(2026, 9, 18)


@pytest.fixture
def house(db, settings, tmp_path) -> SimpleNamespace:
    """agency, other, county, centre, bureau; actors clerk (agency), handler (county), stranger (other agency)."""
    settings.MEDIA_ROOT = tmp_path / "files"
    area, _ = Area.objects.get_or_create(
        code="410502", defaults={"name": "文峰区", "kind": "市辖区", "quota_area": "市区"}
    )
    bureau = Organisation.objects.create(kind="bureau", name="安阳市人力资源和社会保障局")
    centre = Organisation.objects.create(kind="centre", name="安阳市职业技能鉴定指导中心", parent=bureau)
    county = Organisation.objects.create(
        kind="county", name="安阳市文峰区人力资源和社会保障局", area=area, parent=bureau
    )
    agency = Organisation.objects.create(
        kind="agency", name="安阳市甲职业培训学校", credit_code="52410500MJ0000001A", area=area
    )
    other = Organisation.objects.create(
        kind="agency", name="安阳市乙职业培训学校", credit_code="52410500MJ0000002B", area=area
    )

    def actor(organisation: Organisation, role: str, name: str):
        user = User.objects.create_user(username=name, email=f"{name}@example.org", display_name=name)
        position = Position.objects.create(
            user=user, organisation=organisation, role=role, since=datetime.date(2026, 1, 1)
        )
        return actor_for(position, DAY)

    return SimpleNamespace(
        bureau=bureau,
        centre=centre,
        county=county,
        agency=agency,
        other=other,
        clerk=actor(agency, Role.ADMIN, "clerk"),
        handler=actor(county, Role.HANDLER, "handler"),
        stranger=actor(other, Role.ADMIN, "stranger"),
    )


@pytest.fixture
def consent(house) -> ServiceConsent:
    return ServiceConsent.objects.create(organisation=house.agency, given_on=DAY, given_by=house.clerk.position)


@pytest.fixture(autouse=True)
def chapter_two_papers() -> None:
    series_module.register(*SERIES)
