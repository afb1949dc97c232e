"""Single sign-on against a real identity provider on loopback: who comes in, who does not, and every lie it may tell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth.models import User
from pytest_django import Settings

from amends.desk.models import Provider, Role, RoleName, SignIn, SignOn, SignOnLink
from amends.desk.people import make_person, record_sign_on, set_sign_in_rules
from amends.desk.signing.house_sign_on import set_up, take_away
from tests.desk.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.desk.made import PASSWORD, provider
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor


@pytest.fixture
def idp(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    """The office's identity provider, set up as its engineer does it; Hana's address is recorded."""
    house = IdentityProvider()
    assert sign_on(office.provider, house) == ""
    expect(office)
    yield house
    house.close()


def sign_on(at: Provider, house: IdentityProvider, *, two: bool = False) -> str:
    return set_up(
        at, name="Work", issuer=house.issuer, client_id=CLIENT, client_secret=f"file:{at.pk}-sign-on", kept=SECRET,
        has_second_factor=two, by="test", now=NOON,
    )  # fmt: skip


def expect(
    office: Office, role: str = "handler", email: str = "hana@WORK.example", subject: str = ""
) -> None:
    refused = record_sign_on(
        office.people[role], office.provider, email=email, subject=subject, by="test", now=NOON
    )
    assert refused is None


def go_there(visitor: Visitor) -> str:
    """The address of the identity provider to which the press of the button leads."""
    page = visitor.press(visitor.get("/sign-in"), "Larkfield")
    (refresh,) = page.doc.xpath('//meta[@http-equiv="refresh"]')
    there: str = refresh.get("content").split("url=", 1)[1]
    assert page.doc.xpath("//main//a")[0].get("href") == there
    return there


def and_back(there: str) -> str:
    """Where the identity provider sends the browser: the address of the desk, with its query."""
    answer = requests.get(there, allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def come(visitor: Visitor | None = None) -> tuple[Visitor, Page]:
    """Somebody who goes there and comes back."""
    visitor = visitor or Visitor()
    return visitor, visitor.get(and_back(go_there(visitor)))


# --- who comes in -----------------------------------------------------------------------------------------------


def test_who_was_recorded_comes_in_and_is_known_by_the_subject_from_then_on(
    office: Office, idp: IdentityProvider
) -> None:
    _, page = come()
    assert (page.address, page.h1) == (office.at(), "My day")
    link = SignOnLink.objects.get(person=office.people["handler"])
    assert (link.subject, link.linked) == ("subject-1", NOON)
    last = SignIn.objects.latest("id")
    assert (last.tried, last.by, last.provider_id) == ("signed in", "single sign-on", office.slug)
    idp.claims = {"sub": "subject-1", "email": "married@work.example"}
    assert come()[1].h1 == "My day", "another address, the same subject"
    assert "/tenant/userinfo" not in idp.asked
    assert SECRET not in str(list(SignOn.objects.values()))
    assert User.objects.count() == len(RoleName)


def test_what_is_asked_is_the_code_flow_with_pkce_state_and_nonce_anew_each_time(
    office: Office, idp: IdentityProvider
) -> None:
    first, second = (
        {name: values[0] for name, values in parse_qs(urlsplit(go_there(Visitor())).query).items()}
        for _ in range(2)
    )
    assert first["redirect_uri"] == f"http://testserver/sign-in/from/{office.slug}"
    assert first["code_challenge_method"] == "S256"
    assert set(first["scope"].split()) == {"openid", "email"}
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    assert "secret" not in str(first)


@pytest.mark.parametrize(("claims", "who"), [
    ({"sub": "x", "email": "hana@work.example"}, "an address that nobody verified"),
    ({"sub": "x", "email": "hana@work.example", "email_verified": False}, "one that is said not to be"),
    ({"sub": "x", "email": "hana@work.example", "email_verified": "true"}, "one verified in words, not in fact"),
    ({"sub": "x", "email": "other@work.example", "email_verified": True}, "somebody whom nobody recorded"),
    ({"sub": "x", "email": ["hana@work.example"], "email_verified": True}, "a list"),
    ({"sub": "x"}, "no address at all"),
    ({"sub": ""}, "no subject"),
    ({"sub": 7}, "a number"),
    ({"sub": None}, "nothing"),
])  # fmt: skip
def test_nobody_is_made_or_taken_for_another(
    office: Office, idp: IdentityProvider, claims: dict[str, object], who: str
) -> None:
    idp.claims = claims
    visitor, page = come()
    assert (page.status, page.h1) == (403, "Sign in"), who
    assert "could not be signed in with Work" in page.main
    assert visitor.get(office.at()).address == "/sign-in"
    assert SignOnLink.objects.get().subject == ""
    assert User.objects.count() == len(RoleName)
    line = SignIn.objects.latest("id")
    assert (line.tried, line.person, line.provider_id) == ("single sign-on refused", None, office.slug)


def test_an_address_that_was_used_once_lets_no_second_subject_in(
    office: Office, idp: IdentityProvider
) -> None:
    come()
    idp.claims["sub"] = "subject-2"
    assert come()[1].status == 403
    assert SignOnLink.objects.get().subject == "subject-1"


def test_an_administrator_links_whom_the_log_shows_refused(office: Office, idp: IdentityProvider) -> None:
    idp.claims = {"sub": "pairwise-77", "email": "hana.price@work.example"}
    come()
    admin = office.visitor("administrator")
    assert "pairwise-77" in admin.get(office.at("provider/sign-ins")).main
    number = office.people["handler"].pk
    page = admin.get(office.at(f"provider/people/{number}"))
    bad = admin.press(page, "Record who they are there", email="", subject="")
    assert (bad.status, bad.mistakes) == (422, ["Give their address or their id at the identity provider."])
    admin.press(page, "Record who they are there", email="", subject="pairwise-77")
    assert come()[1].h1 == "My day"
    other = office.people["agent"].pk
    page = admin.get(office.at(f"provider/people/{other}"))
    page = admin.press(page, "Record who they are there", email="", subject="pairwise-77")
    assert "Somebody else is linked" in page.mistakes[0]


def test_a_link_that_is_taken_away_opens_nothing_and_ends_what_is_open(
    office: Office, idp: IdentityProvider
) -> None:
    hana, _ = come()
    admin = office.visitor("administrator")
    admin.press(admin.get(office.at(f"provider/people/{office.people['handler'].pk}")), "Take the link away")
    assert hana.get(office.at()).address == "/sign-in"
    assert come()[1].status == 403


@pytest.mark.parametrize("gone", ["inactive", "no role"])
def test_who_has_left_does_not_come_in(office: Office, idp: IdentityProvider, gone: str) -> None:
    come()
    hana = office.people["handler"]
    if gone == "inactive":
        User.objects.filter(pk=hana.pk).update(is_active=False)
    else:
        Role.objects.filter(person=hana).delete()
    assert come()[1].status == 403


# --- lies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lie", [
    "forged", "unsigned", "signed by the secret", "unpublished key", "stale", "for another", "by another",
    "other nonce", "no nonce", "of another party", "mixed up", "refuses",
])  # fmt: skip
def test_a_token_that_is_not_what_was_asked_for_lets_nobody_in(
    office: Office, idp: IdentityProvider, lie: str
) -> None:
    idp.lie = lie
    visitor, page = come()
    assert (page.status, page.h1) == (403, "Sign in")
    assert visitor.get(office.at()).address == "/sign-in"
    why = SignIn.objects.latest("id").why
    assert why
    if lie in ("unsigned", "signed by the secret"):
        assert why.startswith("its token is signed by "), "refused before any key is tried"
    idp.lie = ""
    assert come(visitor)[1].h1 == "My day", "and the truth lets the same person in"


@pytest.mark.parametrize("lie", ["issuer of another", "open endpoint", "away"])
def test_an_identity_provider_that_cannot_be_trusted_is_not_gone_to(
    office: Office, idp: IdentityProvider, lie: str
) -> None:
    idp.lie = lie
    visitor = Visitor()
    page = visitor.press(visitor.get("/sign-in"), "Larkfield")
    assert (page.status, page.h1) == (403, "Sign in")
    assert set(idp.asked) == {"/tenant/.well-known/openid-configuration"}


def test_an_answer_counts_in_the_browser_that_asked_and_once(office: Office, idp: IdentityProvider) -> None:
    hana = Visitor()
    back = and_back(go_there(hana))
    victim = Visitor()
    assert victim.get(back).status == 403, "another browser"
    assert hana.get(back).h1 == "My day"
    hana.press(hana.get(office.at()), "Sign out")
    assert hana.get(back).status == 403, "a second time"
    for forged in ("", "?code=x", "?state=x&code=x", "?error=x", "?state=%00&code=%00"):
        assert Visitor().get(f"/sign-in/from/{office.slug}{forged}").status == 403


def test_an_answer_that_comes_too_late_is_none(
    office: Office, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allauth.socialaccount.internal import statekit

    hana = Visitor()
    back = and_back(go_there(hana))
    monkeypatch.setattr(statekit, "STATE_TTL", -1)
    assert hana.get(back).status == 403


def test_words_of_the_identity_provider_are_shown_to_administrators_as_words(
    office: Office, idp: IdentityProvider
) -> None:
    hana = Visitor()
    state = parse_qs(urlsplit(go_there(hana)).query)["state"][0]
    page = hana.get(f"/sign-in/from/{office.slug}?state={state}&error=<script>alert(1)</script>")
    assert page.status == 403
    shown = office.visitor("administrator").get(office.at("provider/sign-ins"))
    assert b"<script>alert" not in page.content + shown.content
    assert "alert(1)" in shown.main


# --- what it opens ----------------------------------------------------------------------------------------------


def test_it_vouches_for_nobody_at_another_provider(office: Office, idp: IdentityProvider) -> None:
    come()
    opus = provider("opus")
    Role.objects.create(person=office.people["handler"], provider=opus, role=RoleName.DIRECTOR)
    hana, page = come()
    assert page.address == office.at()
    assert hana.get(f"/desk/{opus.pk}/").status == 404
    assert hana.get("/").address == office.at()
    for address in ("/me/", "/me/password", "/me/second-factor", "/me/second-factor/app"):
        assert hana.get(address).status == 404, address
    by_password = office.visitor()
    assert by_password.get(f"/desk/{opus.pk}/").status == 200


def test_our_second_factor_is_asked_for_unless_the_identity_provider_asks_for_one(
    office: Office, idp: IdentityProvider, settings: Settings
) -> None:
    from tests.desk.test_second_factors import code
    from tests.desk.test_second_factors import set_up as set_up_app

    set_sign_in_rules(office.provider, roles=["handler"], idle_minutes=60, by="test", now=NOON)
    hana, page = come()
    assert page.address == "/me/second-factor"
    secret, _ = set_up_app(hana)
    clock(settings, NOON + timedelta(minutes=1))
    hana, page = come()
    assert page.address == "/sign-in/second-factor"
    assert hana.get(office.at()).address == "/sign-in"
    page = hana.press(page, "Go on", code=code(secret, NOON + timedelta(minutes=1)))
    assert page.h1 == "My day"
    assert sign_on(office.provider, idp, two=True) == ""
    assert come()[1].h1 == "My day"
    hana = Visitor()
    name = office.people["handler"].username
    page = hana.press(hana.get("/sign-in"), "Sign in", username=name, password=PASSWORD)
    assert page.address == "/sign-in/second-factor", "a password still needs ours"


def test_somebody_without_a_password_comes_by_it_alone(
    office: Office, idp: IdentityProvider, settings: Settings
) -> None:
    olga = make_person(
        "olga", name="Olga", password=None, provider=office.provider, role=RoleName.AGENT, by="test", now=NOON
    )
    assert isinstance(olga, User)
    office.people["olga"] = olga
    expect(office, "olga", email="olga@work.example")
    idp.claims = {"sub": "o", "email": "olga@work.example", "email_verified": True}
    visitor, page = come()
    assert page.h1 == "My day"
    assert "have no password here" in visitor.get("/me/").main
    assert visitor.get("/me/password").status == 404
    clock(settings, NOON + timedelta(minutes=11))
    assert "Sign out and in again" in visitor.get("/me/second-factor/app").main


def test_a_signed_in_session_is_cut_when_single_sign_on_is_taken_away(
    office: Office, idp: IdentityProvider
) -> None:
    hana, _ = come()
    take_away(office.provider, by="test", now=NOON)
    assert hana.get(office.at()).address == "/sign-in"
    assert "Larkfield" not in Visitor().get("/sign-in").words
    assert Visitor().get(f"/sign-in/from/{office.slug}?state=x").status == 404
    assert not SignOnLink.objects.exists()


# --- setting it up ----------------------------------------------------------------------------------------------


def test_the_secret_is_kept_beside_the_database_readable_by_its_owner_alone(
    office: Office, idp: IdentityProvider
) -> None:
    kept = Path(os.environ["AMENDS_HOME"]) / "secrets" / f"{office.slug}-sign-on"
    assert kept.read_text() == SECRET
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    visitor = Visitor()
    page = visitor.press(visitor.get("/sign-in"), "Larkfield")
    assert page.status == 403
    assert SECRET not in page.words
    assert re.search("none is kept as", SignIn.objects.latest("id").why)


@pytest.mark.parametrize(
    "issuer", ["http://login.example", "ftp://x", "", "javascript:alert(1)", "login.example"]
)
def test_an_issuer_that_can_be_listened_to_is_refused(office: Office, issuer: str) -> None:
    said = set_up(
        office.provider, name="", issuer=issuer, client_id="c", client_secret="file:x", kept="s", has_second_factor=False,
        by="test", now=NOON,
    )  # fmt: skip
    assert "is no https address" in said
    assert not SignOn.objects.exists()


def test_another_issuer_knows_nobody_by_the_subjects_of_the_one_before(
    office: Office, idp: IdentityProvider
) -> None:
    come()
    expect(office, "agent", email="", subject="agent-1")
    other = IdentityProvider()
    try:
        sign_on(office.provider, other)
        assert list(SignOnLink.objects.values_list("email", "subject")) == [("hana@work.example", "")]
        other.claims = {"sub": "agent-1"}
        assert come()[1].status == 403
    finally:
        other.close()
