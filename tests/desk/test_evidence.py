"""Promises of the proof: whatever is changed, taken away or slipped in is found, and erasing breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from amends.core import facts as f
from amends.core.may import Refusal
from amends.desk import evidence
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import checkpoint, verify
from amends.desk.inbox import receive
from amends.desk.ledger import Line
from amends.desk.models import (
    AdoptedCode,
    AuditEntry,
    CaseAddress,
    CaseMessageId,
    CaseRow,
    CaseTally,
    CaseWords,
    Checkpoint,
    Document,
    DutyRow,
    FactRow,
    Heartbeat,
    KeptMessage,
    Outgoing,
    PrivateWords,
    Provider,
    Upload,
)
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import MONDAY, case, closed, days, provider, tell
from tests.desk.mails import mail

pytestmark = pytest.mark.django_db
seals = import_module("amends.desk.migrations.0002_facts_are_sealed")


def run(sql: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def unsealed() -> None:
    """Somebody with the keys of the database takes the seals off."""
    for statement in seals.unseal(connection.vendor):
        run(statement)


@pytest.fixture
def rows() -> list[CaseRow]:
    """Three cases with a few facts, all of them covered by a checkpoint."""
    at = provider()
    found = [tell(case(at), MONDAY, f.NoteAdded, words=f"note {n}") for n in range(3)]
    assert checkpoint(MONDAY) == 3
    return found


def test_an_untouched_desk_is_whole(rows: list[CaseRow]) -> None:
    found = verify()
    assert found.whole
    assert (found.cases, found.facts, found.letters, found.checkpoints) == (3, 15, 3, 1)


def _changed_fact(row: CaseRow) -> None:
    run("UPDATE desk_factrow SET kind = 'note added' WHERE case_id = %s AND seq = 2", row.pk)


def _changed_time(row: CaseRow) -> None:
    FactRow.objects.filter(case=row, seq=2).update(at=MONDAY - days(1))


def _changed_by(row: CaseRow) -> None:
    FactRow.objects.filter(case=row, seq=5).update(by="somebody else")


def _missing_middle(row: CaseRow) -> None:
    run("DELETE FROM desk_factrow WHERE case_id = %s AND seq = 3", row.pk)


def _changed_words(row: CaseRow) -> None:
    PrivateWords.objects.filter(case=row, seq=2).update(words={"words": "all is well"})


def _missing_words(row: CaseRow) -> None:
    PrivateWords.objects.filter(case=row, seq=2).delete()


def _emptied_words(row: CaseRow) -> None:
    PrivateWords.objects.filter(case=row, seq=2).update(words=None)


def _slipped_in_words(row: CaseRow) -> None:
    PrivateWords.objects.create(
        provider=row.provider, case=row, seq=9, salt="", words={"words": "never said"}
    )


def _changed_letter(row: CaseRow) -> None:
    letter = Outgoing.objects.get(case=row)
    letter.words["subject"] = "Nothing to see"
    letter.save()


def _changed_receiver(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(to="elsewhere@example.org")


def _missing_letter(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).delete()


def _changed_text(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(text="You owe us £100.")


def _changed_html(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(html="<p>You owe us £100.</p>")


def _changed_subject(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(subject="You owe us")


def _no_letter_any_more(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(words={"nothing": 1})


def _changed_and_unsalted(row: CaseRow) -> None:
    """As if it had been erased, so that nobody compares."""
    Outgoing.objects.filter(case=row).update(salt="", words={"subject": "You owe us"})


def _emptied_letter(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(salt="", words={}, to="", subject="", text="", html="")


def _said_to_have_left(row: CaseRow) -> None:
    Outgoing.objects.filter(case=row).update(state="sent")


def _changed_document(row: CaseRow) -> None:
    Document.objects.filter(pk=_document(row).pk).update(content=b"%PDF-another")


def _emptied_document(row: CaseRow) -> None:
    Document.objects.filter(pk=_document(row).pk).update(content=b"", sha256="")


def _document(row: CaseRow) -> Document:
    return Document.objects.create(
        provider=row.provider, case=row, outgoing=Outgoing.objects.get(case=row), format="txt",
        media_type="text/plain", content=b"words", sha256=sha256(b"words").hexdigest(), made_at=MONDAY,
    )  # fmt: skip


def _missing_tail(row: CaseRow) -> None:
    """The last fact goes, and the case's row is made to match: only the checkpoint knows."""
    PrivateWords.objects.filter(case=row, seq=5).delete()
    run("DELETE FROM desk_factrow WHERE case_id = %s AND seq = 5", row.pk)
    CaseRow.objects.filter(pk=row.pk).update(facts=4, head=FactRow.objects.get(case=row, seq=4).hash)


