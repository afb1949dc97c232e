"""A mail is on the disk when its door answers: the last commit before that waits for it, and takes the others along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from amends.desk import inbox, presence
from amends.desk.disk import with_next_commit
from amends.desk.models import CasePresence, KeptMessage, RoleName
from tests.desk.made import MONDAY, case, person, provider
from tests.desk.mails import mail

pytestmark = pytest.mark.django_db(transaction=True)

LATER, FIRM = "later", "firm"
SAID = {
    "PRAGMA synchronous = NORMAL": LATER,
    "PRAGMA synchronous = FULL": FIRM,
    "SET synchronous_commit = off": LATER,
    "RESET synchronous_commit": FIRM,
}


def told(asked: CaptureQueriesContext) -> list[str]:
    """What the database was told, in order: whether to wait for the disk, and which tables were written."""
    found = []
    for query in asked.captured_queries:
        sql = query["sql"].partition(" times: ")[2] or query["sql"]
        written = sql.split('"')[1] if sql.startswith(("INSERT INTO", "UPDATE")) else ""
        found.append(SAID.get(sql, written))
    return [
        each
        for each in found
        if each in (LATER, FIRM, "desk_keptmessage", "desk_factrow", "desk_casepresence")
    ]


def test_keeping_a_mail_leaves_the_disk_to_the_commit_that_files_it() -> None:
    at = provider()
    with CaptureQueriesContext(connection) as asked:
        assert inbox.receive(at, mail(), MONDAY, now=MONDAY).state == "filed"
    assert told(asked) == [LATER, "desk_keptmessage", FIRM, "desk_factrow", "desk_keptmessage"]


def test_a_mail_that_is_kept_and_not_filed_is_on_the_disk_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_arguments: Any, **_more: Any) -> Any:
        raise DatabaseError("the database went away")

    at = provider()
    monkeypatch.setattr(inbox, "file", away)
    with CaptureQueriesContext(connection) as asked:
        received = inbox.receive(at, mail(), MONDAY, now=MONDAY)
    assert (received.state, received.case) == ("kept", None)
    assert told(asked) == [LATER, "desk_keptmessage", FIRM, "desk_keptmessage"]
    assert KeptMessage.objects.get().reason == inbox.LATER


def test_the_disk_is_waited_for_again_whatever_happens_within() -> None:
    with CaptureQueriesContext(connection) as asked, pytest.raises(ZeroDivisionError), with_next_commit():
        raise ZeroDivisionError
    assert told(asked) == [LATER, FIRM]


def test_who_looks_at_a_case_does_not_wait_for_the_disk() -> None:
    row = case(provider())
    hana = person(row.provider, RoleName.HANDLER)
    with CaptureQueriesContext(connection) as asked:
        presence.note(hana, row, "", MONDAY)
        presence.note(hana, row, "", MONDAY + timedelta(seconds=9))
        presence.note(hana, row, "findings", MONDAY + timedelta(seconds=9))
    assert told(asked) == [LATER, "desk_casepresence", FIRM] * 2
    assert CasePresence.objects.get().doing == "findings"


def test_within_an_open_transaction_nothing_changes() -> None:
    with CaptureQueriesContext(connection) as asked, transaction.atomic(), with_next_commit():
        pass
    assert told(asked) == []
