"""A call goes where its address says: not in the clear, not along a redirect, not into a private network."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from amends.desk import calls
from amends.desk.calls import NotTaken, call, unusable
from tests.desk.hook import CERTIFICATE, hook


@pytest.mark.parametrize(
    "address",
    ["", "ftp://x.example/", "https://", "https:///path", "http://hooks.example.net/", "https://a:b@hooks.example.net/",
     "https://hooks.example.net/#x", "https://hooks.example.net/a b", "https://hooks.example.net:99999/",
     "http://192.0.2.1/", "https://[::1", "hooks.example.net", "https://hooks.example.net/\r\nX: y", "https://höoks.example/"],
)  # fmt: skip
def test_an_address_that_nobody_can_be_called_at_is_told_why(address: str) -> None:
    assert unusable(address)
    with pytest.raises(NotTaken):
        call("GET", address)


@pytest.mark.parametrize(
    "address",
    ["https://hooks.example.net", "https://hooks.example.net:8443/a?b=c", "http://localhost:80/", "http://127.0.0.1/x",
     "http://[::1]:8000/"],
)  # fmt: skip
def test_an_address_that_can_be_called_is_known_without_asking_anybody(address: str) -> None:
    assert unusable(address) == ""


def test_a_call_brings_its_body_and_headers() -> None:
    with hook() as heard:
        assert call("POST", f"http://127.0.0.1:{heard.port}/a?b=c", b"{}", {"X-Odd": "1"}) == 204
    (came,) = heard.calls
    assert (came.method, came.path, came.body) == ("POST", "/a?b=c", b"{}")
    assert (came.headers["X-Odd"], came.headers["Host"]) == ("1", f"127.0.0.1:{heard.port}")


def test_a_redirect_is_not_followed() -> None:
    with hook() as elsewhere:
        to = f"http://127.0.0.1:{elsewhere.port}/"
        with hook(status=307, location=to) as heard, pytest.raises(NotTaken, match="307, and a redirect"):
            call("POST", f"http://127.0.0.1:{heard.port}/")
    assert elsewhere.calls == []
    assert len(heard.calls) == 1


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_answer_that_is_no_yes_is_told_without_its_words(status: int) -> None:
    with hook(status=status, says=b"secret words") as heard, pytest.raises(NotTaken) as told:
        call("GET", f"http://127.0.0.1:{heard.port}/")
    assert str(told.value) == f"it answered {status}"


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with pytest.raises(NotTaken, match="ConnectionRefused"):
        call("GET", f"http://127.0.0.1:{port}/")


def test_a_certificate_must_be_one_that_this_machine_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    with hook(tls=True) as heard:
        address = f"https://localhost:{heard.port}/"
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED"):
            call("POST", address)
        assert heard.calls == []
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert call("POST", address, b"x") == 204
        monkeypatch.setattr(calls, "_led_to", lambda *_a, **_k: ["127.0.0.1"])
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED"):
            call("POST", f"https://hooks.example.net:{heard.port}/")
    assert len(heard.calls) == 1


@pytest.mark.parametrize(
    ("leads_to", "private", "says"),
    [
        ("10.0.0.1", False, "private network: allow it with --private-network"),
        ("192.168.1.1", False, "private network"), ("fd00::1", False, "private network"),
        ("100.64.0.1", False, "private network"), ("::ffff:10.0.0.1", False, "private network"),
        ("127.0.0.1", True, "this machine"), ("::1", True, "this machine"), ("::ffff:127.0.0.1", True, "this machine"),
        ("169.254.169.254", True, "this machine or its own line"), ("fe80::1", True, "own line"),
        ("0.0.0.0", True, "this machine"),  # noqa: S104 - an answer of a name server, never bound to
        ("224.0.0.1", True, "own line"),
        ("64:ff9b::10.0.0.1", False, "private network"), ("2002:a00:1::", False, "private network"),
        ("64:ff9b::127.0.0.1", True, "this machine"), ("64:ff9b:1::169.254.169.254", True, "own line"),
        ("::127.0.0.1", True, "this machine"),
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, leads_to: str, private: bool, says: str
) -> None:
    def looked_up(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", (leads_to, 443))]

    def opened(*_: Any, **__: Any) -> None:
        raise AssertionError("a line was opened")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "create_connection", opened)
    with pytest.raises(NotTaken, match=says):
        call("POST", "https://hooks.example.net/", private_network=private)


@pytest.mark.parametrize(
    ("leads_to", "private"), [("10.0.0.1", True), ("fd00::1", True), ("93.184.216.34", False)]
)
def test_the_line_goes_to_the_very_address_that_was_judged(
    monkeypatch: pytest.MonkeyPatch, leads_to: str, private: bool
) -> None:
    asked: list[Any] = []

    def looked_up(*words: Any, **_: Any) -> list[Any]:
        asked.append(words[0])
        return [(0, 0, 0, "", (leads_to, 443))]

    def opened(at: tuple[str, int], *_: Any) -> None:
        assert at == (leads_to, 443)
        raise OSError("far enough")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(socket, "create_connection", opened)
    with pytest.raises(NotTaken, match="far enough"):
        call("POST", "https://hooks.example.net/", private_network=private)
    assert asked == ["hooks.example.net"], "looked up once"
