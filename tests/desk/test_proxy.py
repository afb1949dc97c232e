"""Behind a proxy: whose word counts, what the desk answers under a name that is not its own, how it is served."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from pytest_django import Settings

from amends.desk.proxy import is_proxy
from tests.desk.office import Office
from tests.desk.visitor import Visitor

PROXY_ELSEWHERE = "192.0.2.10"


@pytest.mark.parametrize(
    ("address", "named", "believed"),
    [
        ("127.0.0.1", [], True), ("::1", [], True), (PROXY_ELSEWHERE, [], False), ("", [], False),
        (PROXY_ELSEWHERE, [PROXY_ELSEWHERE], True), (PROXY_ELSEWHERE, ["192.0.2.0/24"], True),
        ("192.0.3.10", ["192.0.2.0/24"], False), ("127.0.0.1", ["192.0.2.0/24"], True),
    ],
)  # fmt: skip
def test_only_this_machine_and_the_named_proxies_are_believed(
    settings: Settings, address: str, named: list[str], believed: bool
) -> None:
    settings.PROXIES = named
    assert is_proxy(address) is believed


@pytest.mark.django_db
@pytest.mark.parametrize(("remote", "secure"), [("127.0.0.1", True), (PROXY_ELSEWHERE, False)])
def test_only_a_proxy_can_say_that_the_line_is_encrypted(
    settings: Settings, remote: str, secure: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    answer = Client(REMOTE_ADDR=remote, HTTP_X_FORWARDED_PROTO="https").get("/sign-in")
    assert answer.status_code == 200
    assert ("Strict-Transport-Security" in answer.headers) is secure


def test_tries_behind_a_named_proxy_are_counted_by_visitor_and_a_stranger_names_nobody(
    office: Office, settings: Settings
) -> None:
    settings.PROXIES = [PROXY_ELSEWHERE]

    def tries(remote: str, for_whom: str) -> str:
        visitor = Visitor()
        visitor.client.defaults.update(REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=for_whom)
        page = visitor.press(
            visitor.get("/sign-in"), "Sign in", username="nobody", password="wrong pass phrase"
        )
        return page.mistakes[0]

    for n in range(5):
        assert "Too many" not in tries(PROXY_ELSEWHERE, f"198.51.100.{n}")
    assert "Too many" not in tries(PROXY_ELSEWHERE, "203.0.113.9")
    said = [tries("192.0.2.99", f"198.51.100.{n}") for n in range(8)]
    assert "Too many" in said[-1], "whoever is no proxy of ours cannot pretend to be many"


@pytest.mark.django_db
def test_a_name_that_is_not_ours_is_told_so_and_logged_in_one_line(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS = ["complaints.example.net"]
    seen: list[str] = []

    class Line(logging.StreamHandler):  # type: ignore[type-arg]  # any stream
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(self.format(record))

    logger = logging.getLogger("django.security.DisallowedHost")
    (ours,) = [handler for handler in logger.handlers if handler.filters]
    line = Line()
    for each in ours.filters:
        line.addFilter(each)
    logger.addHandler(line)
    try:
        answer = Client().get("/", headers={"host": "127.0.0.1:8055"})
    finally:
        logger.removeHandler(line)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "This desk does not answer to that name" in page
    assert "AMENDS_HOSTS" in page
    assert "127.0.0.1" not in page
    assert len(seen) == 1
    assert seen[0].count("\n") == 0
    assert not logger.propagate


def test_people_sign_in_under_the_second_name_of_a_desk_behind_tls(
    office: Office, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["complaints.example.net", "desk.example.net"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.CSRF_TRUSTED_ORIGINS = ["https://complaints.example.net"]
    visitor = Visitor()
    visitor.client.defaults.update(
        HTTP_HOST="desk.example.net", HTTP_X_FORWARDED_PROTO="https", HTTP_ORIGIN="https://desk.example.net",
    )  # fmt: skip
    visitor.signed_in(office.people["handler"])
    assert visitor.client.cookies["sessionid"]["secure"]
    forged = Visitor()
    forged.client.defaults.update(
        HTTP_HOST="desk.example.net", HTTP_X_FORWARDED_PROTO="https", HTTP_ORIGIN="https://elsewhere.example",
    )  # fmt: skip
    page = forged.press(forged.get("/sign-in"), "Sign in", username="hana", password="a pass phrase")
    assert page.status == 403
