"""To whom an adverse paper says one may turn (行政复议法 24)."""

import pytest

from core.accounts.models import Organisation
from core.reference.models import Area
from filings import contents
from regulation.remedies import Paper


@pytest.mark.parametrize(
    ("kind", "area", "government"),
    [
        ("bureau", None, "安阳市人民政府"),
        ("centre", None, "安阳市人民政府"),
        ("county", ("文峰区", "市辖区"), "安阳市文峰区人民政府"),
        ("county", ("汤阴县", "县"), "汤阴县人民政府"),
        ("county", ("林州市", "县级市"), "林州市人民政府"),
        ("county", ("安阳高新技术产业开发区", "功能区"), "安阳市人民政府"),
    ],
)
def test_the_government_of_the_issuers_own_level_reviews_its_act(kind, area, government):
    place = Area(code="410500", name=area[0], kind=area[1]) if area else None
    said = contents.remedies(Paper.DECLINE, Organisation(kind=kind, area=place))
    assert any(f"依法向{government}申请行政复议" in sentence for sentence in said)
