"""The directory: the newest record in effect counts, every record is history, a withdrawn one is not there."""

import datetime

from core.publications import register
from core.publications.models import Publication
from registry import directory
from registry.search import Query, search
from registry.standing import Standing
from tests.world import DAY

CODE = "S000041000001"
LATER = datetime.date(2027, 5, 6)


def test_an_approval_is_found_by_its_code(application):
    agency = directory.find("s000041000001 ", DAY)
    assert agency is not None
    assert agency.current.name == "文峰区甲职业培训学校"
    assert agency.current.valid_until == datetime.date(2029, 9, 18)
    assert [(item.code, item.levels) for item in agency.current.scope] == [
        ("6-18-02-04", (5, 4, 3)),
        ("6-31-01-03", (5, 4, 3)),
    ]
    assert agency.current.sites[0].area_code == "410502"
    assert agency.finding.standing is Standing.VALID


def test_nothing_is_there_before_the_day_of_publication(application):
    before = DAY - datetime.timedelta(days=1)
    assert (directory.find(CODE, before), directory.find_listed(CODE, before, DAY)) == (None, None)


def test_one_query_however_much_is_published(application, republish, django_assert_num_queries):
    republish(DAY, state="terminated", ended_on=LATER.isoformat())
    for read in (directory.find, directory.find_listed):
        for day, standing in ((DAY, Standing.VALID), (LATER, Standing.TERMINATED)):
            with django_assert_num_queries(1):
                assert read(CODE, day, LATER).finding.standing is standing


def test_a_change_is_history_and_the_newest_record_counts(application, republish):
    first = Publication.objects.get(kind="filing")
    scope = [first.content["scope"][0]]
    republish(LATER, name="文峰区甲职业技能学院", scope=scope, receipt="安人社职评备〔2027〕1号", verification="NEW")
    assert directory.find(CODE, LATER - datetime.timedelta(days=1)).current.name.endswith("培训学校")
    agency = directory.find(CODE, LATER)
    assert agency.current.name == "文峰区甲职业技能学院"
    changed, granted = agency.changes
    assert (changed.label, changed.on, changed.receipt) == ("变更备案", LATER, "安人社职评备〔2027〕1号")
    assert changed.details == (
        "机构名称：由“文峰区甲职业培训学校”变为“文峰区甲职业技能学院”",
        "取消职业（工种）：电工",
    )
    assert granted.label == "同意备案"


def test_a_renewal_published_ahead_counts_from_its_first_day(application, republish):
    republish(
        datetime.date(2029, 8, 1), valid_from="2029-09-19", valid_until="2032-09-18", receipt="新", verification="NEW"
    )
    before = directory.find(CODE, datetime.date(2029, 9, 18))
    assert before.current.valid_until == datetime.date(2029, 9, 18)
    assert before.coming is not None
    after = directory.find(CODE, datetime.date(2029, 9, 19))
    assert after.current.valid_until == datetime.date(2032, 9, 18)
    assert after.finding.in_force
    assert after.coming is None
    assert after.changes[0].label == "延续备案"
    listed = directory.find_listed(CODE, LATER.replace(year=2030), LATER.replace(year=2030))
    assert listed.current == after.current
    assert listed.first_valid_from == after.first_valid_from == DAY


def test_those_in_force_come_first(application, publish_agency, republish):
    publish_agency(200, "汤阴县丁学校")
    republish(LATER, state="terminated", ended_on=LATER.isoformat())
    found = search(Query(), LATER, LATER).page({})
    standings = [directory.as_listed(entry, LATER).finding.standing for entry in found]
    assert standings == [
        Standing.VALID,
        Standing.TERMINATED,
    ]


def test_a_withdrawn_record_is_not_there(application):
    row = Publication.objects.get(kind="filing")
    register.withdraw(row.key, on=LATER, reason="公布有误")
    assert directory.find(CODE, LATER) is None


def test_records_published_before_the_fields_were_added_still_read(application):
    row = Publication.objects.get(kind="filing")
    row.content = {key: value for key, value in row.content.items() if key not in {"state", "ended_on"}}
    for site in row.content["sites"]:
        site.pop("area_code")
    row.save()
    assert directory.find(CODE, DAY).finding.standing is Standing.VALID
