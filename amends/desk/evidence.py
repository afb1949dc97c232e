"""Proof that nothing was changed, taken away or slipped in: chains, private digests, frozen letters, checkpoints.

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

from amends.core.facts import LetterDecided, link, private_digest
from amends.core.letters import letter_from_json
from amends.desk.freeze import digest as letter_digest
from amends.desk.ledger import FACTS, Line, chain_name
from amends.desk.models import AdoptedCode, CaseRow, Checkpoint, FactRow, Outgoing, PrivateWords
from amends.desk.snapshot import snapshot
from amends.desk.streams import READ_AT_ONCE, ByCase

CASES_A_CHECKPOINT = 5_000


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


def _verify_cases(found: Evidence, covered: dict[int, Head], progress: Callable[[int], None] | None) -> None:
    facts = ByCase(FactRow.objects, "seq", *FACTS, "private_digest", "hash")
    words = ByCase(PrivateWords.objects, "seq", "case_id", "seq", "salt", "words", "erased_at")
    letters = ByCase(Outgoing.objects, "id", "case_id", "key", "salt", "words", "channel", "to", "digest")
    rows = CaseRow.objects.order_by("pk").values_list("pk", "provider_id", "reference", "facts", "head")
    for pk, provider, reference, count, head in rows.iterator(chunk_size=READ_AT_ONCE):
        found.cases += 1
        chain = _Chain(found, chain_name(provider, reference))
        chain.follow(facts.take(pk), {seq: tuple(rest) for _, seq, *rest in words.take(pk)})
        chain.ends_at(count, head)
        chain.covered_by(covered.pop(pk, None))
        chain.letters_hold(letters.take(pk))
        if progress is not None and found.cases % READ_AT_ONCE == 0:
            progress(found.cases)
    for case in sorted({*facts.rest(), *words.rest(), *letters.rest()}):
        found.fault(f"case id {case}", "rows stand here of a case that is missing")


class _Chain:
    """One case's chain as it is followed, with what it should be."""

    def __init__(self, found: Evidence, name: str) -> None:
        self.found = found
        self.name = name
        self.hashes: list[str] = []
        self.decided: dict[str, str] = {}
        """The digests of the letters that were decided, by key."""

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
            self._private(seq, digest, words.pop(seq, None))
            if line.kind == LetterDecided.KIND:
                self.decided[line.open["key"]] = line.open["digest"]
        for seq in words:
            self.found.fault(f"{self.name} fact {seq}", "private words stand beside no fact")

    def _private(self, seq: int, digest: str, words: tuple[Any, ...] | None) -> None:
        where = f"{self.name} fact {seq}"
        if words is None:
            if digest:
                self.found.fault(where, "the private words are missing and nobody erased them")
            return
        salt, private, erased_at = words
        if private is None:
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

    def letters_hold(self, rows: list[tuple[Any, ...]]) -> None:
        """Compare the frozen words with the facts that decided them. Erased letters have lost their salt."""
        for _, key, salt, words, channel, to, digest in rows:
            self.found.letters += 1
            if self.decided.pop(key, None) != digest:
                self.found.fault(f"{self.name} letter {key}", "no fact decided this letter as it stands")
            elif salt and letter_digest(salt, letter_from_json(words), channel, to) != digest:
                self.found.fault(f"{self.name} letter {key}", "the words of the letter were changed")
        for key in self.decided:
            self.found.fault(f"{self.name} letter {key}", "the letter that a fact decided is missing")
