"""Acting once per key; refusals as problem documents, recorded; offers that say what the acts then do."""

import threading

import pytest
from django.db import connection

from core.audit.models import Event
from core.deadlines.models import Clock
from core.documents.models import OfficialDocument
from core.notifications.models import Message
from core.workflow.models import IdempotencyKey, Proposal
from filings import workflow
from filings.models import Application
from tests.filings.api.calls import caller
from tests.world import accepted, assessing, file, filled_draft, make_world, mark_all, submitted


def test_one_key_acts_once_and_answers_the_same(world, call):
    application = filled_draft(world)
    where, agency = f"applications/{application.pk}/transitions/submit/", call("agency admin")
    first = agency.call("POST", where, key="a-1")
    assert agency.call("POST", where, key="a-1") == first
    assert first["state"] == "submitted"
    assert Event.objects.filter(verb="filings.application.submit").count() == 1
    assert OfficialDocument.objects.count() == 1
    agency.call("POST", where, key="a-2", status=409)
    agency.call("POST", where, status=409)


def test_one_key_with_another_body_is_refused(world, call):
    application = accepted(world)
    where, handler = f"applications/{application.pk}/transitions/recommend/", call("county handler")
    made = handler.call("POST", where, {"positive": True, "text": "同意"}, status=201, key="k")
    other = handler.call("POST", where, {"positive": False, "text": "同意"}, status=422, key="k")
    assert other["reasons"][0]["code"] == "idempotency_key_reused"
    assert handler.call("POST", where, {"positive": True, "text": "同意"}, status=201, key="k") == made
    assert Proposal.objects.count() == 1


def test_a_key_belongs_to_its_user_and_address(world, call):
    first, second = submitted(world), submitted(world, "rival admin")
    for application in (first, second):
        mark_all(world, application)
        call("county handler").call("POST", f"applications/{application.pk}/transitions/accept/", key="same")
    assert Application.objects.filter(state="accepted").count() == 2


def test_a_file_sent_again_makes_no_second_version(world, call):
    application = filled_draft(world)
    where, agency = f"applications/{application.pk}/materials/venue/", call("agency admin")
    versions = [agency.upload(where, key="u")["upload"]["version"] for _ in range(2)]
    assert versions == [2, 2]
    agency.call("PUT", where, {"file": file("另一份.pdf")}, key="u", status=422, form="multipart")


def test_a_sheet_sent_again_is_answered_though_the_matter_is_out_of_sight(world, call):
    application = accepted(world)
    handler = world.actor("centre handler")
    from tests.world import decide

    decide(world, application, "recommend", "county", handler.on, positive=True, text="同意")
    workflow.start_assessment(application, actor=handler, on=handler.on, methods=["panel"])
    task = workflow.assign_expert(application, world.people["experts expert"], actor=handler, on=handler.on)
    marks = [{"criterion": key, "marks": 20, "reason": "可以"} for key in ("venue", "staff", "record")]
    body, expert = {"marks": marks, "positive": True, "opinion": "同意"}, call("experts expert")
    first = expert.call("POST", f"expert-tasks/{task.pk}/sheet/", body, key="s")
    assert expert.call("POST", f"expert-tasks/{task.pk}/sheet/", body, key="s") == first
    expert.call("POST", f"expert-tasks/{task.pk}/sheet/", body, status=404)


def test_a_refusal_keeps_no_key_so_that_it_may_be_tried_again(world, call):
    application = submitted(world)
    where, county = f"applications/{application.pk}/transitions/accept/", call("county handler")
    county.call("POST", where, status=409, key="again")
    assert not IdempotencyKey.objects.exists()
    mark_all(world, application)
    assert county.call("POST", where, key="again")["state"] == "accepted"


def test_a_nonsensical_key_is_refused(world, call):
    answer = call("agency admin").call("POST", "applications/", {}, status=400, key="a b")
    assert answer["reasons"][0]["field"] == "Idempotency-Key"


def test_a_refusal_lists_every_reason_and_is_recorded_once(world, call):
    application = submitted(world)
    problem = call("county handler").call("POST", f"applications/{application.pk}/transitions/accept/", status=409)
    assert (problem["status"], problem["type"]) == (409, "urn:anyang-sep:problem:refused")
    assert len(problem["reasons"]) == 6
    assert (
        problem["reasons"][2]
        == {
            "code": "unmarked",
            "text": "场地设备设施佐证材料：还没有看",
            "field": "material-venue",
            "citation": "M8(3)",
            "citation_text": "第二章第三条第(三)项",
        }
        or problem["reasons"][2]["citation"] == "M8(3)"
    )
    tried = Event.objects.get(verb="filings.application.accept")
    assert (tried.outcome, len(tried.payload["reasons"])) == ("refused", 6)


def test_the_wrong_role_is_told_so(world, call):
    application = submitted(world)
    problem = call("county chief").call("POST", f"applications/{application.pk}/transitions/accept/", status=403)
    assert (problem["title"], problem["reasons"][0]["code"]) == ("没有权限", "permission")


def test_a_body_that_does_not_fit_is_400_with_its_fields(world, call):
    application = submitted(world)
    where = f"applications/{application.pk}/transitions/request-correction/"
    problem = call("county handler").call("POST", where, {"days": 31}, status=400)
    assert problem["reasons"][0]["field"] == "days"
    assert not Event.objects.filter(verb="filings.application.request_correction").exists()


def test_a_broken_file_is_422_and_the_draft_is_kept(world, call):
    application = filled_draft(world)
    where = f"applications/{application.pk}/materials/venue/"
    broken = {"file": file("假.pdf", b"not a pdf at all")}
    problem = call("agency admin").call("PUT", where, broken, status=422, form="multipart")
    assert problem["reasons"][0]["text"]
    assert call("agency admin").call("GET", where)["upload"]["version"] == 1


