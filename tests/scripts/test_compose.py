"""docker-compose.yml, Procfile, image and beat schedule say the same; compose keeps to its published schema.

No container engine runs here: `make production-like` runs the same commands, and this holds the rest together.
"""

import re
from typing import Any

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from django.conf import settings

from anyang_sep.celery import app
from scripts import make_secrets, production_like
from scripts.setup import ROOT

pytestmark = pytest.mark.any_engine

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if str(service["image"]).startswith("anyang-sep")}
PROCFILE = production_like.commands()
ONCE = {"migrate"}


def test_compose_keeps_to_its_published_schema():
    schema = get_builtin_schema("vendor.compose-spec")
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_every_command_of_the_procfile_is_a_service_and_the_other_way_round():
    assert set(OURS) == set(PROCFILE)
    assert {name: service["command"] for name, service in OURS.items()} == {
        name: ["honcho", "start", "--no-prefix", name] for name in PROCFILE
    }
    assert {*production_like.RUNNING, *ONCE} == set(PROCFILE)
    for name, command in PROCFILE.items():
        assert command.startswith("python manage.py ready"), f"{name} starts without looking whether it can"


def test_what_env_example_names_in_a_folder_is_mounted_into_every_container_of_ours():
    named = set(re.findall(r"=(/run/[a-z]+)/", (ROOT / ".env.example").read_text()))
    assert named == {"/run/signing", "/run/lists"}
    for name, service in OURS.items():
        mounted = {volume.split(":")[1] for volume in service["volumes"]}
        assert named <= mounted, name


def test_the_others_wait_for_the_migrations_which_run_once():
    assert SERVICES["migrate"]["restart"] == "no"
    for name in set(OURS) - ONCE:
        assert OURS[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}, name
    assert "manage.py migrate" in PROCFILE["migrate"]


def test_every_service_is_closed_watched_and_bounded():
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["tmpfs"], name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert service["healthcheck"].get("test") or name in ONCE, name
        assert "privileged" not in service, name
        assert not service.get("ports") or name == "caddy", f"{name} is open to the outside"
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert re.search(r"^USER (?!0\b|root\b)\d+$", (ROOT / "Dockerfile").read_text(), re.M)


def test_secrets_come_from_files_that_are_made_for_them(tmp_path):
    make_secrets.make(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()}
    assert make_secrets.make(tmp_path) == []
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()} == before
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert COMPOSE["secrets"] == {name: {"file": f"./secrets/{name}"} for name in before}
    for name, service in SERVICES.items():
        environment = service.get("environment", {})
        files = {str(value) for key, value in environment.items() if key.endswith("_FILE")}
        assert files <= {f"/run/secrets/{secret}" for secret in service.get("secrets", ())}, name
        assert not {key for key in environment if re.search(r"(PASSWORD|SECRET|KEYS?|TOKEN)$", key)}, name


def test_one_beat_sends_what_the_worker_takes():
    assert SERVICES["beat"]["deploy"]["replicas"] == 1
    assert not app.conf.task_routes
    assert "--queues" not in PROCFILE["worker"]
    assert not any("options" in entry for entry in settings.CELERY_BEAT_SCHEDULE.values())
    assert "--app anyang_sep beat" in PROCFILE["beat"]
    # Each thread of the web processes holds a connection to the database, which has a hundred.
    assert "--blocking-threads" in PROCFILE["web"]
    # What jobs write: papers to the files, backups to theirs.
    mounted = {volume.split(":")[1] for volume in SERVICES["worker"]["volumes"]}
    assert {"/var/lib/portal/files", "/var/lib/portal/backups"} <= mounted
