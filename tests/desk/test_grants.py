"""Mailboxes that take no passwords: tokens are had, kept sealed, renewed in time, and failing stops no other mailbox."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from amends.desk import grants, home, mail_sign_on
from amends.desk.grants import NotGranted, read_answer
from amends.desk.mail_services import GOOGLE, MICROSOFT, OTHER, SERVICES, Service
from amends.desk.mail_sign_on import Application, as_application, as_person
from amends.desk.models import Alarm, AuditEntry, Flow, Mailbox, MailGrant
from amends.desk.outbox import server_of
from amends.desk.smtp import NotReached
from amends.desk.watch import watch
from amends.desk.worker import look_into
from tests.desk.made import MONDAY, provider
from tests.desk.mailbox_server import Box, mailbox_server
from tests.desk.mails import mail
from tests.desk.token_server import APPLICATION, SCOPE, SECRET, TokenServer, token_server

pytestmark = pytest.mark.django_db

moment = [MONDAY]


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    moment[0] = MONDAY
    monkeypatch.setattr(grants, "now", lambda: moment[0])
    monkeypatch.setenv("APP_SECRET", SECRET)


@pytest.fixture
def house() -> Iterator[TokenServer]:
    with token_server() as served:
        yield served


def mailbox(**more: object) -> Mailbox:
    return Mailbox.objects.create(
        **{
            "provider": provider(),
            "address": "complaints@opus.example",
            "last_uid": "since:2026-10-01",
            **more,
        }
    )


def application(house: TokenServer, secret: str = "env:APP_SECRET") -> Application:
    service = Service(
        OTHER, house.token_url, f"{house.at}/authorize", f"{house.at}/device", "mail", SCOPE,
        extra={"access_type": "offline"},
    )  # fmt: skip
    return Application(service, APPLICATION, secret)


def grant(house: TokenServer, **more: object) -> MailGrant:
    return as_application(application(house), mailbox(**more), by="test", now=MONDAY)


def person(house: TokenServer) -> MailGrant:
    said = house.tokens(refresh=True)[1]
    return as_person(application(house), mailbox(), said, by="test", now=MONDAY)


def test_one_token_serves_until_it_ends_soon_and_then_a_new_one_is_asked_for(house: TokenServer) -> None:
    found = grant(house)
    first = grants.token(found)
    moment[0] = MONDAY + timedelta(minutes=54)
    assert grants.token(found) == first
    assert house.grants("client_credentials") == 1
    moment[0] = MONDAY + timedelta(minutes=55)
    assert grants.token(found) != first
    assert house.grants("client_credentials") == 2


def test_a_token_that_is_refused_is_asked_for_anew_before_its_end(house: TokenServer) -> None:
    found = grant(house)
    first = grants.token(found)
    assert grants.token(found, anew=True) not in ("", first)


def test_a_refresh_token_is_replaced_by_the_one_that_comes_and_never_used_twice(house: TokenServer) -> None:
    found = person(house)
    for hour in range(1, 4):
        moment[0] = MONDAY + timedelta(hours=hour)
        assert grants.token(found) in house.good
    assert house.grants("refresh_token") == 3
    assert len(house.refresh) == 1


def test_a_service_that_keeps_its_refresh_token_is_asked_with_it_again(house: TokenServer) -> None:
    house.rotates = False
    found = person(house)
    for hour in (1, 2):
        moment[0] = MONDAY + timedelta(hours=hour)
        assert grants.token(found) in house.good


def test_nothing_of_a_token_or_a_secret_stands_in_the_database_as_it_is(house: TokenServer) -> None:
    found = person(house)
    row = " ".join(map(str, MailGrant.objects.values_list().get()))
    access, refresh = home.password(found.access_token), home.password(found.refresh_token)
    assert access in house.good
    assert refresh in house.refresh
    for secret in (access, refresh, SECRET):
        assert secret not in row
        assert secret not in str(AuditEntry.objects.values_list("detail"))


def test_the_database_itself_takes_no_open_token(house: TokenServer) -> None:
    found = person(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        MailGrant.objects.filter(pk=found.pk).update(access_token="open")


def test_under_another_key_nothing_opens_and_the_words_say_so(house: TokenServer, settings: object) -> None:
    found = person(house)
    settings.SECRET_KEY = "another key of another desk"  # type: ignore[attr-defined] # the fixture is Django's settings
    with pytest.raises(NotGranted, match=r"another secret\.key"):
        grants.token(found)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("invalid_grant", "invalid_grant (AADSTS700082: It has expired.)"), ("away", "answered 503"),
        ("nonsense", "missing_token"), ("leads elsewhere", "a redirect is not followed"),
    ],
)  # fmt: skip
def test_a_token_that_cannot_be_had_is_said_waited_for_and_had_again(
    house: TokenServer, fault: str, said: str
) -> None:
    found = person(house)
    moment[0], house.fault = MONDAY + timedelta(hours=2), fault
    with pytest.raises(NotGranted, match=said.replace("(", r"\(").replace(")", r"\)")):
        grants.token(found)
    asked = len(house.asked)
    with pytest.raises(NotGranted):
        grants.token(found)
    assert len(house.asked) == asked, "within the minute nobody is asked again"
    house.fault = ""
    moment[0] += timedelta(minutes=1)
    assert grants.token(found) in house.good
    found.refresh_from_db()
    assert (found.last_error, found.failing_since, found.tries) == ("", None, 0)


def test_a_redirect_carries_no_secret_to_another_place(house: TokenServer) -> None:
    house.fault = "leads elsewhere"
    with pytest.raises(NotGranted):
        grant(house)
    assert house.asked == []


def test_a_mailbox_that_gets_no_token_is_an_alarm_and_stops_no_other(house: TokenServer) -> None:
    found = person(house)
    with mailbox_server(Box()) as box:
        Mailbox.objects.filter(pk=found.pk).update(imap_host="127.0.0.1", imap_port=box.port, imap_tls=False)
        other = Mailbox.objects.create(
            provider_id=found.provider_id, address="billing@opus.example", imap_host="127.0.0.1", imap_port=box.port,
            imap_tls=False, imap_user="billing", imap_password=home.sealed(box.password), last_uid="since:2026-10-01",
        )  # fmt: skip
        box.put(mail(), MONDAY)
        moment[0], house.fault = MONDAY + timedelta(hours=2), "invalid_grant"
        assert look_into(Mailbox.objects.get(pk=found.pk), MONDAY) == 0
        assert look_into(other, MONDAY) == 1
        watch(MONDAY + timedelta(hours=2))
        (alarm,) = Alarm.objects.filter(kind="mailbox sign-on", cleared=None)
        assert alarm.runbook == "A mailbox is not let in"
        assert "invalid_grant" in alarm.text
        moment[0], house.fault = MONDAY + timedelta(hours=3), ""
        grants.token(found)
        watch(moment[0])
        assert not Alarm.objects.filter(kind="mailbox sign-on", cleared=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_at_one_moment_one_asks_and_all_have_its_token(house: TokenServer) -> None:
    found = person(house)
    moment[0] = MONDAY + timedelta(hours=2)
    had: list[str] = []

    def one() -> None:
        try:
            had.append(grants.token(MailGrant.objects.get(pk=found.pk)))
        finally:
            connections.close_all()

    together = 4 if connection.vendor == "postgresql" else 1  # SQLite in memory serves one thread at a time
    threads = [threading.Thread(target=one) for _ in range(together)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(had) == together
    assert len(set(had)) == 1
    assert house.grants("refresh_token") == 1


def test_whoever_looked_before_another_had_renewed_it_takes_that_token(
    house: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, taken = person(house), grants._taken
    moment[0] = MONDAY + timedelta(hours=2)

    def another_comes_first(grant: MailGrant, at: datetime) -> bool:
        monkeypatch.setattr(grants, "_taken", taken)
        grants.token(MailGrant.objects.get(pk=grant.pk))
        return taken(grant, at)

    monkeypatch.setattr(grants, "_taken", another_comes_first)
    assert grants.token(found) in house.good
    assert house.grants("refresh_token") == 1, "a refresh token that is spent would end everything"
    assert MailGrant.objects.get().renewing_until is None


def test_a_process_that_died_while_it_asked_holds_up_nobody_for_long(house: TokenServer) -> None:
    found = person(house)
    moment[0] = MONDAY + timedelta(hours=2)
    MailGrant.objects.update(renewing_until=moment[0])
    assert grants.token(found) in house.good


# --- letting the desk in ------------------------------------------------------------------------------------


def test_somebody_agrees_on_another_device(house: TokenServer) -> None:
    app, waited = application(house), list[float]()
    code = mail_sign_on.begin_device(app)
    assert (code.said, code.address) == ("ABCD-EFGH", f"{house.at}/devicelogin")

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        house.agreed = len(waited) == 3

    said = mail_sign_on.wait_for_device(app, code, sleep)
    found = as_person(app, mailbox(), said, by="ada", now=MONDAY)
    assert len(waited) == 3
    assert grants.token(found) in house.good
    entry = AuditEntry.objects.get(what="mailbox signs on by OAuth 2")
    assert entry.by == "ada"
    assert entry.detail["flow"] == Flow.PERSON


def test_whoever_does_not_agree_in_time_has_not_agreed(house: TokenServer) -> None:
    app = application(house)
    with pytest.raises(NotGranted, match="in time"):
        mail_sign_on.wait_for_device(app, mail_sign_on.begin_device(app), lambda _seconds: None)


def visited(address: str) -> str:
    """Where a browser ends that is sent to an address, without going there."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_said: object) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(address)
    except urllib.error.HTTPError as onward:
        return str(onward.headers["Location"])
    raise AssertionError("it leads nowhere")