def _changed_head(row: CaseRow) -> None:
    CaseRow.objects.filter(pk=row.pk).update(head="0" * 64)


def _changed_reference(row: CaseRow) -> None:
    CaseRow.objects.filter(pk=row.pk).update(reference="LB-ELSE-WHER")


@pytest.mark.parametrize(
    ("touch", "says"),
    [
        (_changed_fact, "the fact was changed"),
        (_changed_time, "the fact was changed"),
        (_changed_by, "the fact was changed"),
        (_missing_middle, "the fact is missing"),
        (_changed_words, "the private words were changed"),
        (_missing_words, "the private words are missing"),
        (_emptied_words, "nobody erased them"),
        (_slipped_in_words, "beside no fact"),
        (_changed_letter, "the words of the letter were changed"),
        (_changed_receiver, "the words of the letter were changed"),
        (_changed_text, "text or HTML of the letter was changed"),
        (_changed_html, "text or HTML of the letter was changed"),
        (_changed_subject, "text or HTML of the letter was changed"),
        (_no_letter_any_more, "the words of the letter were changed"),
        (_changed_and_unsalted, "the words of the letter were changed"),
        (_emptied_letter, "the letter are empty and nobody erased them"),
        (_said_to_have_left, "it is 'sent', and the facts say 'nothing"),
        (_changed_document, "the document was changed"),
        (_emptied_document, "the document is empty and nobody erased it"),
        (_missing_letter, "that a fact decided is missing"),
        (_missing_tail, "the tail is missing"),
        (_changed_head, "the case says that it has"),
        (_changed_reference, "the chain is another"),
    ],
)
def test_what_was_touched_is_found(rows: list[CaseRow], touch: Callable[[CaseRow], None], says: str) -> None:
    unsealed()
    touch(rows[1])
    found = verify()
    assert any(says in fault.what for fault in found.faults), found.faults
    assert not any(rows[0].reference in fault.where for fault in found.faults)


def _mailed(words: str = "My line is dead.") -> CaseRow:
    """A case that came by mail with two files, and other cases before and after it."""
    at = provider()
    case(at)
    message = mail(words)
    mime = EmailMessage()
    for name, value in message_from_bytes(message, policy=SMTP).items():
        if not name.lower().startswith(("content-", "mime-")):
            mime[name] = value
    mime.set_content(words)
    for name in ("a.txt", "b.txt"):
        mime.add_attachment(f"file {name}".encode(), maintype="text", subtype="plain", filename=name)
    found = receive(at, mime.as_bytes(), MONDAY, now=MONDAY)
    case(at)
    return CaseRow.objects.get(reference=found.case)


def _changed_message(row: CaseRow) -> None:
    KeptMessage.objects.filter(case=row).update(raw=b"From: nobody\r\n\r\nAll is well.\r\n")


def _changed_message_and_its_hash(row: CaseRow) -> None:
    KeptMessage.objects.filter(case=row).update(raw=b"well", content_hash=sha256(b"well").hexdigest(), size=4)


def _emptied_message(row: CaseRow) -> None:
    KeptMessage.objects.filter(case=row).update(raw=b"", reason="erased", size=0)


