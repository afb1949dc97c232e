"""Proof that nothing was changed, taken away or slipped in: chains, private digests, letters, enclosures, checkpoints.

Each case's facts are linked by hashes; private words enter only as salted digests. The heads of the chains go into
checkpoints, linked in turn, so that a missing tail or a missing case is found. Keep the hash of a checkpoint outside
the house: then nobody inside can rewrite everything before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F

from amends.core import saying
from amends.core.facts import (
    CaseFileMade,
    ContactReceived,
    DataBundleMade,
    LetterDecided,
    LetterFate,
    NoteAdded,
    PostingProved,
    link,
    private_digest,
)
from amends.core.letters import Letter, letter_from_json
from amends.core.saying import counted
from amends.desk.enclosures import Enclosures, Named, NamedFile, filed, named, noted, proved
from amends.desk.freeze import HELD, READY, TO_POST, shown
from amends.desk.freeze import digest as letter_digest
from amends.desk.ledger import FACTS, Line, chain_name
from amends.desk.models import AdoptedCode, CaseRow, Checkpoint, FactRow, Heartbeat, Outgoing, PrivateWords
from amends.desk.snapshot import snapshot
from amends.desk.streams import READ_AT_ONCE, ByCase

CASES_A_CHECKPOINT = 5_000

IN_DOUBT = "in doubt"
WAITING = frozenset({HELD, READY, "claimed"})
"""The states of a letter that has to leave, for the first time or, after a doubt, once more."""


class Fault(NamedTuple):
    """Something that does not hold: where, and what was found there."""

    where: str
    what: str


@dataclass
class Evidence:
    """What `verify` looked at, and everything that did not hold. `head` is the newest checkpoint's hash."""

    cases: int = 0
    facts: int = 0
    letters: int = 0
    checkpoints: int = 0
    head: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything held."""
        return not self.faults

    def fault(self, where: str, what: str) -> None:
        """Note something that does not hold."""
        self.faults.append(Fault(where, what))


def checkpoint(now: datetime) -> int:
    """Cover every case that grew since it was covered last; how many. Cases that somebody holds wait for the next."""
    covered = 0
    while True:
        try:
            some = _checkpoint(now)
        except IntegrityError:
            # Another process has followed the same checkpoint at this moment, and covered what was to cover.
            return covered
        covered += some
        if some < CASES_A_CHECKPOINT:
            return covered


def _checkpoint(now: datetime) -> int:
    with transaction.atomic():
        last = Checkpoint.objects.order_by("-seq").first()
        grown = CaseRow.objects.select_for_update(skip_locked=True).filter(facts__gt=F("checkpointed"))
        rows = list(
            grown.order_by("pk").values_list("pk", "provider_id", "reference", "facts", "head")[
                :CASES_A_CHECKPOINT
            ]
        )
        if not rows:
            return 0
        heads = "".join(f"{pk}\t{chain_name(p, r)}\t{facts}\t{head}\n" for pk, p, r, facts, head in rows)
        seq, previous = (last.seq + 1, last.hash) if last else (1, "")
        Checkpoint.objects.create(
            seq=seq, at=now, cases=len(rows), heads=heads, previous=previous,
            hash=_checkpoint_hash(seq, now, previous, heads),
        )  # fmt: skip
        CaseRow.objects.filter(pk__in=[row[0] for row in rows]).update(checkpointed=F("facts"))
        return len(rows)


def _checkpoint_hash(seq: int, at: datetime, previous: str, heads: str) -> str:
    moment = round(at.timestamp() * 1_000_000)
    return hashlib.sha256(f"{seq}\n{moment}\n{previous}\n{heads}".encode()).hexdigest()


def verify(progress: Callable[[int], None] | None = None) -> Evidence:
    """Work every chain, digest, frozen letter and checkpoint out again. Reads only, and keeps no writer waiting.

    `progress` hears how many cases have been looked at.
    """
    found = Evidence()
    with snapshot():
        _verify_codes(found)
        covered = _verify_checkpoints(found)
        _all_stand(found, covered)
        _verify_cases(found, covered, progress)
    for case, head in covered.items():
        found.fault(
            head.name,
            f"the case is missing (its id was {case}); a checkpoint covers {head.facts} facts of it",
        )
    return found


def _verify_codes(found: Evidence) -> None:
    for row in AdoptedCode.objects.iterator():
        if hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest() != row.fingerprint:
            found.fault(
                f"{row.provider_id}, code {row.code} {row.version}", "the text of the code was changed"
            )


class Head(NamedTuple):
    """The head of a case as the newest checkpoint that covers it has it."""

    name: str
    facts: int
    hash: str


def _verify_checkpoints(found: Evidence) -> dict[int, Head]:
    """Follow the chain of checkpoints; the newest head that it has of each case.

    The newest is enough: a chain that runs through it has everything before it as it was.
    """
    covered: dict[int, Head] = {}
    for row in Checkpoint.objects.order_by("seq").iterator(chunk_size=10):
        found.checkpoints += 1
        where = f"checkpoint {row.seq}"
        if row.seq != found.checkpoints or row.previous != found.head:
            found.fault(where, "the checkpoint before it is missing or is another")
            found.checkpoints = row.seq
        if row.hash != _checkpoint_hash(row.seq, row.at, row.previous, row.heads):
            found.fault(where, "the checkpoint was changed")
        found.head = row.hash
        for line in row.heads.splitlines():
            case, name, facts, head = line.split("\t")
            covered[int(case)] = Head(name, int(facts), head)
    return covered


def _all_stand(found: Evidence, covered: dict[int, Head]) -> None:
    """Whether the checkpoints stand that the desk says it made: without them a missing tail or case would not be found.

    Each case knows how many of its facts a checkpoint covers, and the worker when it last went to make one.
    """
    said = CaseRow.objects.filter(checkpointed__gt=0).order_by("pk")
    if found.checkpoints:
        for pk, provider, reference, facts in said.values_list(
            "pk", "provider_id", "reference", "checkpointed"
        ).iterator(chunk_size=READ_AT_ONCE):
            head = covered.get(pk)
            if head is None or head.facts < facts:
                found.fault(
                    chain_name(provider, reference),
                    f"a checkpoint of {facts} facts of it is missing: those that stand cover {head.facts if head else 0}",
                )
        return
    if count := said.count():
        cases = counted(count, "case")
        found.fault(
            "checkpoints", f"none stands, and {cases} {'says' if count == 1 else 'say'} that one was made"
        )
        return
    beat = Heartbeat.objects.filter(name="checkpoint").first()
    if beat is not None and FactRow.objects.filter(logged__lt=beat.at).exists():
        found.fault(
            "checkpoints",
            f"none stands, and the worker went to make one on {saying.moment(beat.at)}, when there were facts to cover",
        )


def _verify_cases(found: Evidence, covered: dict[int, Head], progress: Callable[[int], None] | None) -> None:
    facts = ByCase(FactRow.objects, "seq", *FACTS, "private_digest", "hash")
    words = ByCase(PrivateWords.objects, "seq", "case_id", "seq", "salt", "words", "erased_at")
    letters = ByCase(Outgoing.objects, "id", *LETTERS)
    enclosures = Enclosures()
    rows = CaseRow.objects.order_by("pk").values_list("pk", "provider_id", "reference", "facts", "head")
    for pk, provider, reference, count, head in rows.iterator(chunk_size=READ_AT_ONCE):
        found.cases += 1
        chain = _Chain(found, chain_name(provider, reference))
        chain.follow(facts.take(pk), {seq: tuple(rest) for _, seq, *rest in words.take(pk)})
        chain.ends_at(count, head)
        chain.covered_by(covered.pop(pk, None))
        chain.letters_hold([Frozen(*row) for row in letters.take(pk)])
        for where, what in enclosures.faults(pk, chain.contacts):
            found.fault(f"{chain.name} {where}", what)
        for where, what in enclosures.of_schemes(pk, chain.case_files):
            found.fault(f"{chain.name} {where}", what)
        for where, what in enclosures.of_people(pk, chain.copies):
            found.fault(f"{chain.name} {where}", what)
        if progress is not None and found.cases % READ_AT_ONCE == 0:
            progress(found.cases)
    for case in sorted({*facts.rest(), *words.rest(), *letters.rest(), *enclosures.rest()}):
        found.fault(f"case id {case}", "rows stand here of a case that is missing")


class Frozen(NamedTuple):
    """An outgoing row, as far as facts speak of it."""

    case_id: int
    key: str
    salt: str
    words: dict[str, Any]
    channel: str
    to: str
    digest: str
    subject: str
    text: str
    html: str
    state: str

    @property
    def empty(self) -> bool:
        """Whether nothing is left of it, as after erasing."""
        return not (self.words or self.to or self.subject or self.text or self.html)

    def letter(self) -> Letter | None:
        """The letter; None where its words are none of a letter any more."""
        try:
            return letter_from_json(self.words)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def shows(self, letter: Letter, digest: str) -> bool:
        """Whether what was to be sent is what the letter looked like then."""
        if digest:
            return shown(self.salt, self.subject, self.text, self.html) == digest
        # A fact from before it named what is shown: the words as this program shows them.
        return (letter.subject, letter.text(), letter.html()) == (self.subject, self.text, self.html)


LETTERS = tuple(Frozen.__annotations__)


class _Chain:
    """One case's chain as it is followed, with what it should be."""

    def __init__(self, found: Evidence, name: str) -> None:
        self.found = found
        self.name = name
        self.hashes: list[str] = []
        self.erased = False
        """Whether private words of it were erased."""
        self.contacts: list[Named] = []
        self.case_files: list[NamedFile] = []
        self.copies: list[NamedFile] = []
        """Copies of personal data that were made for its customer."""
        self.decided: dict[str, tuple[str, str]] = {}
        """The digests of the letters that were decided and of what is shown of them, by key."""
        self.fates: dict[str, str] = {}
        """What became of each letter at last."""

    def follow(self, rows: list[tuple[Any, ...]], words: dict[int, tuple[Any, ...]]) -> None:
        """Link the facts again, in their order."""
        for *columns, digest, stored in rows:
            line = Line(*columns)
            self.found.facts += 1
            seq = len(self.hashes) + 1
            if line.seq != seq:
                self.found.fault(
                    f"{self.name} fact {seq}", f"the fact is missing: {line.seq} stands in its place"
                )
                return
            previous = self.hashes[-1] if self.hashes else ""
            hashed = link(previous, self.name, seq, line.written({}), digest)
            if hashed != stored:
                self.found.fault(f"{self.name} fact {seq}", "the fact was changed, or one before it was")
            self.hashes.append(hashed)
            beside = words.pop(seq, None)
            self._private(seq, digest, beside)
            self._notice(line, beside[1] if beside else None)
        for seq in words:
            self.found.fault(f"{self.name} fact {seq}", "private words stand beside no fact")

    def _notice(self, line: Line, private: dict[str, str] | None) -> None:
        """Keep what the fact says of letters and of what came with a contact."""
        if line.kind == LetterDecided.KIND:
            self.decided[line.open["key"]] = (line.open["digest"], line.open.get("shown", ""))
        elif line.kind == LetterFate.KIND:
            self.fates[line.open["key"]] = line.open["fate"]
        elif line.kind == ContactReceived.KIND:
            self.contacts.append(named(line.open, private))
        elif line.kind == PostingProved.KIND and (private is None or "file" in private):
            self.contacts.append(proved(line.open, private))
        elif line.kind == CaseFileMade.KIND:
            self.case_files.append(filed(line.open, private))
        elif line.kind == DataBundleMade.KIND:
            self.copies.append(filed(line.open, private))
        elif line.kind == NoteAdded.KIND and line.open.get("note"):
            self.contacts.append(noted(line.open, private))

    def _private(self, seq: int, digest: str, words: tuple[Any, ...] | None) -> None:
        where = f"{self.name} fact {seq}"
        if words is None:
            if digest:
                self.found.fault(where, "the private words are missing and nobody erased them")
            return
        salt, private, erased_at = words
        if private is None:
            self.erased |= erased_at is not None
            if erased_at is None:
                self.found.fault(where, "the private words are empty and nobody erased them")
        elif private_digest(private, salt) != digest:
            self.found.fault(where, "the private words were changed")

    def ends_at(self, facts: int, head: str) -> None:
        """Compare with the case's own row."""
        if len(self.hashes) != facts or (self.hashes[-1] if self.hashes else "") != head:
            self.found.fault(
                self.name, f"{len(self.hashes)} facts stand here, and the case says that it has {facts}"
            )

    def covered_by(self, head: Head | None) -> None:
        """Compare with the newest checkpoint that covers the case."""
        if head is None:
            return
        if len(self.hashes) < head.facts:
            self.found.fault(
                self.name,
                f"the tail is missing: {len(self.hashes)} facts of {head.facts} that a checkpoint covers",
            )
        elif head.name != self.name or self.hashes[head.facts - 1] != head.hash:
            self.found.fault(self.name, "the chain is another than the one that a checkpoint covers")

    def letters_hold(self, rows: list[Frozen]) -> None:
        """Compare the frozen letters with the facts that decided them, and with what became of them."""
        for row in rows:
            self.found.letters += 1
            decided, digest = self.decided.pop(row.key, ("", ""))
            if decided != row.digest:
                self._letter_fault(row, "no fact decided this letter as it stands")
            elif row.salt:
                self._words_hold(row, digest)
            elif not row.empty:
                self._letter_fault(row, "the words of the letter were changed")
            elif not self.erased:
                self._letter_fault(row, "the words of the letter are empty and nobody erased them")
            self._state_holds(row)
        for key in self.decided:
            self.found.fault(f"{self.name} letter {key}", "the letter that a fact decided is missing")

    def _words_hold(self, row: Frozen, digest: str) -> None:
        letter = row.letter()
        if letter is None or letter_digest(row.salt, letter, row.channel, row.to) != row.digest:
            self._letter_fault(row, "the words of the letter were changed")
        elif not row.shows(letter, digest):
            self._letter_fault(row, "the subject, text or HTML of the letter was changed")

    def _state_holds(self, row: Frozen) -> None:
        """A letter stands as its last fate says; one without a fate, or in doubt, may have to leave still."""
        fate = self.fates.get(row.key, "")
        waits = WAITING | {IN_DOUBT} if fate == IN_DOUBT else WAITING | {TO_POST} if not fate else {fate}
        if row.state not in waits:
            self._letter_fault(
                row, f"it is {row.state!r}, and the facts say {fate or 'nothing of what became of it'!r}"
            )

    def _letter_fault(self, row: Frozen, what: str) -> None:
        self.found.fault(f"{self.name} letter {row.key}", what)
