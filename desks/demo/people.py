"""Who is there in the demo: offices, agencies, and one account for each role."""

import datetime
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from core.accounts.models import Organisation, OrganisationKind, Position, Role, ServiceConsent, User
from core.reference.models import Area

PASSWORD = "anyang-demo-2026"  # noqa: S105 - the demo's, printed at its start; it runs on loopback only
SINCE = datetime.date(2023, 1, 1)  # the Measure's first day

K, R = OrganisationKind, Role


@dataclass(frozen=True)
class Account:
    """One demo account: name to sign in with, label on the banner, organisation's key, role."""

    username: str
    label: str
    organisation: str
    role: str


# key: (kind, name, area). Counties are made from the list of areas, as "county-<area code>".
OFFICES: dict[str, tuple[str, str]] = {
    "bureau": (K.BUREAU, "安阳市人力资源和社会保障局"),
    "centre": (K.CENTRE, "安阳市职业技能鉴定指导中心"),
    "experts": (K.EXPERTS, "评审专家库"),
    "operator": (K.OPERATOR, "系统管理"),
}
COUNTY_NAMES = {"410571": "安阳高新区组织人力资源局"}

# key: (name, credit code, area). Invented; the check digits are right.
AGENCIES: dict[str, tuple[str, str, str]] = {
    "wenfeng": ("文峰区匠心职业培训学校", "52410502MJ10000017", "410502"),
    "linzhou": ("林州市太行建筑技能培训学校", "52410581MJ1000002P", "410581"),
    "tangyin": ("汤阴县岳乡养老护理培训中心", "52410523MJ1000003T", "410523"),
    "youli": ("汤阴县羑里康养职业培训学校", "52410523MJ1000012Q", "410523"),
    "hua": ("滑县道口职业技能培训学校", "52410526MJ10000049", "410526"),
    "beiguan": ("北关区数控技能评价有限公司", "91410503MA1000005G", "410503"),
    "yindu": ("殷都区钢城职业培训学校", "52410505MJ10000062", "410505"),
    "longan": ("龙安区康养技能培训学校", "52410506MJ1000007K", "410506"),
    "neihuang": ("内黄县红枣之乡职业培训学校", "52410527MJ10000084", "410527"),
    "anyang": ("安阳县现代农业技能培训中心", "52410522MJ1000009Y", "410522"),
    "gaoxin": ("高新区智造职业培训学校", "52410571MJ10000103", "410571"),
    "yindu-east": ("殷都区铁西机电培训学校", "52410505MJ10000150", "410505"),
    "newcomer": ("文峰区新起点职业培训学校", "52410502MJ10000118", "410502"),
}
UNCONFIRMED = ("newcomer",)

ACCOUNTS = (
    Account("agency", "机构管理员（文峰区匠心）", "wenfeng", R.ADMIN),
    Account("agency-staff", "机构经办（文峰区匠心）", "wenfeng", R.STAFF),
    Account("agency-new", "机构管理员（林州太行，待补正）", "linzhou", R.ADMIN),
    Account("agency-filed", "机构管理员（北关，已备案，变更中）", "beiguan", R.ADMIN),
    Account("agency-draft", "机构管理员（高新区智造，草稿）", "gaoxin", R.ADMIN),
    Account("agency-claim", "机构管理员（新起点，待核实）", "newcomer", R.ADMIN),
    Account("county", "文峰区经办人", "county-410502", R.HANDLER),
    Account("county-chief", "文峰区负责人", "county-410502", R.CHIEF),
    Account("linzhou", "林州市经办人", "county-410581", R.HANDLER),
    Account("linzhou-chief", "林州市负责人", "county-410581", R.CHIEF),
    Account("centre", "市中心经办人", "centre", R.HANDLER),
    Account("centre-chief", "市中心负责人", "centre", R.CHIEF),
    Account("expert", "评审专家甲", "experts", R.EXPERT),
    Account("expert-2", "评审专家乙", "experts", R.EXPERT),
    Account("bureau", "市人社局经办人", "bureau", R.HANDLER),
    Account("bureau-chief", "市人社局负责人", "bureau", R.CHIEF),
    Account("administrator", "系统管理员", "operator", R.ADMINISTRATOR),
)


def make() -> dict[str, Organisation]:
    """Create the organisations and accounts; return the organisations by key."""
    found = {key: Organisation.objects.create(kind=kind, name=name) for key, (kind, name) in OFFICES.items()}
    found["centre"].parent = found["bureau"]
    found["centre"].save()
    for area in Area.objects.all():
        found[f"county-{area.code}"] = Organisation.objects.create(
            kind=K.COUNTY,
            name=COUNTY_NAMES.get(area.code, f"{area.name}人力资源和社会保障局"),
            area=area,
            parent=found["bureau"],
        )
    for key, (name, code, area_code) in AGENCIES.items():
        found[key] = Organisation.objects.create(
            kind=K.AGENCY,
            name=name,
            credit_code=code,
            area_id=area_code,
            confirmed_on=None if key in UNCONFIRMED else SINCE,
        )
    for account in ACCOUNTS:
        _person(account.username, account.label, found[account.organisation], account.role)
    give_people(found)
    return found


@cache
def _hashed() -> str:
    """The one demo password, hashed once: forty times Argon2 would take longer than everything else."""
    return make_password(PASSWORD)


def _person(username: str, label: str, organisation: Organisation, role: str) -> Position:
    user = User.objects.create(
        username=username,
        password=_hashed(),
        display_name=label.partition("（")[0],
        email=f"{username}@demo.invalid",
    )
    return Position.objects.create(user=user, organisation=organisation, role=role, since=SINCE)


def give_people(organisations: dict[str, Organisation]) -> None:
    """Give every office and agency somebody to act in each role, and every agency its consent to portal service."""
    wanted = {K.COUNTY: (R.HANDLER, R.CHIEF), K.AGENCY: (R.ADMIN,)}
    for key, organisation in organisations.items():
        for role in wanted.get(organisation.kind, ()):
            position = organisation.positions.filter(role=role).first()
            if position is None:
                position = _person(f"{key}-{role}", organisation.name[:30], organisation, role)
        if organisation.kind == K.AGENCY:
            admin = organisation.positions.filter(role=R.ADMIN).get()
            ServiceConsent.objects.create(organisation=organisation, given_on=SINCE, given_by=admin)
