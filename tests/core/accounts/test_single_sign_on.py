"""Single sign-on against a real provider in a thread: linked by its user alone, and never a way to a new account."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from anyang_sep.settings import single_sign_on as named
from core.accounts.models import User
from core.audit.models import Event, Outcome
from tests.core.accounts.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/sso/login/"
CONNECTIONS = "/accounts/3rdparty/"
NAMED = {
    "PORTAL_OIDC_SERVER": "https://id.example.test/oidc",
    "PORTAL_OIDC_CLIENT": "portal",
    "PORTAL_OIDC_SECRET": "secret",
    "PORTAL_OIDC_NAME": "市统一身份认证",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _named(settings, provider):
    """As the environment would name it, but for TLS, which the provider in the thread has not."""
    found = named.providers(NAMED)
    found["openid_connect"]["APPS"][0]["settings"]["server_url"] = provider
    settings.SOCIALACCOUNT_PROVIDERS = found


def away(client: Client, where: str = LOGIN) -> str:
    """Leave for the provider; return where that leads."""
    answer = client.post(where)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def identified(address: str, sub: str) -> str:
    """Say at the provider who one is; return the way back."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
    return answer.headers["Location"].removeprefix("http://testserver")


def came(client: Client, sub: str, where: str = LOGIN):
    return client.get(identified(away(client, where), sub))


def linked(user: User, sub: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert came(client, sub, f"{LOGIN}?process=connect").url == CONNECTIONS
    return client


def test_a_linked_identity_signs_in_and_the_second_factor_is_asked_all_the_same(people):
    user = people.handler.user
    first = linked(user, "410523-17")
    assert "已绑定" in first.get(CONNECTIONS).content.decode()
    browser = Client()
    assert "用市统一身份认证登录" in browser.get("/accounts/login/").content.decode()
    assert came(browser, "410523-17").url == "/desk/"
    assert browser.get("/desk/account/").context["user"] == user
    assert Event.objects.filter(verb="sign_in").latest("id").payload == {"method": "socialaccount"}

    totp.TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    again = Client()
    assert came(again, "410523-17").url == "/accounts/2fa/authenticate/"
    assert again.get("/desk/").status_code == 302
    assert again.post("/accounts/2fa/authenticate/", {"code": code_of("JBSWY3DPEHPK3PXP")}).url == "/desk/"


def test_an_identity_nobody_linked_makes_no_account(people):
    before = User.objects.count()
    client = Client()
    answer = came(client, people.handler.user.email)  # nor is it matched by an address
    assert "还没有绑定" in answer.content.decode()
    assert User.objects.count() == before
    assert client.get("/desk/").status_code == 302
    event = Event.objects.get(verb="sign_in")
    assert (event.outcome, event.payload) == (Outcome.REFUSED, {"why": "unknown"})


def test_one_identity_is_one_users(people):
    linked(people.handler.user, "one")
    other = Client()
    other.post("/accounts/login/", {"login": "county-chief", "password": PASSWORD})
    came(other, "one", f"{LOGIN}?process=connect")
    assert "已绑定别的用户" in other.get(CONNECTIONS).content.decode()
    assert SocialAccount.objects.get().user == people.handler.user


def test_linking_and_unlinking_end_the_other_sessions_and_are_recorded(people):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "county-handler", "password": PASSWORD})
    client = linked(people.handler.user, "one")
    assert elsewhere.get("/desk/").status_code == 302
    client.post(CONNECTIONS, {"account": SocialAccount.objects.get().pk, "sure": "1"})
    assert not SocialAccount.objects.exists()
    verbs = [event.verb for event in Event.objects.filter(verb__startswith="single_sign_on").order_by("id")]
    assert verbs == ["single_sign_on.linked", "single_sign_on.unlinked"]


def test_the_way_out_proves_what_comes_back(people):
    """Only the browser that asked takes the answer, once, and only its code with the verifier kept here."""
    user, client = people.handler.user, Client()
    linked(user, "one")
    address = away(client)
    asked = parse_qs(urlsplit(address).query)
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == (["S256"], ["code"], ["openid"])
    back = identified(address, "one")
    assert Client().get(back).status_code == 401, "another browser's answer"
    forged = back.replace("code=", "code=x")
    assert client.get(forged).status_code == 401
    assert client.get(back).status_code == 401, "each answer is taken once"
    assert client.get("/desk/").status_code == 302
    assert set(Event.objects.filter(outcome=Outcome.REFUSED).values_list("payload__why", flat=True)) == {"invalid"}


def test_a_blocked_user_does_not_come_in(people):
    linked(people.handler.user, "one")
    people.handler.user.is_active = False
    people.handler.user.save()
    client = Client()
    came(client, "one")
    assert client.get("/desk/").status_code == 302


def test_without_a_provider_there_is_nothing_of_it(client, people, settings):
    settings.SOCIALACCOUNT_PROVIDERS = named.providers({})
    assert client.post(LOGIN).status_code == 404
    assert "统一身份认证" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PORTAL_OIDC_SERVER": "http://id.example.test"}, "https://"),
        ({"PORTAL_OIDC_SECRET": ""}, "PORTAL_OIDC_SECRET"),
        ({"PORTAL_OIDC_CLIENT": ""}, "PORTAL_OIDC_CLIENT"),
    ],
)
def test_half_a_setting_is_refused_with_what_to_set(changed, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        named.providers(NAMED | changed)


def test_a_form_may_lead_to_the_provider_and_the_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\n")
    found = named.providers(NAMED | {"PORTAL_OIDC_SECRET_FILE": str(tmp_path / "secret")})
    assert found["openid_connect"]["APPS"][0]["secret"] == "from a file"
    assert named.origins(NAMED) == ["https://id.example.test"]
    assert named.origins({}) == []
