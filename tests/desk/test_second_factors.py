"""Second factors: an app whose codes count once, recovery codes, passkeys, and who is led to set one up."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from pytest_django import Settings

from amends.desk.models import AuditEntry, Role, RoleName, SignIn
from amends.desk.people import reset_second_factor, set_sign_in_rules
from amends.desk.signing import factors, lock
from tests.desk.made import PASSWORD, provider
from tests.desk.office import NOON, Office, clock
from tests.desk.soft_passkey import SoftPasskey
from tests.desk.visitor import Page, Visitor

MINUTE = timedelta(minutes=1)
SITE = "http://localhost"


def code(secret: str, at: datetime) -> str:
    """What an authenticator app shows at this moment."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30)))


def set_up(visitor: Visitor, at: datetime = NOON) -> tuple[str, list[str]]:
    """An app is set up; its secret, and the recovery codes that were shown."""
    page = visitor.get("/me/second-factor/app")
    secret = re.sub(r"\s", "", page.doc.xpath("//details//code")[0].text)
    done = visitor.press(page, "Set it up", code=code(secret, at))
    return secret, [c.text for c in done.within("codes", "code")]


def password(office: Office, role: str = "handler", visitor: Visitor | None = None) -> tuple[Visitor, Page]:
    """Somebody whose password was right, and the page on which they are."""
    visitor = visitor or Visitor()
    name = office.people[role].username
    return visitor, visitor.press(visitor.get("/sign-in"), "Sign in", username=name, password=PASSWORD)


def need(office: Office, *roles: str) -> None:
    set_sign_in_rules(office.provider, roles=roles, idle_minutes=60, by="test", now=NOON)


# --- authenticator app ------------------------------------------------------------------------------------------


def test_the_way_in_by_password_and_app_from_setting_up_to_the_desk(
    office: Office, settings: Settings
) -> None:
    secret, codes = set_up(office.visitor())
    assert len(set(codes)) == 10
    clock(settings, NOON + MINUTE)
    hana, page = password(office)
    assert (page.address, page.h1) == ("/sign-in/second-factor", "Show that it is you")
    assert hana.get(office.at()).address == "/sign-in", "a password alone opens nothing"
    assert hana.get("/me/").address == "/sign-in"
    page = hana.press(page, "Go on", code=code(secret, NOON + MINUTE))
    assert (page.address, page.h1) == (office.at(), "My day")
    last = SignIn.objects.filter(person=office.people["handler"]).latest("id")
    assert (last.tried, last.by) == ("signed in", "password, authenticator app")


def test_a_code_counts_once_and_none_before_it_counts_any_more(office: Office, settings: Settings) -> None:
    secret, _ = set_up(office.visitor())
    clock(settings, NOON + timedelta(seconds=20))
    hana, page = password(office)
    page = hana.press(page, "Go on", code=code(secret, NOON))
    assert "used before" in page.mistakes[0], "the code by which it was set up"
    now = NOON + 2 * MINUTE
    clock(settings, now)
    assert hana.press(page, "Go on", code=code(secret, now)).h1 == "My day"
    thief, page = password(office)
    assert "used before" in thief.press(page, "Go on", code=code(secret, now)).mistakes[0]
    earlier = code(secret, now - timedelta(seconds=30))
    assert "used before" in thief.press(page, "Go on", code=earlier).mistakes[0]
    clock(settings, now + timedelta(seconds=30))
    assert thief.press(page, "Go on", code=code(secret, now + timedelta(seconds=30))).h1 == "My day"