def _missing_message(row: CaseRow) -> None:
    KeptMessage.objects.filter(case=row).delete()


def _file(row: CaseRow) -> QuerySet[Upload]:
    return Upload.objects.filter(case=row, name="b.txt")


def _changed_file(row: CaseRow) -> None:
    _file(row).update(content=b"another")


def _changed_file_and_its_hash(row: CaseRow) -> None:
    _file(row).update(content=b"another", sha256=sha256(b"another").hexdigest())


def _emptied_file(row: CaseRow) -> None:
    _file(row).update(content=None, sha256="")


def _missing_file(row: CaseRow) -> None:
    _file(row).delete()


def _slipped_in_file(row: CaseRow) -> None:
    there = _file(row).get()
    there.pk, there.content, there.sha256 = None, b"never sent", sha256(b"never sent").hexdigest()
    there.save()


@pytest.mark.parametrize(
    ("touch", "says"),
    [
        (_changed_message, "the message was changed"),
        (_changed_message_and_its_hash, "the message was changed"),
        (_emptied_message, "the message is empty and nobody erased it"),
        (_missing_message, "the message that a fact names is missing"),
        (_changed_file, "the file was changed"),
        (_changed_file_and_its_hash, "a file stands beside it that did not come with it"),
        (_emptied_file, "the file is empty and nobody erased it"),
        (_missing_file, "a file that came with it is missing"),
        (_slipped_in_file, "a file stands beside it that did not come with it"),
    ],
)
def test_what_came_by_mail_stands_as_it_came(touch: Callable[[CaseRow], None], says: str) -> None:
    row = _mailed()
    assert verify().whole, verify().faults
    touch(row)
    faults = verify().faults
    assert any(says in fault.what for fault in faults), faults
    assert all(row.reference in fault.where for fault in faults)


def test_what_came_by_mail_and_was_erased_is_no_breakage() -> None:
    row = closed(_mailed(), MONDAY + days(1))
    _document(row)
    assert isinstance(erase_private(row, why="asked", by="7", now=MONDAY + days(2)), Erased)
    assert bytes(KeptMessage.objects.get(case=row).raw) == b""
    assert verify().whole, verify().faults


def test_a_message_on_two_cases_may_be_erased_with_the_one_that_holds_it() -> None:
    row = _mailed()
    kept = KeptMessage.objects.get(case=row)
    other = case(row.provider, message=str(kept.pk), message_digest=sha256(bytes(kept.raw)).hexdigest())
    assert verify().whole, verify().faults
    assert isinstance(erase_private(closed(row, MONDAY), why="asked", by="7", now=MONDAY), Erased)
    assert verify().whole, verify().faults
    KeptMessage.objects.filter(pk=kept.pk).delete()
    assert any(other.reference in fault.where for fault in verify().faults)


def test_facts_from_before_they_named_digests_still_hold(rows: list[CaseRow]) -> None:
    """A letter whose fact does not say what was shown is compared with its words as they are shown today."""
    unsealed()
    _forget_what_was_shown(rows[1])
    assert verify().whole, verify().faults
    _changed_text(rows[1])
    assert [fault.what for fault in verify().faults] == [
        "the subject, text or HTML of the letter was changed"
    ]


def _forget_what_was_shown(row: CaseRow) -> None:
    Checkpoint.objects.all().delete()
    head = ""
    for fact in FactRow.objects.filter(case=row).order_by("seq"):
        fact.open.pop("shown", None)
        line = Line(row.pk, fact.seq, fact.kind, fact.at, fact.logged, fact.by, fact.open)
        name = f"{row.provider_id}/{row.reference}"
        head = fact.hash = f.link(head, name, fact.seq, line.written({}), fact.private_digest)
        fact.save()
    CaseRow.objects.filter(pk=row.pk).update(head=head)
    CaseRow.objects.update(checkpointed=0)
    assert checkpoint(MONDAY) == CaseRow.objects.count()