def test_somebody_agrees_in_a_browser(house: TokenServer) -> None:
    app = application(house)
    visit = mail_sign_on.begin_visit(app, "http://127.0.0.1:9/", "complaints@opus.example")
    assert "access_type=offline" in visit.address
    said = mail_sign_on.end_visit(app, visit, visited(visit.address))
    assert grants.token(as_person(app, mailbox(), said, by="ada", now=MONDAY)) in house.good


@pytest.mark.parametrize("fault", ["mixed up", "denied"])
def test_what_came_back_from_another_visit_or_a_refusal_lets_nobody_in(
    house: TokenServer, fault: str
) -> None:
    app, house.fault = application(house), fault
    visit = mail_sign_on.begin_visit(app, "http://127.0.0.1:9/", "complaints@opus.example")
    with pytest.raises(NotGranted):
        mail_sign_on.end_visit(app, visit, visited(visit.address))
    assert house.asked == []


def test_a_code_of_one_visit_opens_nothing_for_another(house: TokenServer) -> None:
    app = application(house)
    first = mail_sign_on.begin_visit(app, "http://127.0.0.1:9/", "complaints@opus.example")
    second = mail_sign_on.begin_visit(app, "http://127.0.0.1:9/", "complaints@opus.example")
    ended = visited(first.address).replace(first.state, second.state)
    with pytest.raises(NotGranted, match="invalid_grant"):
        mail_sign_on.end_visit(app, second, ended)