@pytest.mark.parametrize(("off", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_the_clock_of_a_phone_may_be_off_by_half_a_minute(
    office: Office, settings: Settings, off: int, opens: bool
) -> None:
    secret, _ = set_up(office.visitor())
    now = NOON + 10 * MINUTE
    clock(settings, now)
    hana, page = password(office)
    page = hana.press(page, "Go on", code=code(secret, now + timedelta(seconds=off)))
    assert (page.h1 == "My day") is opens


@pytest.mark.parametrize("typed", ["", "000000", "12345", "abcdef", "１２３４５６", "0" * 20, "-1", "\x00"])
def test_what_is_no_code_opens_nothing(office: Office, settings: Settings, typed: str) -> None:
    set_up(office.visitor())
    clock(settings, NOON + MINUTE)
    hana, page = password(office)
    page = hana.press(page, "Go on", code=typed)
    assert page.address == "/sign-in/second-factor"
    assert page.mistakes


def test_wrong_codes_are_counted_for_the_person_wherever_they_come_from(
    office: Office, settings: Settings
) -> None:
    secret, _ = set_up(office.visitor())
    clock(settings, NOON + MINUTE)
    for n in range(lock.CODES_OF_A_PERSON):
        thief = Visitor()
        thief.client.defaults["REMOTE_ADDR"] = f"192.0.2.{n}"
        _, page = password(office, visitor=thief)
        assert "not right" in thief.press(page, "Go on", code="000000").mistakes[0]
    page = thief.press(page, "Go on", code=code(secret, NOON + MINUTE))
    assert "Too many wrong tries" in page.mistakes[0]
    assert SignIn.objects.filter(person=office.people["handler"], tried="locked").count() == 1


def test_a_new_password_try_does_not_forget_wrong_codes(office: Office, settings: Settings) -> None:
    secret, _ = set_up(office.visitor())
    clock(settings, NOON + MINUTE)
    for _ in range(5):
        thief, page = password(office)
        thief.press(page, "Go on", code="000000")
    thief, page = password(office)
    assert "Too many" in thief.press(page, "Go on", code=code(secret, NOON + MINUTE)).mistakes[0]


def test_no_secret_of_a_second_factor_stands_in_the_database_in_clear(office: Office) -> None:
    hana = office.visitor()
    page = hana.get("/me/second-factor/app")
    secret = re.sub(r"\s", "", page.doc.xpath("//details//code")[0].text)
    assert not any(secret in str(s.get_decoded()) for s in Session.objects.all())
    done = hana.press(page, "Set it up", code=code(secret, NOON))
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(c.text.replace(" ", "") in kept for c in done.within("codes", "code"))


def test_a_wrong_first_code_sets_nothing_up_and_shows_the_same_secret_again(office: Office) -> None:
    hana = office.visitor()
    page = hana.get("/me/second-factor/app")
    before = page.doc.xpath("//details//code")[0].text
    page = hana.press(page, "Set it up", code="000000")
    assert "not right" in page.mistakes[0]
    assert page.doc.xpath("//details//code")[0].text == before
    assert not Authenticator.objects.exists()


# --- recovery codes ---------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_the_desk_once(office: Office, settings: Settings) -> None:
    _, codes = set_up(office.visitor())
    clock(settings, NOON + MINUTE)
    hana, page = password(office)
    assert hana.press(page, "Go on", code=codes[3]).h1 == "My day"
    assert "9 recovery codes are left" in hana.get("/me/").main
    again, page = password(office)
    assert "not right" in again.press(page, "Go on", code=codes[3]).mistakes[0]
    assert again.press(page, "Go on", code=codes[4].replace(" ", "")).h1 == "My day"


def test_new_recovery_codes_take_the_place_of_the_old(office: Office, settings: Settings) -> None:
    hana = office.visitor()
    _, old = set_up(hana)
    page = hana.press(hana.get("/me/second-factor/codes"), "Make ten new codes")
    new = [c.text for c in page.within("codes", "code")]
    assert len(new) == 10
    assert not set(old) & set(new)
    assert not any(c in hana.get("/me/second-factor/codes").words for c in new), "shown once"
    clock(settings, NOON + MINUTE)
    other, page = password(office)
    assert "not right" in other.press(page, "Go on", code=old[0]).mistakes[0]


# --- who needs one ----------------------------------------------------------------------------------------------


def test_whose_role_needs_one_is_led_to_set_it_up_and_reaches_nothing_else(office: Office) -> None:
    here_before = office.visitor("manager")
    need(office, "manager", "administrator")
    for mia in (here_before, password(office, "manager")[0]):
        for address in (office.at(), "/", "/me/", office.case_at(), office.at("provider"), "/me/password"):
            page = mia.get(address)
            assert page.address == "/me/second-factor", address
            assert "Ann Archer" not in page.words
        answer = mia.client.post(
            office.case_at("note"), {"csrfmiddlewaretoken": mia.client.cookies["csrftoken"].value}
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, "/me/second-factor")
    set_up(mia)
    assert mia.get(office.at()).address == office.at()
    assert here_before.get(office.at()).address == "/sign-in", "that session never showed it"
    assert office.visitor("handler").get(office.at()).h1 == "My day", "another role needs none"


def test_another_provider_asks_by_its_own_rules_and_of_two_the_stricter_holds(office: Office) -> None:
    opus = provider("opus")
    set_sign_in_rules(opus, roles=["handler"], idle_minutes=60, by="test", now=NOON)
    assert office.visitor().get(office.at()).h1 == "My day"
    Role.objects.create(person=office.people["handler"], provider=opus, role=RoleName.HANDLER)
    assert password(office)[1].address == "/me/second-factor"


def test_the_last_second_factor_stays_where_the_role_needs_one(office: Office) -> None:
    need(office, "handler")
    hana, _ = password(office)
    set_up(hana)
    page = hana.press(hana.get("/me/"), "Take away")
    assert "Set another one up first" in page.words
    assert factors.has(office.people["handler"])
    need(office)
    hana.press(hana.get("/me/"), "Take away")
    assert not Authenticator.objects.filter(user=office.people["handler"]).exists(), "and the recovery codes"


def test_an_administrator_sets_the_rule_sees_who_has_none_and_mends_a_lost_phone(office: Office) -> None:
    hana, admin = office.visitor(), office.visitor("administrator")
    page = admin.get(office.at("provider/signing-in"))
    bad = admin.press(page, "Keep these rules", idle_minutes="3")
    assert bad.status == 422
    page = admin.press(page, "Keep these rules", roles=["handler"], idle_minutes="45")
    assert page.doc.xpath("//h2[1]")[0].text == "Who needs a second factor and has none yet"
    set_up(hana)
    assert admin.get(office.at("provider/signing-in")).doc.xpath("//h2[1]")[0].text == "Single sign-on"
    number = office.people["handler"].pk
    page = admin.press(admin.get(office.at(f"provider/people/{number}")), "Take the second factor away")
    assert "They have none." in page.main
    assert hana.get(office.at()).address == "/sign-in"
    assert password(office)[1].address == "/me/second-factor"
    done = {e.what: e.detail for e in AuditEntry.objects.filter(provider=office.provider)}
    assert done["rules of signing in"] == {"second factor": ["handler"], "idle minutes": 45}
    assert done["second factor reset"] == {"person": str(number), "factors": 1}
    assert "authenticator app set up" in done


def test_after_a_while_the_password_is_asked_for_before_a_second_factor_is_changed(
    office: Office, settings: Settings
) -> None:
    hana = office.visitor()
    clock(settings, NOON + 11 * MINUTE)
    page = hana.get("/me/second-factor/app")
    assert page.h1 == "Your password once more"
    assert "not your password" in hana.press(page, "Go on", password="x").mistakes[0]
    page = hana.press(page, "Go on", password=PASSWORD)
    assert page.address == "/me/second-factor/app"
    set_up(hana, NOON + 11 * MINUTE)
    clock(settings, NOON + 22 * MINUTE)
    page = hana.press(hana.get("/me/"), "Take away")
    assert page.h1 == "Your password once more"
    assert factors.has(office.people["handler"])


# --- passkeys ---------------------------------------------------------------------------------------------------


def browser(office: Office, role: str = "handler") -> Visitor:
    visitor = Visitor()
    visitor.client.defaults["HTTP_HOST"] = "localhost"
    return visitor.signed_in(office.people[role])


def asked(page: Page) -> str:
    """What the page asks of the browser."""
    return str(page.doc.xpath("//form[@data-passkey]")[0].get("data-asked"))


def make(visitor: Visitor, passkey: SoftPasskey, name: str = "My phone") -> Page:
    page = visitor.get("/me/second-factor/passkey")
    return visitor.press(page, "Make the passkey", name=name, credential=passkey.make(asked(page)))


def begin(office: Office) -> tuple[Visitor, Page]:
    visitor = Visitor()
    visitor.client.defaults["HTTP_HOST"] = "localhost"
    return password(office, visitor=visitor)


def test_the_way_in_by_password_and_passkey(office: Office) -> None:
    passkey = SoftPasskey(SITE)
    page = make(browser(office), passkey)
    assert page.h1 == "Recovery codes"
    hana, page = begin(office)
    page = hana.press(page, "Use your passkey", credential=passkey.use(asked(page)))
    assert (page.address, page.h1) == (office.at(), "My day")
    assert SignIn.objects.latest("id").by == "password, passkey"
    assert "My phone" in hana.get("/me/").main


def test_an_answer_to_another_question_opens_nothing_and_each_is_asked_once(office: Office) -> None:
    passkey = SoftPasskey(SITE)
    make(browser(office), passkey)
    hana, page = begin(office)
    seen = passkey.use(asked(page))
    later = hana.get("/sign-in/second-factor")
    page = hana.press(later, "Use your passkey", credential=seen)
    assert "not one of yours" in page.mistakes[0]
    right = passkey.use(asked(page))
    assert hana.press(page, "Use your passkey", credential=right).h1 == "My day"
    thief, page = begin(office)
    assert "not one of yours" in thief.press(page, "Use your passkey", credential=right).mistakes[0]


def test_a_strangers_passkey_one_of_another_site_and_a_copied_one_open_nothing(office: Office) -> None:
    mine, strangers = SoftPasskey(SITE), SoftPasskey(SITE)
    make(browser(office), mine)
    make(browser(office, "manager"), strangers)
    hana, page = begin(office)
    page = hana.press(page, "Use your passkey", credential=strangers.use(asked(page)))
    assert page.mistakes
    mine.origin = "http://localhost.evil.example"
    page = hana.press(page, "Use your passkey", credential=mine.use(asked(page)))
    assert page.mistakes
    mine.origin = SITE
    assert hana.press(page, "Use your passkey", credential=mine.use(asked(page))).h1 == "My day"
    copy, page = begin(office)
    page = copy.press(page, "Use your passkey", credential=mine.use(asked(page), again=True))
    assert "not one of yours" in page.mistakes[0]


@pytest.mark.parametrize("said", [
    "", "{}", "[]", "nonsense", '"x"', '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}',
    '{"id": 1, "rawId": 2, "type": "x", "response": {"clientDataJSON": "####", "attestationObject": "oA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"_w","authenticatorData":"AA","signature":"AA"}}',
])  # fmt: skip
def test_what_is_no_passkey_is_a_mistake_and_never_a_fault(office: Office, said: str) -> None:
    page = browser(office).get("/me/second-factor/passkey")
    visitor = browser(office)
    page = visitor.get("/me/second-factor/passkey")
    answer = visitor.press(page, "Make the passkey", name="x", credential=said)
    assert answer.status == 422
    assert answer.mistakes
    make(browser(office), SoftPasskey(SITE))
    hana, page = begin(office)
    answer = hana.press(page, "Use your passkey", credential=said)
    assert (answer.status, answer.address) == (200, "/sign-in/second-factor")
    assert answer.mistakes


def test_without_javascript_a_code_is_asked_for_and_the_passkeys_form_is_hidden(office: Office) -> None:
    hana = browser(office)
    make(hana, SoftPasskey(SITE))
    _, page = begin(office)
    (form,) = page.doc.xpath("//form[@data-passkey]")
    assert form.get("hidden") is not None
    assert page.form("Go on")[0].get("hidden") is None


# --- who has left in between ------------------------------------------------------------------------------------


def test_a_reset_or_a_leaving_between_the_two_steps_holds(office: Office, settings: Settings) -> None:
    secret, _ = set_up(office.visitor())
    clock(settings, NOON + MINUTE)
    hana, page = password(office)
    office.people["handler"].is_active = False
    office.people["handler"].save()
    page = hana.press(page, "Go on", code=code(secret, NOON + MINUTE))
    assert page.address == "/sign-in"
    assert hana.get(office.at()).address == "/sign-in"


def test_a_reset_ends_every_session(office: Office) -> None:
    one, two = office.visitor(), office.visitor()
    set_up(one)
    assert reset_second_factor(office.people["handler"], by="test", now=NOON) == 1
    assert {v.get(office.at()).address for v in (one, two)} == {"/sign-in"}
    assert not UserSession.objects.filter(user=office.people["handler"]).exists()


def test_the_second_step_has_no_place_for_whoever_did_not_take_the_first(office: Office) -> None:
    assert Visitor().get("/sign-in/second-factor").address == "/sign-in"
    said: dict[str, Any] = {"code": "000000"}
    assert Visitor().client.post("/sign-in/second-factor", said).status_code in (302, 403)
    assert office.visitor().get("/sign-in/second-factor").address == office.at()