@pytest.mark.parametrize("state", ["ready", "claimed", "in doubt"])
def test_a_letter_in_doubt_may_go_again(rows: list[CaseRow], state: str) -> None:
    letter = Outgoing.objects.get(case=rows[0])
    tell(rows[0], MONDAY, f.LetterFate, key=letter.key, fate="in doubt")
    Outgoing.objects.filter(pk=letter.pk).update(state=state)
    assert verify().whole, verify().faults
    Outgoing.objects.filter(pk=letter.pk).update(state="sent")
    assert not verify().whole


def test_a_case_that_is_gone_without_a_trace_is_found_by_the_checkpoint(rows: list[CaseRow]) -> None:
    unsealed()
    gone = rows[2]
    for model in (Outgoing, CaseMessageId, CaseAddress, PrivateWords, FactRow, DutyRow):
        model._default_manager.filter(case=gone).delete()
    gone.delete()
    [fault] = verify().faults
    assert gone.reference in fault.where
    assert "the case is missing" in fault.what


def test_rewriting_a_chain_after_its_checkpoint_is_found(rows: list[CaseRow]) -> None:
    """A forger who links everything again still cannot reach the head that the checkpoint holds."""
    unsealed()
    row = rows[0]
    PrivateWords.objects.filter(case=row).delete()
    Outgoing.objects.filter(case=row).delete()
    CaseTally.objects.filter(case=row).delete()
    CaseWords.objects.filter(case=row).delete()
    run("DELETE FROM desk_factrow WHERE case_id = %s", row.pk)
    CaseRow.objects.filter(pk=row.pk).update(facts=0, head="")
    with docket(row.pk, now=MONDAY) as d:
        hand = d.cases[row.pk]
        opened = f.CaseOpened(
            at=MONDAY,
            logged=MONDAY,
            reference=row.reference,
            provider=row.provider_id,
            code="",
            code_version="",
        )
        hand.add(opened, *(f.NoteAdded(at=MONDAY, logged=MONDAY, words="nothing happened") for _ in range(6)))
    assert [fault.what for fault in verify().faults] == [
        "the chain is another than the one that a checkpoint covers"
    ]


@pytest.mark.parametrize("change", ["heads", "hash", "gone"])
def test_a_touched_checkpoint_is_found(rows: list[CaseRow], change: str) -> None:
    tell(rows[0], MONDAY, f.NoteAdded, words="more")
    assert checkpoint(MONDAY + days(1)) == 1, "only what grew"
    assert verify().whole
    unsealed()
    first = Checkpoint.objects.filter(seq=1)
    if change == "heads":
        first.update(heads=first.get().heads.replace(rows[2].reference, "LB-ELSE-WHER"))
    elif change == "hash":
        first.update(hash="0" * 64)
    else:
        first.delete()
    assert any(fault.where.startswith("checkpoint") for fault in verify().faults)


def test_checkpoints_that_were_all_taken_away_are_missed(rows: list[CaseRow]) -> None:
    """Without any checkpoint a missing case would not be found: the cases say that one was made, or the worker does."""
    unsealed()
    Checkpoint.objects.all().delete()
    assert verify().faults == [("checkpoints", "none stands, and 3 cases say that one was made")]
    CaseRow.objects.update(checkpointed=0)
    assert verify().whole, "on a desk whose worker never went to make one"
    Heartbeat.objects.create(name="checkpoint", at=MONDAY - days(1))
    assert verify().whole, "there was nothing to cover then"
    Heartbeat.objects.update(at=MONDAY + days(1))
    [fault] = verify().faults
    assert fault.what.startswith("none stands, and the worker went to make one on Tuesday 3 November")