def test_a_wrong_secret_is_refused_and_nothing_is_kept(house: TokenServer) -> None:
    with pytest.raises(NotGranted, match="invalid_client"):
        as_application(application(house, ""), mailbox(), by="test", now=MONDAY)
    assert not MailGrant.objects.exists()


def test_without_a_refresh_token_the_desk_would_be_shut_out_soon_and_says_so(house: TokenServer) -> None:
    with pytest.raises(NotGranted, match="no refresh token"):
        as_person(application(house), mailbox(), house.tokens(refresh=False)[1], by="test", now=MONDAY)


def test_signing_on_ends_and_leaves_no_token(house: TokenServer) -> None:
    found = person(house)
    assert mail_sign_on.end(found.mailbox, by="ada", now=MONDAY)
    assert not MailGrant.objects.exists()
    assert not mail_sign_on.end(found.mailbox, by="ada", now=MONDAY)
    assert AuditEntry.objects.filter(what="mailbox sign-on ended", by="ada").count() == 1


def test_the_addresses_of_known_services_are_theirs_and_encrypted() -> None:
    microsoft = SERVICES[MICROSOFT].at("contoso.com")
    assert microsoft.token_url == "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
    assert "{" not in f"{microsoft.device_url}{microsoft.authorize_url}"
    assert SERVICES[GOOGLE].token_url == "https://oauth2.googleapis.com/token"
    assert not SERVICES[GOOGLE].device_url, "Google lets no device ask for mail"
    assert not SERVICES[GOOGLE].application_scope


@pytest.mark.parametrize("tenant", ["", "a/../b", "a b", "https://evil.example", "x?y"])
def test_a_tenant_leads_to_no_other_address(tenant: str) -> None:
    with pytest.raises(ValueError, match="no tenant"):
        SERVICES[MICROSOFT].at(tenant)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b'"x"', b"\xff\xfe", b'{"access_token": 5}',
     b'{"access_token":"a","expires_in":1e400}', b'{"error":["a"]}', b'{"error":"e","error_description":{"a":1}}'],
)  # fmt: skip
def test_whatever_a_token_server_says_is_a_token_or_words(body: bytes) -> None:
    with pytest.raises(NotGranted):
        read_answer(200, body)


def test_sending_needs_no_password_where_a_token_opens(house: TokenServer) -> None:
    found = grant(house, smtp_password="env:NOT_THERE", smtp_host="127.0.0.1")
    server = server_of(found.mailbox)
    assert server.token is not None
    assert server.token(False) in house.good
    house.fault = "invalid_client"
    with pytest.raises(NotReached, match="invalid_client"):
        server.token(True)
