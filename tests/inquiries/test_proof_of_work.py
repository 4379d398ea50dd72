"""Proof of work in the public forms."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import altcha
import pytest
from django.core.cache import cache

from inquiries import proof_of_work
from inquiries.form_stamp import new_stamp
from inquiries.models import Inquiry
from tests.factories import make_inquiry, make_user
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import status_page_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _proof_of_work(settings, monkeypatch):
    settings.PROOF_OF_WORK = True
    monkeypatch.setattr(proof_of_work, "MAX_NUMBER", 50)


def solve(challenge: dict, **changes: object) -> str:
    """The solution of a challenge as a browser sends it."""
    result = altcha.solve_challenge_v1(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"]
    )
    solution = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    solution |= {"number": result.number if result else 0, **changes}
    return base64.b64encode(json.dumps(solution).encode()).decode()


def solved(visitor) -> str:
    return solve(visitor.get("/inquiry/challenge/").json())


def reasons(inquiry: Inquiry) -> str:
    return " ".join(
        reason for event in inquiry.events.filter(kind="held") for reason in event.data["reasons"]
    )


def test_an_inquiry_with_proof_is_accepted(visitor):
    visitor.post("/inquiry/", typed(stamp=new_stamp(), proof=solved(visitor)))
    assert Inquiry.objects.get().status == "new"


def test_an_inquiry_without_proof_is_held_and_can_be_released(visitor, as_user):
    response = visitor.post("/inquiry/", typed(stamp=new_stamp()))
    assert "Thank you" in visitor.get(response.url).content.decode()
    inquiry = Inquiry.objects.get()
    assert inquiry.status == "spam"
    manager = as_user(make_user("Managers"))
    url = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    assert "browser check not completed" in manager.get(url).content.decode()
    manager.post(url, {"new_status": "spam", "release": "on"})
    inquiry.refresh_from_db()
    assert inquiry.status == "new"


def test_a_message_on_the_status_page_needs_proof_too(visitor):
    inquiry = make_inquiry()
    url = status_page_url(inquiry)
    visitor.post(url, {"message": "Please answer.", "stamp": new_stamp(), "proof": solved(visitor)})
    assert [event.kind for event in inquiry.events.all()] == ["received", "message"]
    visitor.post(url, {"message": "Are you there?", "stamp": new_stamp()})
    assert "unproven" in reasons(inquiry)


def test_inbound_mail_and_staff_need_no_proof():
    assert make_inquiry().status == "new"


def invalid_solutions() -> list[str]:
    valid = solve(proof_of_work.new_challenge())
    not_solutions = [b"[]", b"5", b"null", b'{"algorithm": 1}', b"[" * 500, b"\xff\xfe"]
    return [
        "x",
        "\0",
        "==",
        "é",
        valid[:-9],
        valid * 9,
        *(base64.b64encode(o).decode() for o in not_solutions),
    ]


@pytest.mark.parametrize("number", range(12))
def test_an_invalid_solution_is_held(visitor, number):
    response = visitor.post(
        "/inquiry/", typed(stamp=new_stamp(), proof=invalid_solutions()[number])
    )
    assert response.status_code == 302
    assert "unproven" in reasons(Inquiry.objects.get())


def test_an_expired_solution_does_not_count(monkeypatch):
    monkeypatch.setattr(proof_of_work, "LIFETIME", timedelta(seconds=-2))
    assert not proof_of_work.is_solved(solve(proof_of_work.new_challenge()), uuid4())


def test_the_expiry_cannot_be_forged(monkeypatch):
    monkeypatch.setattr(proof_of_work, "LIFETIME", timedelta(seconds=-2))
    challenge = proof_of_work.new_challenge()
    nonce = challenge["salt"].partition("?")[0]
    for salt in (nonce, f"{nonce}?expires=99999999999&", f"{challenge['salt']}expires=99999999999"):
        assert not proof_of_work.is_solved(solve(challenge, salt=salt), uuid4())


def test_a_forged_challenge_does_not_count():
    forged = altcha.create_challenge_v1(
        altcha.ChallengeOptionsV1(algorithm="SHA-256", max_number=5, hmac_key="a guess")
    )
    assert not proof_of_work.is_solved(solve(forged.to_dict()), uuid4())
    assert not proof_of_work.is_solved(solve(proof_of_work.new_challenge(), number=51), uuid4())
    assert not proof_of_work.is_solved(
        solve(proof_of_work.new_challenge(), algorithm="SHA-1"), uuid4()
    )


def test_a_challenge_of_a_site_with_another_key_does_not_count(settings):
    solution = solve(proof_of_work.new_challenge())
    settings.SECRET_KEY = "another key, which is long enough to be taken for a real one 012345"
    assert not proof_of_work.is_solved(solution, uuid4())


def test_a_solution_is_valid_for_one_inquiry(visitor):
    proof = solved(visitor)
    for message in ("First", "Second"):
        visitor.post("/inquiry/", typed(stamp=new_stamp(), proof=proof, message=message))
    assert Inquiry.objects.get(message="First").status == "new"
    assert Inquiry.objects.get(message="Second").status == "spam"


def test_a_used_solution_is_recognized_in_another_encoding():
    proof = solve(proof_of_work.new_challenge())
    assert proof_of_work.is_solved(proof, uuid4())
    reencoded = base64.b64encode(base64.b64decode(proof).replace(b'": ', b'" : ')).decode()
    assert reencoded != proof
    assert not proof_of_work.is_solved(reencoded, uuid4())


def test_a_repeated_submission_keeps_its_proof(visitor):
    data = typed(stamp=new_stamp(), proof=solved(visitor))
    for _ in range(2):
        visitor.post("/inquiry/", data)
    assert Inquiry.objects.get().status == "new"


def test_two_processes_accept_the_same_submission():
    proof, submission_key = solve(proof_of_work.new_challenge()), uuid4()
    assert proof_of_work.is_solved(proof, submission_key)
    assert proof_of_work.is_solved(proof, submission_key)
    assert not proof_of_work.is_solved(proof, uuid4())


def test_a_corrected_inquiry_is_accepted(visitor):
    data = typed(stamp=new_stamp(), proof=solved(visitor))
    page = visitor.post("/inquiry/", data | {"email": ""})
    assert page.status_code == 422
    assert data["proof"] not in page.content.decode(), "each page gets its own challenge"
    visitor.post("/inquiry/", data)
    assert Inquiry.objects.get().status == "new"


def test_solutions_are_accepted_without_the_cache(monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", fail)
    assert proof_of_work.is_solved(solve(proof_of_work.new_challenge()), uuid4())
    assert "Cache unavailable" in caplog.text


def test_challenges_are_unique_and_not_cached(visitor):
    responses = [visitor.get("/inquiry/challenge/") for _ in range(2)]
    assert "no-store" in responses[0].headers["Cache-Control"]
    assert responses[0].json()["salt"] != responses[1].json()["salt"]
    assert visitor.post("/inquiry/challenge/").status_code == 405


def test_the_forms_require_proof_and_explain_it_without_javascript(visitor):
    for url in ("/inquiry/", status_page_url(make_inquiry())):
        page = visitor.get(url).content.decode()
        assert 'data-challenge="/inquiry/challenge/"' in page
        assert "we review your message manually" in page


def test_the_forms_have_no_proof_field_if_switched_off(visitor, settings):
    settings.PROOF_OF_WORK = False
    page = visitor.get("/inquiry/").content.decode()
    assert "proof" not in page
    assert visitor.get("/inquiry/challenge/").status_code == 404
    visitor.post("/inquiry/", typed())
    assert Inquiry.objects.get().status == "new"
