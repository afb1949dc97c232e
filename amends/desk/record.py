"""The only writer: appends facts, folds, freezes what goes out, sets the hints, all in one transaction.

Whoever changes a case takes a docket. The rows are locked in the order of their ids; facts are added and folded at
once; when the block ends each case comes to rest: letters that the desk owes are written and frozen with the facts
that decided them, until it owes none. If the block raises, nothing of it was.

    with docket(case_id, now=now) as d:
        d.cases[case_id].add(NoteAdded(at=now, logged=now, by=person, words="…"))

Its parts are `ledger` (facts to rows), `hints`, `houses` and `freeze` (letters) and `keeping` (the rows of a docket).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from amends.core import copies
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import steps
from amends.core.case import Case, fold, step
from amends.core.code import Code
from amends.core.data_requests import ACKNOWLEDGED
from amends.core.duties import ACKNOWLEDGEMENT, ADR, Duty, ahead, automatic
from amends.core.kinds import COPY_LETTER, CaseKind
from amends.core.letters import Letter, Missing, write
from amends.core.rulebook import Rulebook
from amends.core.ways import EMAIL, Way, ways
from amends.desk import assigning, books, joining, keeping, ledger, needs
from amends.desk import reference as references
from amends.desk.address import Address
from amends.desk.asked import Asked
from amends.desk.freeze import CAME_TO_NOTHING, HELD, freeze, shown
from amends.desk.houses import Houses
from amends.desk.models import CaseRow, Outgoing, Provider

REST_LIMIT = 12
"""More letters than any case owes at one moment: a case that owes more never comes to rest, which is our mistake."""


class LetterMissing(Exception):
    """A person asked for a letter that cannot be written; `missing` says what it lacks. Nothing was recorded."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.why)
        self.missing = missing


class CaseGone(LookupError):
    """A docket was asked for a case that does not exist."""


class NeverRests(Exception):
    """A case went on owing letters at one moment although each was decided."""


@dataclass(eq=False)
class CaseInHand:
    """A case that a docket has locked: its row, what its facts have made it, and the rulebook that governs it."""

    row: CaseRow
    case: Case
    book: Rulebook
    provider: Provider
    added: list[f.Fact] = field(default_factory=list, repr=False)
    """The facts of this docket, not yet written."""
    stuck: dict[str, str] = field(default_factory=dict)
    """The letters that the desk owes and could not write, each with the reason."""
    owed: tuple[Duty, ...] = ()
    """What is owed when the docket ends; worked out there."""
    need_sought: tuple[str, str] = ("", "")
    """The email and account by which a need was last looked for; see `needs`."""
    hold: str = ""
    """Why the letters that this docket decides by itself wait for a person to let them go; empty where they do not."""
    left_undecided: bool = False
    """Whether its ADR letter was decided while nobody had said whether it is a complaint."""

    def add(self, *facts: f.Fact) -> None:
        """Add facts to the case, in this order; the case is what they make it at once."""
        for fact in facts:
            kept = ledger.keepable(fact)
            self.case = step(self.case, kept)
            self.added.append(kept)

    def govern(self, now: datetime, because: str, by: str = f.SYSTEM) -> None:
        """Put the case under the code that governs its first receipt by what is adopted now, where it has another.

        Of two texts in force from the same day a case keeps the one under which it began.
        """
        # Not by the receipt of a case that was merged into it: it keeps the code under which it began.
        if self.case.own_received is None:
            return
        day, had = london_date(self.case.own_received), self.book.code
        adopted, code = books.governing(self.provider.pk, day)
        same_day = had is not None and code is not None and had.in_force_from == code.in_force_from
        if adopted == self.row.code_id or same_day:
            return
        self.row.code_id, self.book = adopted, books.book_of(adopted)
        self.add(
            f.CodeGoverns(
                at=now, logged=now, by=by, code=code.id if code else "", code_version=code.fingerprint if code else "",
                because=because,
            )
        )  # fmt: skip


