"""A letter or a case on which the program fails never stops the mail of the others, and nothing goes twice for it (L17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from amends.core import facts as f
from amends.desk import ledger, outbox
from amends.desk.claims import LEASE, Claims
from amends.desk.compose import Envelope, compose
from amends.desk.models import Alarm, CaseRow, Mail, Mailbox, Outgoing
from amends.desk.outbox import Counts, Outbox
from amends.desk.watch import watch
from tests.desk.made import MONDAY, case, provider

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def four() -> list[CaseRow]:
    """Four cases, each with an acknowledgement that is ready; the last three are as replies."""
    at = provider(mail=Mail.FOLDER)
    rows = [case(at, customer={"name": "x", "email": f"c{number}@example.org"}) for number in range(4)]
    Outgoing.objects.exclude(case=rows[0]).update(letter="reply")
    return rows


def failing_on(monkeypatch: pytest.MonkeyPatch, to: str, fault: BaseException) -> None:
    real = compose

    def composed(letter: Outgoing, mailbox: Mailbox, now: datetime) -> Envelope:
        if letter.to == to:
            raise fault
        return real(letter, mailbox, now)

    monkeypatch.setattr(outbox, "compose", composed)


def poisoning(monkeypatch: pytest.MonkeyPatch, bad: CaseRow) -> None:
    real = ledger.load

    def load(cases: Iterable[int]) -> dict[int, list[f.Fact]]:
        wanted = list(cases)
        if bad.pk in wanted:
            raise RuntimeError("a fact of a newer program")
        return real(wanted)

    monkeypatch.setattr(ledger, "load", load)


def run(now: datetime) -> Counts:
    return Outbox(lambda: now).run()


def states() -> list[str]:
    return list(Outgoing.objects.order_by("pk").values_list("state", flat=True))


def test_a_letter_that_raises_is_put_off_with_an_alarm_and_the_others_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    four()
    with monkeypatch.context() as broken:
        failing_on(broken, "c0@example.org", ValueError("unexpected"))
        counts = run(MONDAY)
    assert (counts.put_off, counts.sent, states()) == (1, 3, ["ready", "sent", "sent", "sent"])
    watch(MONDAY)
    told = Alarm.objects.get(kind="letter put off", cleared=None).text
    assert "ValueError at amends/desk/outbox.py, line " in told
    assert "unexpected" not in told, "a fault may quote a letter, and alarms leave the house"
    assert run(MONDAY + 2 * MINUTE).sent == 1
    watch(MONDAY + 2 * MINUTE)
    assert not Alarm.objects.filter(kind="letter put off", cleared=None).exists()


def test_a_sender_that_is_stopped_gives_back_what_it_had_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    four()
    failing_on(monkeypatch, "c1@example.org", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run(MONDAY)
    assert states() == ["sent", "claimed", "ready", "ready"]
    assert Outgoing.objects.filter(state="ready", attempts=0).count() == 2


def test_a_case_that_takes_no_fact_stops_no_other_and_its_letter_leaves_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = four()
    left: list[str] = []
    real = outbox.into_folder

    def into_folder(letter: Outgoing, envelope: Envelope) -> Path:
        left.append(letter.to)
        return real(letter, envelope)

    monkeypatch.setattr(outbox, "into_folder", into_folder)
    with monkeypatch.context() as broken:
        poisoning(broken, rows[0])
        for hour in range(3):
            run(MONDAY + timedelta(hours=hour))
        assert states() == ["claimed", "sent", "sent", "sent"]
        assert Alarm.objects.filter(
            kind="poison case", key=f"poison case: {rows[0].pk}", cleared=None
        ).exists()
    run(MONDAY + timedelta(hours=4))
    assert (states()[0], sorted(left)) == ("sent", [f"c{number}@example.org" for number in range(4)])
    assert not Alarm.objects.filter(kind="poison case", cleared=None).exists()


def test_a_dead_senders_letter_of_a_poison_case_keeps_no_other_from_being_recovered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = four()
    Claims().take(MONDAY)
    Outgoing.objects.exclude(case__in=rows[:2]).update(state="ready", lease_token="", lease_until=None)
    after = MONDAY + LEASE + MINUTE
    with monkeypatch.context() as broken:
        poisoning(broken, rows[0])
        run(after)
        assert states() == ["claimed", "in doubt", "sent", "sent"]
        assert Outgoing.objects.get(case=rows[0]).lease_until == after + LEASE
        assert Alarm.objects.filter(kind="poison case", cleared=None).count() == 1
    run(after + LEASE)
    assert states()[0] in ("ready", "sent")
