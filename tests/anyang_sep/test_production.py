"""Production settings: what is missing, weak or dangerous is refused by name; what is whole stands `check --deploy`."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from core.documents.signing import self_signed
from scripts.servers import free_port
from scripts.setup import ROOT

KEY = Fernet.generate_key().decode()
GOOD = {
    "PORTAL_SECRET_KEY": "mC8-vXq2TzR5sLw9YbN4kHdJ7gFpUeAoIi3xQn6tZyBcVrWm",
    "PORTAL_FIELD_KEYS": KEY,
    "PORTAL_FIELD_HASH_KEY": "q7Wd9ZrT2nXv5LkY8sHbJ4mCfGpUeAoR",
    "PORTAL_HOSTS": "portal.test,web",
    "PORTAL_ADDRESS": "https://portal.test",
    "PORTAL_DATABASE_URL": "postgresql://portal@database:5432/portal",
    "PORTAL_REDIS_URL": "redis://queue:6379/0",
    "PORTAL_SMTP_URL": "smtp+tls://sender@mail.test:587",
    "PORTAL_MAIL_FROM": "portal@portal.test",
}
GOOD["PORTAL_SECRET_KEY"] += "x9"
SETTINGS = str(ROOT / "anyang_sep" / "settings" / "production.py")


def settings(monkeypatch, tmp_path: Path, **changes: str) -> dict[str, object]:
    """Production's settings in an environment that is whole but for these changes."""
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics"))
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(SETTINGS)