class Docket:
    """The cases that one transaction holds, and what it decides about them. `docket` makes it."""

    def __init__(self, cases: dict[int, CaseInHand], now: datetime, *, begins_late: bool = False) -> None:
        self.cases = cases
        self.now = now
        self._begins_late = begins_late
        self._houses = Houses(now)
        self._governing: dict[tuple[str, date], tuple[int | None, Code | None]] = {}
        self._outgoing: list[Outgoing] = []
        self._along: list[Callable[[], object]] = []

    def open_case(
        self,
        provider: Provider,
        first_received: datetime,
        *,
        reference: str | None = None,
        by: str = f.SYSTEM,
        kind: CaseKind = CaseKind.COMPLAINT,
    ) -> CaseInHand:
        """A new case under the code that governs complaints first received on that London date.

        A reference is drawn unless one is given, as an import does.
        """
        day = london_date(first_received)
        governing = self._governing.get((provider.pk, day))
        if governing is None:
            governing = self._governing[provider.pk, day] = books.governing(provider.pk, day)
        adopted, code = governing
        row = CaseRow(provider=provider, reference=reference or "", code_id=adopted)
        if self._begins_late:
            row.reference = row.reference or _free_reference(provider)
        else:
            _insert(row)
        # A row that is not written yet has no id: a number that no id has stands for it.
        number = row.pk or -len(self.cases) - 1
        hand = self.cases[number] = CaseInHand(row, Case(), books.book_of(adopted), provider)
        hand.add(
            f.CaseOpened(
                at=self.now, logged=self.now, by=by, reference=row.reference, provider=provider.pk,
                code=code.id if code else "", code_version=code.fingerprint if code else "", case_kind=str(kind),
            )
        )  # fmt: skip
        return hand

    def write(  # noqa: PLR0913 - what a letter is made of, each by its own name
        self, hand: CaseInHand, letter_id: str, *, channel: str, to: str, free_text: str = "",
        extra: Mapping[str, str] | None = None, why: str = "", by: str = f.SYSTEM, lane: int | None = None,
    ) -> str:  # fmt: skip
        """Write a letter of the house and decide that it leaves; its key. Raises LetterMissing, and records nothing.

        It leaves in the lane of its kind, unless another is named.
        """
        letter = self.written(hand, letter_id, free_text, extra)
        if isinstance(letter, Missing):
            raise LetterMissing(letter)
        if lane is not None:
            letter = replace(letter, lane=lane)
        return self.letter(hand, letter, channel=channel, to=to, why=why, by=by)

    def letter(
        self, hand: CaseInHand, letter: Letter, *, channel: str, to: str, why: str = "", by: str = f.SYSTEM,
        instead_of: str = "",
    ) -> str:  # fmt: skip
        """Decide that a written letter leaves, and freeze its words: the fact and the outgoing row, together."""
        needs.carry([hand], self.now)
        frozen = freeze(hand, letter, channel, to, self.now)
        hand.add(
            f.LetterDecided(
                at=self.now, logged=self.now, by=by, key=frozen.key, letter=frozen.letter, channel=channel,
                digest=frozen.digest, shown=shown(frozen.salt, frozen.subject, frozen.text, frozen.html), why=why,
                instead_of=instead_of, own_words=letter.own_words,
            )
        )  # fmt: skip
        hand.add(*needs.work_orders(hand, frozen, self.now))
        self._outgoing.append(frozen)
        return frozen.key

    def along(self, write: Callable[[], object]) -> None:
        """Have other rows of these cases written in the docket's transaction, at its end, when each case has its id."""
        self._along.append(write)

    def hold(self, hand: CaseInHand, why: str) -> None:
        """Have the letters that the desk owes on a case decided and held: an import sends nothing (L22)."""
        hand.hold = why

    def at(self, now: datetime) -> None:
        """Let it be another moment for what follows: for a past that is written in one docket, as seeding does."""
        self.now = self._houses.now = now

    def rest(self, hand: CaseInHand) -> None:
        """Decide the letters that the desk owes on a case at this moment, before the end of the docket does."""
        self._come_to_rest(hand)

    def fold_again(self) -> None:
        """Fold the cases from the rows as they stand now, after private words were erased."""
        facts = ledger.load(list(self.cases))
        for pk, hand in self.cases.items():
            hand.case = fold(facts[pk])

    def written(
        self, hand: CaseInHand, letter_id: str, free_text: str = "", extra: Mapping[str, str] | None = None
    ) -> Letter | Missing:
        """A letter of the house as it would be written now; nothing is decided."""
        return write(letter_id, self._houses.matter(hand, free_text, extra or {}))

    def _come_to_rest(self, hand: CaseInHand) -> None:
        """Write every letter that the desk owes on a case now."""
        for _ in range(REST_LIMIT):
            due = automatic(hand.case, hand.book, self.now)
            duty = next((d for d in due if d.letter not in hand.stuck), None)
            if duty is None:
                self._end_by_itself(hand)
                hand.owed = ahead(hand.case, hand.book)
                return
            self._send(hand, duty)
        raise NeverRests(f"{hand.row.reference} still owes the {duty and duty.letter} at {self.now}")

    def _end_by_itself(self, hand: CaseInHand) -> None:
        """Close a case of care as soon as all that was asked for is done or has gone: nobody waits for more.

        Nor somebody's decision, which closing would end before it was made.
        """
        if any(asked.waits for asked in hand.case.approvals):
            return
        copied = copies.met(hand.case)
        if copied or steps.met(hand.case):
            evidence = copies.EVIDENCE if copied else steps.EVIDENCE
            hand.add(f.CaseClosed(at=self.now, logged=self.now, evidence=evidence))

    def _send(self, hand: CaseInHand, duty: Duty) -> None:
        """Decide the letter that a duty names, or keep the reason why it cannot be written."""
        way = ways(hand.case, duty.letter)[0]
        letter = self.written(hand, duty.letter)
        if isinstance(letter, Missing):
            hand.stuck[duty.letter] = letter.why
            return
        flood = hand.hold or self._flood(hand, duty, way)
        lost = [x for x in hand.case.letters_of(duty.letter) if x.fate in CAME_TO_NOTHING]
        why = f"{duty.id} ({duty.clause})" + (f"; held: {flood}" if flood else "")
        if lost:
            became = CAME_TO_NOTHING[lost[-1].fate]
            why += f"; by {way.channel}, because {lost[-1].key} by {lost[-1].channel} {became}"
        instead_of = lost[-1].instead_of or lost[-1].key if lost else ""
        self.letter(hand, letter, channel=way.channel, to=way.to, why=why, instead_of=instead_of)
        if flood:
            self._outgoing[-1].state, self._outgoing[-1].last_error = HELD, flood
        hand.left_undecided |= duty.letter == ADR and hand.case.complaint is None

    def _flood(self, hand: CaseInHand, duty: Duty, way: Way) -> str:
        """Why an acknowledgement or a copied code waits for a person: our forms may fill somebody else's mailbox (L16)."""
        if duty.letter not in (ACKNOWLEDGEMENT, COPY_LETTER, ACKNOWLEDGED) or way.channel != EMAIL:
            return ""
        address, most = Address("", way.to), joining.ANSWERED_A_DAY
        many = joining.opened_too_many(hand.provider.pk, address, self.now, most, beside=hand.row.pk)
        return f"{way.to} stands on {most} other cases of one day" if many else ""

    def _settle(self, *, rest: bool) -> None:
        if rest:
            for hand in self.cases.values():
                assigning.assign(hand, self.now)
            standing = (
                h for h in self.cases.values() if h.case.closed is None and h.case.merged_into is None
            )
            needs.carry(standing, self.now)
        for hand in self.cases.values():
            if rest:
                self._come_to_rest(hand)
            else:
                hand.owed = ahead(hand.case, hand.book)

    def _keep(self, *, rest: bool) -> None:
        hands = list(self.cases.values())
        if self._begins_late:
            for hand in hands:
                hand.row.save(force_insert=True)
        keeping.keep(hands, self._outgoing, self.now, rested=rest)
        for write_along in self._along:
            write_along()


