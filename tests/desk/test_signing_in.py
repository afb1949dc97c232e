"""Signing in by a password: locks that keep strangers out and colleagues in, sessions, the log, idle pages, passwords."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from amends.desk.models import AuditEntry, MustChange, PortalAttempt, Role, RoleName, SignIn, SignInRules
from amends.desk.people import make_person, set_sign_in_rules
from amends.desk.signing import lock, log
from amends.desk.views import signing_in
from tests.desk.made import PASSWORD, person, provider
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor

NEW = "quite another pass phrase"


def tried(office: Office, role: str = "handler") -> list[str]:
    """What the log says of a person, oldest first."""
    lines = SignIn.objects.filter(person=office.people[role]).order_by("id")
    return [f"{line.tried}: {line.by}".removesuffix(": ") for line in lines]


def wrong(visitor: Visitor, name: str, password: str = "wrong") -> Page:
    return visitor.press(visitor.get("/sign-in"), "Sign in", username=name, password=password)


# --- the first page ---------------------------------------------------------------------------------------------


def test_who_signs_in_lands_without_a_refusal_on_the_page_that_is_theirs(office: Office) -> None:
    for role in RoleName:
        own = office.at() if role != RoleName.ADMINISTRATOR else office.at("provider")
        someone = Visitor()
        page = someone.press(
            someone.get("/sign-in"), "Sign in", username=office.people[role].username, password=PASSWORD
        )
        assert (page.status, page.address) == (200, own), role
        [logo] = page.doc.xpath("//header//a[@class='house']/@href")
        for way in (logo, "/", "/desk/", office.at()):
            page = someone.get(way)
            assert (page.status, page.address) == (200, own), f"{role} by {way}"
        assert ("/cases" in " ".join(page.links)) is (role != RoleName.ADMINISTRATOR)


def test_an_administrator_is_led_from_no_other_page_of_cases_and_nobody_else_is_led_at_all(
    office: Office,
) -> None:
    both = office.people["administrator"]
    admin = office.visitor("administrator")
    assert admin.get(office.at("cases")).status == 403
    assert admin.get(office.at("?whose=team")).address == office.at("provider")
    Role.objects.create(person=both, provider=office.provider, role=RoleName.MANAGER)
    assert admin.get(office.at()).address == office.at(), "who reads cases besides has a day of their own"
    elsewhere = Visitor().signed_in(person(provider("opus"), RoleName.ADMINISTRATOR, "olga"))
    assert elsewhere.get(office.at()).status == 404


# --- locks ------------------------------------------------------------------------------------------------------


def test_a_browser_that_is_known_is_let_in_however_long_a_stranger_guesses(
    office: Office, settings: Settings
) -> None:
    mia = office.people["manager"]
    at_her_desk = office.visitor("manager")
    at_her_desk.press(at_her_desk.get(office.at()), "Sign out")
    for hour in range(3):
        clock(settings, NOON + timedelta(hours=hour))
        for n in range(lock.TRIES_AT_A_NAME + 5):
            stranger = Client(REMOTE_ADDR=f"192.0.2.{n % 250}")
            stranger.post("/sign-in", {"username": mia.username, "password": "wrong"})
        from_elsewhere = Visitor()
        from_elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.1"
        assert "Too many" in wrong(from_elsewhere, mia.username, PASSWORD).mistakes[0]
        assert at_her_desk.signed_in(mia).get(office.at()).status == 200
        at_her_desk.press(at_her_desk.get(office.at()), "Sign out")


def test_a_known_browser_is_locked_by_its_own_wrong_tries_and_knows_only_who_signed_in_there(
    office: Office,
) -> None:
    browser = office.visitor("manager")
    browser.press(browser.get(office.at()), "Sign out")
    for _ in range(5):
        assert "not right" in wrong(browser, office.people["manager"].username).mistakes[0]
    assert "Too many" in wrong(browser, office.people["manager"].username, PASSWORD).mistakes[0]
    for _ in range(5):
        wrong(browser, office.people["director"].username)
    elsewhere = wrong(Visitor(), office.people["director"].username, PASSWORD)
    assert "Too many" in elsewhere.mistakes[0], (
        "nobody had signed in as the director there: the network is counted"
    )


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ:1abc:forged", "." * 5000])
def test_a_forged_cookie_makes_no_browser_known(office: Office, cookie: str) -> None:
    name = office.people["manager"].username
    for n in range(6):
        stranger = Visitor()
        stranger.client.cookies[lock.KNOWN] = cookie
        page = wrong(stranger, name)
        assert ("Too many" in page.mistakes[0]) is (n == 5)


def test_colleagues_who_sign_in_well_do_not_use_up_the_tries_of_their_office(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "TRIES_OF_A_NETWORK", 3)
    for role in ("agent", "handler", "manager", "director", "auditor"):
        office.visitor(role)
    assert not PortalAttempt.objects.filter(tries__gt=0).exists()
    assert office.visitor("compliance").get(office.at()).status == 200


def test_tries_under_way_at_once_are_each_counted_before_any_is_looked_at(office: Office) -> None:
    counted = lock.Counted({"one": 3}, "one")
    assert [lock.begin(counted, NOON) for _ in range(3)] == [None, None, None]
    assert lock.begin(counted, NOON) == NOON + lock.CROWDED
    assert lock.wrong(counted, NOON)
    assert lock.begin(counted, NOON) == NOON + timedelta(hours=1)
    assert lock.begin(counted, NOON + timedelta(hours=1)) is None


class Counting(MD5PasswordHasher):
    """Counts how often a password is hashed: the time that a try takes."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.hashed += 1
        return super().encode(password, salt)