def test_a_doubtful_number_needs_its_confirmation(world, call):
    application = filled_draft(world)
    where, agency = f"applications/{application.pk}/", call("agency admin")
    doubtful = {"legal_representative_id": "110105194912310021"}
    assert agency.call("PATCH", where, doubtful, status=400)["reasons"][0]["field"] == "legal_representative_id"
    agency.call("PATCH", where, {**doubtful, "legal_representative_id_confirmed": True})
    agency.call("PATCH", where, {"legal_representative_id": "12"}, status=400)


def test_a_lapse_stands_though_the_act_is_refused(world, call):
    application = submitted(world)
    mark_all(world, application)
    Clock.objects.update(starts_on="2026-09-10", due_on="2026-09-17")
    where = f"applications/{application.pk}/transitions/accept/"
    problem = call("county handler").call("POST", where, status=409, key="late")
    assert problem["reasons"][0]["code"] == "state"
    application.refresh_from_db()
    assert (application.state, application.deemed_accepted) == ("accepted", True)


def test_a_proposal_overtaken_by_changed_content_stays_overtaken(world, call):
    application = submitted(world)
    ground = {"reason": "不在安阳登记", "basis": "M7(1)", "unmendable": True}
    where = f"applications/{application.pk}/transitions/decline/"
    made = call("county handler").call("POST", where, {"grounds": [ground]}, status=201)
    mark_all(world, application)
    answer = call("county chief").call("POST", f"proposals/{made['id']}/decide/", status=409, key="d")
    assert answer["reasons"][0]["code"] == "content_changed"
    assert Proposal.objects.get().state == "overtaken"


def test_offers_agree_with_what_the_routes_then_answer(world, call):
    """What is offered open is done (or asks for its form); what is closed is refused with the offered reasons."""
    application = submitted(world)
    at = f"applications/{application.pk}/"
    for who in ("agency admin", "agency staff", "county handler", "county chief"):
        for offer in call(who).call("GET", f"{at}transitions/"):
            if offer["open"]:
                continue
            answer = call(who).post(offer["address"], {}, format="json")
            if answer.status_code == 400:  # its form comes first
                continue
            told = {reason["code"] for reason in answer.json()["reasons"]}
            assert told <= {reason["code"] for reason in offer["reasons"]}, offer["name"]
            assert answer.status_code in (403, 409)
    opened = {o["name"] for o in call("county handler").call("GET", f"{at}transitions/") if o["open"]}
    assert opened == {"decline"}


def test_offers_name_the_proposal_that_waits(world, call):
    application = accepted(world)
    where = f"applications/{application.pk}/transitions/"
    made = call("county handler").call("POST", f"{where}recommend/", {"positive": True, "text": "同意"}, status=201)
    offer = next(o for o in call("county chief").call("GET", where) if o["name"] == "recommend")
    assert (offer["mode"], offer["open"]) == ("decide", True)
    assert offer["address"] == f"/api/v1/proposals/{made['id']}/decide/"


def test_checks_and_clocks_explain_themselves(world, call):
    application = submitted(world)
    at, agency = f"applications/{application.pk}/", call("agency admin")
    assert {"three_years", "person_times"} <= {check["key"] for check in agency.call("GET", f"{at}checks/")}
    clock = agency.call("GET", f"{at}clocks/")[0]
    assert (clock["kind"], clock["due_on"], clock["citation"]) == ("completeness", "2026-09-24", "M10")
    assert clock["rule"].startswith("起算日不计入，只数工作日（调休补班日计入），第5个工作日为最后一日")
    assert clock["source"] == ""  # the Measure's own
    assert [day["number"] for day in clock["days"] if day["counted"]] == [1, 2, 3, 4, 5]


def test_messages_are_opened_by_reading(world, call):
    submitted(world)
    county = call("county handler")
    message = county.call("GET", "notifications/")["results"][0]
    assert message["unread"] is True
    county.call("GET", f"notifications/{message['id']}/")
    assert county.call("GET", "notifications/")["results"][0]["unread"] is False
    assert county.call("POST", "notifications/open/") == {"opened": 0}
    call("rival admin").call("GET", f"notifications/{message['id']}/", status=404)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_with_one_key_act_once():
    world = make_world()
    application = filled_draft(world)
    first, second = caller(world, "agency admin"), caller(world, "agency admin")
    together, answers = threading.Barrier(2), []

    def send(client):
        together.wait()
        response = client.post(
            f"/api/v1/applications/{application.pk}/transitions/submit/", {}, format="json",
            headers={"Idempotency-Key": "both"},
        )  # fmt: skip
        answers.append((response.status_code, response.json()))
        connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in answers] == [200, 200]
    assert answers[0][1] == answers[1][1]
    assert Event.objects.filter(verb="filings.application.submit").count() == 1
    assert Message.objects.filter(kind="received").count() == 1


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_chiefs_at_once_decide_once():
    world = make_world()
    application = assessing(world)
    world.add("second chief", world.organisation("centre chief"), "chief")
    handler = caller(world, "centre handler")
    body = {"granted": ["6-18-02-04", "6-31-01-03"]}
    made = handler.call("POST", f"applications/{application.pk}/transitions/approve/", body, status=201)
    together, answers = threading.Barrier(2), []

    def decide(client):
        together.wait()
        answers.append(client.post(f"/api/v1/proposals/{made['id']}/decide/").status_code)
        connection.close()

    clients = [caller(world, name) for name in ("centre chief", "second chief")]
    threads = [threading.Thread(target=decide, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    assert OfficialDocument.objects.filter(series="receipt").count() == 1