# What is set -> which name the sentence bears.
REFUSED = [
    *[({name: ""}, name) for name in GOOD],
    ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY"),
    ({"PORTAL_SECRET_KEY": "a" * 60}, "PORTAL_SECRET_KEY"),
    ({"PORTAL_SECRET_KEY": "django-insecure-" + GOOD["PORTAL_SECRET_KEY"]}, "PORTAL_SECRET_KEY"),
    ({"PORTAL_SECRET_KEY": "CHANGE-ME-" + GOOD["PORTAL_SECRET_KEY"]}, "PORTAL_SECRET_KEY"),
    ({"PORTAL_FIELD_KEYS": f"{KEY},no key"}, "PORTAL_FIELD_KEYS 的第 2 个"),
    ({"PORTAL_FIELD_KEYS": "A" * 43 + "="}, "PORTAL_FIELD_KEYS 的第 1 个"),
    ({"PORTAL_FIELD_HASH_KEY": "placeholder-" + GOOD["PORTAL_FIELD_HASH_KEY"]}, "PORTAL_FIELD_HASH_KEY"),
    ({"PORTAL_SECRET_KEY_FILE": "/nowhere/key"}, "PORTAL_SECRET_KEY_FILE"),
    ({"PORTAL_DEBUG": "1"}, "PORTAL_DEBUG"),
    ({"PORTAL_DEMO": "1"}, "PORTAL_DEMO"),
    ({"PORTAL_HOSTS": "*"}, "PORTAL_HOSTS"),
    ({"PORTAL_HOSTS": "portal.test,.portal.test"}, "PORTAL_HOSTS"),
    ({"PORTAL_ADDRESS": "http://portal.test"}, "PORTAL_ADDRESS"),
    ({"PORTAL_ADDRESS": "https://portal.test/portal"}, "PORTAL_ADDRESS"),
    ({"PORTAL_ADDRESS": "https://elsewhere.test"}, "PORTAL_ADDRESS"),
    ({"PORTAL_DATABASE_URL": "sqlite:///portal.sqlite3"}, "PORTAL_DATABASE_URL"),
    ({"PORTAL_REDIS_URL": "memory://"}, "PORTAL_REDIS_URL"),
    ({"PORTAL_SMTP_URL": "mail.test"}, "PORTAL_SMTP_URL"),
    ({"PORTAL_PROXIES": "one"}, "PORTAL_PROXIES"),
    ({"PORTAL_METRICS_TOKEN": "guess"}, "PORTAL_METRICS_TOKEN"),
    ({"PORTAL_VIRUS_SCANNER": "clamav:3310"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_VIRUS_SCANNER": "clamd://clamav:none"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_VIRUS_SCANNER": "clamd://clamav:0"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_VIRUS_SCANNER": "clamd://cla mav:3310"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_VIRUS_SCANNER": "clamd://clamav:3310/x"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_VIRUS_SCANNER": "clamd://clamav:70000"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_VIRUS_SCANNER": f"clamd://{'a' * 70}"}, "PORTAL_VIRUS_SCANNER"),
    ({"PORTAL_BREACHED_PASSWORDS": "/nowhere/list"}, "PORTAL_BREACHED_PASSWORDS"),
    ({"PORTAL_S3_BUCKET": "portal"}, "PORTAL_S3_ADDRESS"),
]


@pytest.mark.any_engine
def test_what_is_missing_weak_or_dangerous_is_refused_by_name(monkeypatch, tmp_path):
    for changes, name in REFUSED:
        with pytest.raises(ImproperlyConfigured) as refused:
            settings(monkeypatch, tmp_path, **{"PORTAL_DEBUG": "", "PORTAL_DEMO": "", **changes})
        lines = str(refused.value).splitlines()
        assert any(line.startswith(name) or f"缺少 {name}" in line or name in line for line in lines), (changes, lines)
        assert all(re.search(r"[\u4e00-\u9fff].*。$", line) for line in lines), lines
        assert not any(secret in str(refused.value) for secret in (KEY, GOOD["PORTAL_SECRET_KEY"]))
        for changed in changes:
            monkeypatch.delenv(changed, raising=False)


@pytest.mark.any_engine
def test_everything_missing_is_named_at_once(monkeypatch, tmp_path):
    with pytest.raises(ImproperlyConfigured) as refused:
        settings(monkeypatch, tmp_path, **dict.fromkeys(GOOD, ""))
    assert all(name in str(refused.value) for name in GOOD)


@pytest.mark.any_engine
def test_what_is_whole_is_taken_passwords_and_signing_keys_from_files_too(monkeypatch, tmp_path):
    (tmp_path / "password").write_text("p@ss/wörd\n")
    (tmp_path / "s3").write_text(GOOD["PORTAL_FIELD_HASH_KEY"])
    found = settings(
        monkeypatch, tmp_path,
        PORTAL_DATABASE_PASSWORD_FILE=str(tmp_path / "password"),
        PORTAL_REDIS_PASSWORD_FILE=str(tmp_path / "password"),
        PORTAL_SIGNING_COUNTY_410502="/keys/county.p12",
        PORTAL_SIGNING_COUNTY_410502_PASSWORD_FILE=str(tmp_path / "password"),
        PORTAL_BREACHED_PASSWORDS=str(tmp_path / "password"),
        PORTAL_VIRUS_SCANNER="clamd://clamav",
        PORTAL_S3_BUCKET="portal",
        PORTAL_S3_ADDRESS="https://objects.test",
        PORTAL_S3_ACCESS_KEY="portal",
        PORTAL_S3_SECRET_KEY_FILE=str(tmp_path / "s3"),
    )  # fmt: skip
    assert found["DATABASES"]["default"]["PASSWORD"] == "p@ss/wörd"
    assert found["CELERY_BROKER_URL"] == "redis://:p%40ss%2Fw%C3%B6rd@queue:6379/0"
    assert found["SIGNING"] == {"county-410502": {"pkcs12": "/keys/county.p12", "password": "p@ss/wörd"}}
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.test", 587, True)
    assert (found["VIRUS_SCANNER"], found["BREACHED_PASSWORDS"]) == (("clamav", 3310), tmp_path / "password")
    store = found["STORAGES"]["default"]
    assert store["BACKEND"].endswith("S3Storage")
    assert (store["OPTIONS"]["bucket_name"], store["OPTIONS"]["file_overwrite"]) == ("portal", False)
    assert found["DEBUG"] is False


@pytest.mark.any_engine
def test_it_stands_the_check_for_deployments_and_does_not_start_where_nothing_answers(tmp_path):
    nowhere = f"127.0.0.1:{free_port()}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))},
        **GOOD,
        "DJANGO_SETTINGS_MODULE": "anyang_sep.settings.production",
        "PORTAL_VAR": str(tmp_path),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
        "PORTAL_DATABASE_URL": f"postgresql://portal@{nowhere}/portal",
        "PORTAL_REDIS_URL": f"redis://{nowhere}/0",
        "PORTAL_SIGNING_BUREAU": str(self_signed(tmp_path / "signing", "bureau", "市局")),
        "PORTAL_VIRUS_SCANNER": f"clamd://{nowhere}",
        "PORTAL_BACKUP_KEY": str(pyrage.x25519.Identity.generate()),
        "PYTHONWARNINGS": "ignore",
    }

    def manage(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    checked = manage("check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
    # A folder where a folder of files would have to be: nothing can be written there.
    (tmp_path / "files").write_text("")
    refused = manage("ready")
    assert refused.returncode == 1
    assert "PORTAL_DATABASE_URL" in refused.stderr
    assert "PORTAL_REDIS_URL" in refused.stderr
    assert "文件存不进去" in refused.stderr
    assert "Traceback" not in refused.stderr