def test_the_newest_checkpoint_is_missed_by_the_cases_that_it_covered(rows: list[CaseRow]) -> None:
    tell(rows[0], MONDAY, f.NoteAdded, words="more")
    assert checkpoint(MONDAY + days(1)) == 1
    unsealed()
    Checkpoint.objects.filter(seq=2).delete()
    [fault] = verify().faults
    assert rows[0].reference in fault.where
    assert fault.what == "a checkpoint of 6 facts of it is missing: those that stand cover 5"


def test_a_checkpoint_with_nothing_new_is_not_made(rows: list[CaseRow]) -> None:
    assert checkpoint(MONDAY + days(1)) == 0
    assert Checkpoint.objects.count() == 1


def test_many_cases_are_covered_in_several_checkpoints(
    rows: list[CaseRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "CASES_A_CHECKPOINT", 2)
    for row in rows:
        tell(row, MONDAY, f.NoteAdded, words="more")
    assert checkpoint(MONDAY) == 3
    assert Checkpoint.objects.count() == 3
    assert verify().whole


def test_a_changed_code_is_found(rows: list[CaseRow]) -> None:
    unsealed()
    AdoptedCode.objects.update(text="code: another")
    assert "the text of the code was changed" in verify().faults[0].what


@pytest.mark.parametrize("table", ["factrow", "checkpoint", "adoptedcode"])
@pytest.mark.parametrize("verb", ["UPDATE desk_{} SET hash = hash", "DELETE FROM desk_{}"])
def test_the_database_itself_refuses_to_touch_evidence(rows: list[CaseRow], table: str, verb: str) -> None:
    sql = verb.format(table).replace("hash", "text" if table == "adoptedcode" else "hash")
    with pytest.raises(IntegrityError, match="evidence"), transaction.atomic():
        run(sql)


def test_erasing_words_breaks_no_chain_and_leaves_nothing_of_the_person(rows: list[CaseRow]) -> None:
    row = closed(rows[0], MONDAY + days(1))
    erased = erase_private(row, why="six years are over", by="7", now=MONDAY + days(2))
    assert isinstance(erased, Erased)
    assert (erased.facts, erased.letters) == (3, 1)
    assert verify().whole
    kept = PrivateWords.objects.filter(case=row)
    assert {(w.words, w.salt) for w in kept} == {(None, "")}
    row.refresh_from_db()
    assert (row.customer_name, row.customer_email, row.subject, row.state) == ("", "", "", "closed")
    assert not CaseAddress.objects.filter(case=row).exists()
    letter = Outgoing.objects.get(case=row)
    assert (letter.text, letter.to, letter.words) == ("", "", {})
    assert AuditEntry.objects.get(what="private words erased").detail["case"] == row.reference
    assert refold(check=True, now=MONDAY).wrong == []
    left = str(list(FactRow.objects.filter(case=row).values()))
    assert not any(words in left for words in ("Ann", "Archer", "ann@example.org", "No internet", "note 0"))


def test_a_case_that_still_needs_its_words_is_not_erased(rows: list[CaseRow]) -> None:
    refused = erase_private(rows[0], why="asked", by="7", now=MONDAY)
    assert isinstance(refused, Refusal)
    assert "open" in refused.what
    assert isinstance(erase_private(rows[0], why=" ", by="7", now=MONDAY), Refusal)
    assert PrivateWords.objects.filter(case=rows[0], words__isnull=True).count() == 0


def test_the_same_words_of_two_people_have_two_digests() -> None:
    at = provider()
    case(at), case(at)
    digests = FactRow.objects.filter(kind="customer known").values_list("private_digest", flat=True)
    assert len(set(digests)) == 2


def test_providers_are_named_in_their_chains() -> None:
    """The same facts under the same reference at another provider make another chain."""
    heads = set()
    for name in ("example", "opus"):
        with docket(now=MONDAY) as d:
            d.open_case(Provider.objects.get(pk=provider(name).pk), MONDAY, reference="SAME-1")
    heads = set(FactRow.objects.filter(seq=1).values_list("hash", flat=True))
    assert len(heads) == 2
    assert verify().whole
