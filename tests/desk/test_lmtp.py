"""A mail server hears "kept" for each recipient only when the mail is on disk (L17, L19)."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from amends.desk import lmtp
from amends.desk.lmtp import Listener, mailbox_of
from amends.desk.message import read_message
from amends.desk.models import Mailbox
from tests.desk.made import MONDAY, provider
from tests.desk.mails import mail


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the listener would keep: its threads cannot see a test's own transaction."""
    kept: list[tuple[Any, ...]] = []

    def receive(at: Any, raw: bytes, received: Any, *, now: Any, mailbox: Any) -> None:
        kept.append((at, raw, received, now, mailbox))

    boxes = {"complaints@opus.example": Mailbox(address="complaints@opus.example", provider_id="opus")}
    boxes["full@opus.example"] = Mailbox(address="full@opus.example", provider_id="opus")

    def find(address: str) -> Mailbox | None:
        local, _, domain = address.rpartition("@")
        return boxes.get(f"{local.partition('+')[0]}@{domain}".lower())

    monkeypatch.setattr(Mailbox, "provider", property(lambda box: box.provider_id))
    monkeypatch.setattr(lmtp, "mailbox_of", find)
    monkeypatch.setattr(lmtp, "receive", receive)
    monkeypatch.setattr(lmtp, "close_old_connections", lambda: None)
    return kept


@pytest.fixture
def listener(heard: list[tuple[Any, ...]]) -> Iterator[Listener]:
    listening = Listener(lambda: MONDAY, port=0)
    listening.start()
    yield listening
    listening.stop()


def talk(listener: Listener, recipients: list[str], content: bytes) -> list[bytes]:
    """A whole conversation; the server's answers to the mail itself."""
    with (
        socket.create_connection(("127.0.0.1", listener.port), timeout=10) as line,
        line.makefile("rb") as answers,
    ):
        answers.readline()
        line.sendall(b"LHLO mail.example.org\r\n")
        while not answers.readline().startswith(b"250 "):
            pass
        line.sendall(b"MAIL FROM:<ann@example.org>\r\n")
        assert answers.readline().startswith(b"250")
        for recipient in recipients:
            line.sendall(f"RCPT TO:<{recipient}>\r\n".encode())
            assert answers.readline().startswith(b"250")
        line.sendall(b"DATA\r\n")
        assert answers.readline().startswith(b"354")
        line.sendall(content + b"\r\n.\r\n")
        return [answers.readline() for _ in recipients]


def test_a_mail_is_kept_with_where_it_came_to(listener: Listener, heard: list[tuple[Any, ...]]) -> None:
    raw = mail().replace(b"\n", b"\r\n")
    with smtplib.LMTP("127.0.0.1", listener.port) as server:
        assert server.sendmail("ann@example.org", ["Complaints+tok@OPUS.example"], raw) == {}
    (at, kept, received, now, mailbox) = heard[0]
    assert (at, received, now, mailbox.address) == ("opus", MONDAY, MONDAY, "complaints@opus.example")
    assert kept == b"Return-Path: <ann@example.org>\r\nDelivered-To: Complaints+tok@OPUS.example\r\n" + raw


def test_a_mailbox_that_nobody_has_is_refused_before_the_mail(
    listener: Listener, heard: list[tuple[Any, ...]]
) -> None:
    with (
        smtplib.LMTP("127.0.0.1", listener.port) as server,
        pytest.raises(smtplib.SMTPRecipientsRefused) as refused,
    ):
        server.sendmail("ann@example.org", ["nobody@opus.example"], mail())
    assert refused.value.recipients["nobody@opus.example"][0] == 550
    assert heard == []


def test_each_recipient_has_its_own_answer(
    listener: Listener, heard: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps: Any = vars(lmtp)["receive"]

    def full(at: Any, raw: bytes, received: Any, *, now: Any, mailbox: Mailbox) -> Any:
        if mailbox.address.startswith("full"):
            raise OperationalError("disk full")
        return keeps(at, raw, received, now=now, mailbox=mailbox)

    monkeypatch.setattr(lmtp, "receive", full)
    answers = talk(listener, ["complaints@opus.example", "full@opus.example"], mail())
    assert [answer[:3] for answer in answers] == [b"250", b"451"]
    assert len(heard) == 1


def test_a_complaint_is_not_refused_for_its_size_or_its_one_endless_line(
    listener: Listener, heard: list[tuple[Any, ...]]
) -> None:
    (answer,) = talk(listener, ["complaints@opus.example"], mail() + b"x" * 25_000_000)
    assert answer.startswith(b"250")
    assert len(heard[0][1]) > 25_000_000


@pytest.mark.django_db
def test_a_mailbox_is_found_whatever_stands_behind_its_plus() -> None:
    box = Mailbox.objects.create(provider=provider(), address="complaints@opus.example")
    for address in ("complaints@opus.example", "Complaints+abc@OPUS.EXAMPLE"):
        assert mailbox_of(address) == box
    for address in ("complaint_@opus.example", "%@opus.example", "complaints@opus.example.evil", "x", ""):
        assert mailbox_of(address) is None


def test_a_null_sender_stays_null(listener: Listener, heard: list[tuple[Any, ...]]) -> None:
    """A mail server says `MAIL FROM:<>` for a report or an automatic answer: nobody may answer that (RFC 3834)."""
    raw = mail().replace(b"\n", b"\r\n")
    with smtplib.LMTP("127.0.0.1", listener.port) as server:
        assert server.sendmail("", ["complaints@opus.example"], raw) == {}
    kept = heard[0][1]
    assert kept == b"Return-Path: <>\r\nDelivered-To: complaints@opus.example\r\n" + raw
    assert read_message(kept).machine == "null return-path"