@contextmanager
def docket(*case_ids: int, now: datetime, rest: bool = True) -> Iterator[Docket]:
    """One transaction that holds these cases, locked in the order of their ids, and at its end writes what was done.

    Without `rest` no letter is written that the block did not ask for: for rebuilding and erasing only.
    Raises CaseGone for an id that is no case, and whatever the block raises: then nothing of it was.
    """
    with transaction.atomic():
        taken = Docket(_in_hand(sorted(set(case_ids))), now)
        yield taken
        taken._settle(rest=rest)  # noqa: SLF001 - the end of the block, which no caller may reach by another way
        taken._keep(rest=rest)  # noqa: SLF001 - as in `docket`


@contextmanager
def opening(now: datetime) -> Iterator[Docket]:
    """A docket for new cases alone: nobody waits while they are thought out, for its transaction begins when the block ends.

    Other rows that belong to them are written by what the block hands to `along`. Raises IntegrityError where in
    that moment another process gave the same reference: then nothing of it was.
    """
    taken = Docket({}, now, begins_late=True)
    yield taken
    taken._settle(rest=True)  # noqa: SLF001 - as in `docket`
    with transaction.atomic():
        taken._keep(rest=True)  # noqa: SLF001 - as in `docket`


def _in_hand(case_ids: list[int]) -> dict[int, CaseInHand]:
    if not case_ids:
        return {}
    rows = list(CaseRow.objects.select_for_update().filter(pk__in=case_ids).order_by("pk"))
    if len(rows) < len(case_ids):
        raise CaseGone(f"no such case: {sorted(set(case_ids) - {r.pk for r in rows})}")
    providers = Provider.objects.in_bulk({r.provider_id for r in rows})
    facts = ledger.load(case_ids)
    return {r.pk: CaseInHand(r, fold(facts[r.pk]), books.book_for(r), providers[r.provider_id]) for r in rows}


def _insert(row: CaseRow) -> None:
    """Write the row, with the reference that it came with or one that its provider has not given yet."""
    if row.reference:
        row.save(force_insert=True)
        return
    while True:
        row.reference = _drawn(row.provider)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if not _given(row.provider, row.reference):
                raise
        else:
            return


def _free_reference(provider: Provider) -> str:
    """A reference that this provider has not given yet."""
    while _given(provider, reference := _drawn(provider)):
        pass
    return reference


def _drawn(provider: Provider) -> str:
    return references.draw(references.initials(provider.name))


def _given(provider: Provider, reference: str) -> bool:
    return bool(_with_reference(provider.pk, reference))


_with_reference = Asked(
    lambda provider, reference: (
        CaseRow.objects.filter(provider=provider, reference=reference).values_list("pk")[:1]
    ),
    str, str,
)  # fmt: skip
