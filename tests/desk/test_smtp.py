"""What a mail server does to a mail is told truly: sent, refused, put off, or in doubt."""

from __future__ import annotations

import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.desk.smtp import InDoubt, Line, NotReached, NotSent, Refused, Server, dotted
from tests.desk.peer import Peer, peer

MAIL = b"Subject: Hello\nMessage-ID: <a@b>\n\nOne line.\n.A dot begins this one.\nlast"


def line(at: Peer) -> Line:
    return Line(Server("127.0.0.1", at.port, "none"), "here.example")


def test_a_mail_arrives_as_it_was_written() -> None:
    with peer() as server, line(server) as ours:
        ours.send("us@example.net", "ann@example.org", MAIL)
        ours.send("us@example.net", "bea@example.org", MAIL)
    assert [(t.sender, t.recipient) for t in server.taken] == [
        ("us@example.net", "ann@example.org"),
        ("us@example.net", "bea@example.org"),
    ]
    assert server.taken[0].content == MAIL.replace(b"\n", b"\r\n") + b"\r\n"


def test_a_refused_recipient_is_told_in_the_servers_words_and_the_line_goes_on() -> None:
    with peer(recipient="550 5.1.1 no such user") as server, line(server) as ours:
        with pytest.raises(Refused, match=r"550 5\.1\.1 no such user"):
            ours.send("us@example.net", "gone@example.org", MAIL)
        ours.send("us@example.net", "fine@example.org", MAIL)
    assert [t.recipient for t in server.taken] == ["fine@example.org"]


def test_a_recipient_put_off_goes_again_later_and_is_nobody_elses_matter() -> None:
    with peer(recipient="451 4.7.1 greylisted") as server, line(server) as ours:
        with pytest.raises(NotSent, match="greylisted") as caught:
            ours.send("us@example.net", "ann@example.org", MAIL)
        assert not isinstance(caught.value, Refused | NotReached)
        ours.send("us@example.net", "fine@example.org", MAIL)


def test_a_whole_mail_that_is_refused_will_never_be_taken() -> None:
    with (
        peer(whole="554 5.7.1 not this") as server,
        line(server) as ours,
        pytest.raises(Refused, match="not this"),
    ):
        ours.send("us@example.net", "ann@example.org", MAIL)


def test_a_whole_mail_that_is_put_off_goes_again_later() -> None:
    with (
        peer(whole="452 4.3.1 disk full") as server,
        line(server) as ours,
        pytest.raises(NotSent, match="disk full") as caught,
    ):
        ours.send("us@example.net", "ann@example.org", MAIL)
    assert not isinstance(caught.value, Refused)


def test_a_sender_that_is_refused_is_no_fault_of_the_recipient() -> None:
    with (
        peer(sender="550 5.7.1 not you") as server,
        line(server) as ours,
        pytest.raises(NotReached, match="not you"),
    ):
        ours.send("us@example.net", "ann@example.org", MAIL)


def test_a_line_that_breaks_before_the_mail_was_said_is_no_doubt() -> None:
    with peer(breaks="at data") as server, line(server) as ours, pytest.raises(NotReached):
        ours.send("us@example.net", "ann@example.org", MAIL)
    assert server.taken == []


def test_a_line_that_breaks_after_the_whole_mail_leaves_a_doubt() -> None:
    with peer(breaks="at the end") as server, line(server) as ours:
        with pytest.raises(InDoubt):
            ours.send("us@example.net", "ann@example.org", MAIL)
        server.breaks = ""
        ours.send("us@example.net", "ann@example.org", MAIL)
    assert len(server.taken) == 2, "the first had been taken indeed"


def test_a_line_that_breaks_within_the_mail_is_no_doubt() -> None:
    """The server goes away while it is being told the mail: it has never heard the closing dot."""
    listening = socket.create_server(("127.0.0.1", 0))

    def half_a_conversation() -> None:
        talk, _ = listening.accept()
        with talk, talk.makefile("rb") as heard:
            talk.sendall(b"220 hello\r\n")
            for answer in (b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"):
                heard.readline()
                talk.sendall(answer)
            heard.read(1000)
            talk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    other = threading.Thread(target=half_a_conversation)
    other.start()
    server = Server("127.0.0.1", listening.getsockname()[1], "none")
    with listening, Line(server, "here.example") as ours, pytest.raises(NotReached):
        ours.send("us@example.net", "ann@example.org", b"x" * 50_000_000)
    other.join()


def test_nobody_at_the_address_is_told_with_host_and_port() -> None:
    with peer() as server:
        gone = server.port
    with (
        Line(Server("127.0.0.1", gone, "none")) as ours,
        pytest.raises(NotReached, match=f"127.0.0.1:{gone}"),
    ):
        ours.send("us@example.net", "ann@example.org", MAIL)


def test_a_server_without_encryption_gets_no_password() -> None:
    with peer() as server:
        secure = Server("127.0.0.1", server.port, "starttls", "user", "secret")
        with Line(secure) as ours, pytest.raises(NotReached):
            ours.send("us@example.net", "ann@example.org", MAIL)
    assert server.taken == []


def test_an_address_with_letters_that_the_server_cannot_carry_is_refused() -> None:
    with peer(any_letters=False) as server, line(server) as ours, pytest.raises(Refused, match="SMTPUTF8"):
        ours.send("us@example.net", "jürgen@example.org", MAIL)
    with peer() as server, line(server) as ours:
        ours.send("us@example.net", "jürgen@example.org", MAIL)
    assert server.taken[0].recipient == "jürgen@example.org"


@given(st.binary(max_size=200))
def test_no_content_can_end_the_mail_early(content: bytes) -> None:
    said = dotted(content)
    assert said.endswith(b"\r\n")
    assert b"\n.\r" not in said
    assert not said.startswith(b".\r")
    assert b"\r\n" + said == (b"\r\n" + said).replace(b"\r", b"").replace(b"\n", b"\r\n")