def test_a_name_that_nobody_has_takes_as_long_as_one_that_somebody_has(
    office: Office, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    hana = office.people["handler"]
    gone = person(office.provider, RoleName.AGENT, "gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    by_sign_on = make_person(
        "olga", name="Olga", password=None, provider=office.provider, role=RoleName.AGENT, by="test", now=NOON
    )
    assert isinstance(by_sign_on, User)
    took, words = {}, set()
    for name in (hana.username, "nobody", "gone", "olga"):
        Counting.hashed = 0
        words.add(wrong(Visitor(), name).mistakes[0])
        took[name] = Counting.hashed
    assert set(took.values()) == {1}, took
    assert words == {"The name or the password is not right."}
    assert "not right" in wrong(Visitor(), "gone", PASSWORD).mistakes[0]


# --- the session ------------------------------------------------------------------------------------------------


def test_a_session_that_somebody_else_knows_is_left_behind_at_the_sign_in(office: Office) -> None:
    hana = Visitor()
    hana.client.cookies["sessionid"] = "a" * 32
    hana.signed_in(office.people["handler"])
    mine = hana.client.cookies["sessionid"].value
    assert mine != "a" * 32
    planted = Visitor()
    planted.client.cookies["sessionid"] = "a" * 32
    assert planted.get(office.at()).address == "/sign-in"


def test_the_sign_in_and_every_press_of_ones_own_want_their_token(office: Office) -> None:
    stranger = Client(enforce_csrf_checks=True)
    said = {"username": office.people["handler"].username, "password": PASSWORD}
    assert stranger.post("/sign-in", said).status_code == 403
    hana = office.visitor().client
    for address in ("/me/sessions/end", "/me/password", "/me/second-factor/codes", "/sign-out"):
        assert hana.post(address).status_code == 403, address
    admin = office.visitor("administrator").client
    number = office.people["agent"].pk
    for path in ("password", "second-factor", "sign-on", "no-sign-on"):
        assert admin.post(office.at(f"provider/people/{number}/{path}")).status_code == 403, path
    assert office.people["agent"].check_password(PASSWORD)


@pytest.mark.parametrize("address", ["/sign-in", "/me/", "/me/password", "/me/second-factor/app"])
def test_no_page_of_the_sign_in_is_shown_inside_another_site(office: Office, address: str) -> None:
    answer = (Visitor() if address == "/sign-in" else office.visitor()).client.get(address)
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/sign-in", "/sign-in/second-factor", "/me/confirm"])
@pytest.mark.parametrize("box", ["next", "then", "redirect_to"])
def test_no_address_that_a_visitor_brings_is_followed(office: Office, page: str, box: str) -> None:
    visitor = office.visitor()
    answer = visitor.get(f"{page}?{box}=https://evil.example/")
    assert answer.address.startswith("/")
    assert "evil.example" not in "".join(link for link in answer.links if link)
    if page == "/me/confirm":
        done = visitor.press(answer, "Go on", password=PASSWORD)
        assert done.address == "/me/"


def test_somebody_signs_out_everywhere_else_and_sees_where_they_were(
    office: Office, settings: Settings
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = False
    left = Visitor()
    left.client.defaults.update(
        REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    )
    left.signed_in(office.people["handler"])
    clock(settings, NOON + timedelta(minutes=5))
    hana = office.visitor()
    page = hana.get("/me/")
    assert "Firefox on Windows" in page.main
    assert "192.0.2.7" in page.main
    page = hana.press(page, "Sign out everywhere else")
    assert page.within("told", "p")[0].text == "You are signed out everywhere else."
    assert "192.0.2.7" not in page.main.split("Your last sign-ins")[0]
    assert left.get(office.at()).address == "/sign-in"
    assert hana.get(office.at()).h1 == "My day"


# --- idle -------------------------------------------------------------------------------------------------------


def test_after_an_idle_hour_the_next_page_is_the_sign_in_and_says_why(
    office: Office, settings: Settings
) -> None:
    hana = office.visitor()
    for minutes in (59, 118):
        clock(settings, NOON + timedelta(minutes=minutes))
        assert hana.get(office.at()).status == 200
    clock(settings, NOON + timedelta(minutes=178))
    page = hana.get(office.at())
    assert page.address == "/sign-in"
    assert "nothing was opened here for 60 minutes" in page.words
    assert hana.get(office.at()).address == "/sign-in"
    assert tried(office)[-1] == "signed out after a pause"


def test_a_provider_says_how_long_and_of_two_the_shorter_holds(office: Office, settings: Settings) -> None:
    set_sign_in_rules(office.provider, roles=(), idle_minutes=30, by="test", now=NOON)
    opus = provider("opus")
    Role.objects.create(person=office.people["handler"], provider=opus, role=RoleName.HANDLER)
    set_sign_in_rules(opus, roles=(), idle_minutes=10, by="test", now=NOON)
    hana, mia = office.visitor(), office.visitor("manager")
    clock(settings, NOON + timedelta(minutes=10))
    assert hana.get(office.at()).address == "/sign-in"
    assert mia.get(office.at()).status == 200


def test_customers_in_the_portal_are_never_held_up_by_a_sign_in(office: Office, settings: Settings) -> None:
    hana = office.visitor()
    set_sign_in_rules(office.provider, roles=list(RoleName), idle_minutes=5, by="test", now=NOON)
    clock(settings, NOON + timedelta(hours=5))
    assert hana.get(office.portal()).address == office.portal()


# --- the log ----------------------------------------------------------------------------------------------------


def test_the_log_says_who_when_from_where_and_how_and_what_failed(office: Office) -> None:
    visitor = Visitor()
    visitor.client.defaults.update(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/605")
    for _ in range(5):
        wrong(visitor, office.people["handler"].username)
    assert tried(office) == ["wrong password: password"] * 5 + ["locked: password"]
    visitor.client.defaults["REMOTE_ADDR"] = "198.51.100.2"
    visitor.signed_in(office.people["handler"])
    visitor.press(visitor.get(office.at()), "Sign out")
    assert tried(office)[6:] == ["signed in: password", "signed out"]
    page = office.visitor("administrator").get(office.at("provider/sign-ins"))
    first = page.within("stacks", "tbody/tr")[-1].text_content()
    assert "Wrong password" in first
    assert "192.0.2.7" in first
    assert "Safari on iPhone" in first
    assert "Handler" in first


def test_what_was_typed_as_a_name_is_never_kept(office: Office) -> None:
    wrong(Visitor(), "my secret pass phrase", "hana")
    (line,) = SignIn.objects.all()
    assert line.person is None
    kept = [str(getattr(line, field.name)) for field in SignIn._meta.get_fields() if hasattr(field, "column")]
    assert not any("secret" in words for words in kept)


def test_an_administrator_sees_the_log_of_their_own_provider_only(office: Office) -> None:
    opus = provider("opus")
    bob = person(opus, RoleName.HANDLER, "bob")
    Visitor().signed_in(bob)
    page = office.visitor("administrator").get(office.at("provider/sign-ins"))
    assert "Administrator" in page.main
    assert SignIn.objects.filter(person=bob).exists()
    assert len(page.within("stacks", "tbody/tr")) == 1
    assert office.visitor("administrator").get(office.at(f"provider/people/{bob.pk}")).status == 404


def test_the_log_pages_by_its_lines_and_keeps_a_year(office: Office, settings: Settings) -> None:
    hana = office.people["handler"]
    for n in range(60):
        SignIn.objects.create(at=NOON, person=hana, tried="signed in", by=f"line {n:02}")
    old = SignIn.objects.create(at=NOON - log.KEPT_FOR - timedelta(days=1), person=hana, tried="signed in")
    admin = office.visitor("administrator")
    page = admin.get(office.at("provider/sign-ins"))
    older = admin.get(page.address + page.links[[w.startswith("?from") for w in page.links].index(True)])
    assert "line 59" in page.main
    assert "line 00" not in page.main
    assert "line 00" in older.main
    assert admin.get(office.at("provider/sign-ins?from=²")).status == 200
    office.visitor()
    assert not SignIn.objects.filter(pk=old.pk).exists()


# --- passwords --------------------------------------------------------------------------------------------------


def test_a_person_changes_their_password_and_is_signed_out_everywhere_else(office: Office) -> None:
    elsewhere, hana = office.visitor(), office.visitor()
    page = hana.get("/me/password")
    bad = hana.press(page, "Change", current="wrong", new=NEW, again=NEW)
    assert bad.mistakes == ["This is not your password."]
    bad = hana.press(page, "Change", current=PASSWORD, new=NEW, again="not the same")
    assert bad.mistakes == ["This is not the same as the new password above."]
    bad = hana.press(page, "Change", current=PASSWORD, new="password1234", again="password1234")
    assert "common" in bad.mistakes[0]
    bad = hana.press(page, "Change", current=PASSWORD, new="short", again="short")
    assert "at least 12 characters" in bad.mistakes[0]
    done = hana.press(page, "Change", current=PASSWORD, new=NEW, again=NEW)
    assert done.address == "/me/"
    assert hana.get(office.at()).h1 == "My day"
    assert elsewhere.get(office.at()).address == "/sign-in"
    assert "not right" in wrong(Visitor(), office.people["handler"].username, PASSWORD).mistakes[0]
    assert AuditEntry.objects.filter(what="password changed", provider=office.provider).count() == 1


def test_a_stolen_session_is_no_place_to_guess_the_password(office: Office) -> None:
    thief = office.visitor()
    page = thief.get("/me/password")
    for _ in range(5):
        assert "not your password" in thief.press(page, "Change", current="x", new=NEW, again=NEW).mistakes[0]
    assert "Too many" in thief.press(page, "Change", current=PASSWORD, new=NEW, again=NEW).mistakes[0]
    assert User.objects.get(pk=office.people["handler"].pk).check_password(PASSWORD)


def test_an_administrator_resets_a_password_which_opens_nothing_but_the_choice_of_ones_own(
    office: Office,
) -> None:
    hana_before, admin = office.visitor(), office.visitor("administrator")
    number = office.people["handler"].pk
    page = admin.press(admin.get(office.at(f"provider/people/{number}")), "Make a new password")
    made = page.within("told", "code")[0].text
    assert hana_before.get(office.at()).address == "/sign-in"
    assert made not in admin.get(office.at(f"provider/people/{number}")).words
    assert "not right" in wrong(Visitor(), office.people["handler"].username, PASSWORD).mistakes[0]
    hana = Visitor()
    page = wrong(hana, office.people["handler"].username, made)
    assert (page.address, page.h1) == ("/me/password", "Change your password")
    for address in (office.at(), "/", "/me/", office.case_at(), "/me/second-factor/app"):
        assert hana.get(address).address == "/me/password", address
    page = hana.press(hana.get("/me/password"), "Change", current=made, new=NEW, again=NEW)
    assert hana.get(office.at()).h1 == "My day"
    assert not MustChange.objects.exists()
    assert {e.by for e in AuditEntry.objects.filter(what="password reset")} == {
        str(office.people["administrator"].pk)
    }


def test_nobody_but_the_desk_resets_the_sign_in_of_somebody_who_works_elsewhere_too(office: Office) -> None:
    hana = office.people["handler"]
    Role.objects.create(person=hana, provider=provider("opus"), role=RoleName.DIRECTOR)
    admin = office.visitor("administrator")
    page = admin.get(office.at(f"provider/people/{hana.pk}"))
    assert "kept by whoever keeps the desk" in page.main
    assert "Make a new password" not in page.main
    token = admin.client.cookies["csrftoken"].value
    for path in ("password", "second-factor", "sign-on"):
        address = office.at(f"provider/people/{hana.pk}/{path}")
        admin.client.post(address, {"csrfmiddlewaretoken": token, "email": "evil@work.example"})
    assert User.objects.get(pk=hana.pk).check_password(PASSWORD)
    assert not AuditEntry.objects.filter(what__in=["password reset", "single sign-on recorded"]).exists()


def test_whom_an_administrator_adds_chooses_their_own_password_first(office: Office) -> None:
    admin = office.visitor("administrator")
    page = admin.get(office.at("provider/people"))
    admin.press(page, "Add the person", username="new", name="Nia New", password=PASSWORD, role="agent")
    nia = Visitor()
    assert wrong(nia, "new", PASSWORD).address == "/me/password"


# --- the demonstration and old desks ----------------------------------------------------------------------------


def test_a_printed_sign_in_opens_the_demonstration_on_this_machine_only(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    name = office.people["handler"].username
    (tmp_path / signing_in.DEMO_MARK).write_text(json.dumps({"sign_ins": [{"username": name}]}))
    settings.HOME = tmp_path
    settings.SITE, settings.ALLOWED_HOSTS = "http://127.0.0.1:8000", ["localhost", "127.0.0.1"]

    def comes_in(**headers: Any) -> bool:
        visitor = Visitor()
        visitor.client.defaults.update(HTTP_HOST="localhost:8000", **headers)
        return wrong(visitor, name, PASSWORD).address != "/sign-in"

    assert comes_in()
    assert not comes_in(REMOTE_ADDR="192.0.2.7")
    assert not comes_in(HTTP_X_FORWARDED_FOR="192.0.2.8")


def test_a_provider_without_rules_asks_for_a_password_and_nothing_more(office: Office) -> None:
    assert not SignInRules.objects.exists()
    assert office.visitor("administrator").get(office.at("provider")).status == 200
    assert Session.objects.count() == 1


@pytest.mark.parametrize("path", [
    "accounts/signup/", "accounts/login/", "accounts/email/", "accounts/password/reset/", "accounts/social/signup/",
    "accounts/2fa/", "accounts/sessions/", "accounts/google/login/", "accounts/oidc/x/login/", "signup/", "login/",
])  # fmt: skip
def test_no_page_of_allauth_is_there(office: Office, path: str) -> None:
    for visitor in (Visitor(), office.visitor("administrator")):
        assert visitor.get(f"/{path}").status == 404
