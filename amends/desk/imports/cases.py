"""Cases of another system, open and closed: first receipt, contacts, and whether an ADR letter already went.

A mapping file says which of the system's columns is which, and what its words mean; it is kept with the source. Each row is
a contact of its case, or the case alone; the rows of one case stand together. Facts are written by the one writer as what
happened then, written down now, "imported from SOURCE". Nothing is sent: a letter that is owed is decided and held, and
leaves only when a person lets its kind go (L22). Law clocks run from the first receipt as they always do (L11).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from amends.core import facts as f
from amends.core.calendar import LONDON, london_date, noon
from amends.core.duties import ADR
from amends.core.letters.blocks import clean, one_line
from amends.core.saying import day as day_said
from amends.desk.customers import checked, linking
from amends.desk.customers.book import gone_key
from amends.desk.customers.checked import Wrong
from amends.desk.imports.mapping import Mapped
from amends.desk.imports.reading import Row, Unreadable
from amends.desk.imports.running import CHANGED, NEW, SAME, Broken, Verdict
from amends.desk.models import CustomerRow, ImportedCase, Provider
from amends.desk.record import CaseInHand, docket
from amends.law import law

CHANNELS: Final = ("email", "phone", "letter", "form", "webchat", "fax")
ELSEWHERE: Final = "closed before it came here"


@dataclass
class Cases:
    """Brings rows of cases in."""

    provider: Provider
    mapped: Mapped
    by: str
    now: datetime
    what: str = "cases"
    late: list[str] = field(default_factory=list)
    """The cases whose ADR letter was owed before today, with the day."""
    _known: dict[str, int] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)
    """The last line of each case among the rows at hand: there it is whole, and closed if it was."""
    _made: set[str] = field(default_factory=set)
    _erased: set[str] = field(default_factory=set)

    @property
    def source(self) -> str:
        """The system that they come from."""
        return self.mapped.source

    @property
    def mapping(self) -> str:
        """The text of the mapping, kept with the run."""
        return self.mapped.text

    def unknown(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Columns that are not read. Raises Unreadable where one that the mapping names is missing."""
        missing = sorted(set(self.mapped.columns.values()) - set(columns))
        if missing:
            raise Unreadable(f"the mapping names columns that it has not: {', '.join(missing)}")
        return tuple(name for name in columns if name and name not in self.mapped.columns.values())

    def key(self, row: Row) -> str:
        """What the rows of one case have in common."""
        return self.mapped.cells(row).get("reference", "").strip()

    def begin(self, rows: Sequence[Row]) -> None:
        """Which of these cases came before, in one query."""
        keys = {self.key(row) for row in rows}
        there = ImportedCase.objects.filter(provider=self.provider, source=self.source, number__in=keys)
        self._known = dict(there.values_list("number", "case_id"))
        digests = {gone_key(self.provider, self.source, key): key for key in keys}
        gone = ImportedCase.objects.filter(provider=self.provider, source=self.source, number__in=digests)
        self._erased = {digests[each] for each in gone.values_list("number", flat=True)}
        self._last = {self.key(row): row.line for row in rows}

    def forget(self) -> None:
        """Nothing that was looked up holds any more."""
        self._known, self._last = {}, {}

    def bring(self, row: Row) -> Verdict:
        """One row: its case, or one more contact of it. Raises Broken."""
        cells = self.mapped.cells(row)
        said = _Said.read(cells, self.mapped, self.now)
        if said.reference in self._erased:
            raise Broken(Wrong("reference", "this case was erased here: take it out of the other system too"))
        known = self._known.get(said.reference)
        if known is None:
            case = self._open(said, row.line)
            told = case
            fresh = said.reference not in self._made
            self._made.add(said.reference)
            return Verdict(row.line, said.reference, NEW if fresh else CHANGED, told, _nameless(said))
        last = self._is_last(said, row.line)
        with docket(known, now=self.now, rest=last) as taken:
            hand = taken.cases[known]
            before = len(hand.added)
            self._more(hand, said, row.line)
            changed = len(hand.added) > before
            taken.hold(hand, f"imported from {self.source}")
            if last:
                taken.rest(hand)
            told = "one more contact" if changed else ""
            if last and said.reference in self._made and self._owes(hand):
                self.late.append(said.reference)
                told = f"{told or 'whole now'}; its ADR letter is owed now, and held"
        return Verdict(row.line, said.reference, CHANGED if changed else SAME, told)

    def _open(self, said: _Said, line: int) -> str:
        last = self._is_last(said, line)
        if said.closed_on is None and not said.known_by:
            raise Broken(
                Wrong(
                    "name",
                    "nothing says whose case this is, and it is open: give a name, or an email, a phone number, an address, "
                    "an account, or their id in the customers’ book",
                )
            )
        # What is owed is worked out when the whole case is there: one that was closed elsewhere owes nothing.
        with docket(now=self.now, rest=last) as taken:
            hand = taken.open_case(self.provider, said.first_received, by=self.by)
            taken.hold(hand, f"imported from {self.source}")
            hand.add(
                f.CaseImported(at=self.now, logged=self.now, by=self.by, source=self.source, number=said.reference),
                self._contact(said, "first", said.first_received, said.channel, said.words, said.subject),
                self._customer(said),
                f.ComplaintDecided(
                    at=self.now, logged=self.now, by=self.by, contact="first", complaint=said.complaint,
                    why=f"imported from {self.source}",
                ),
            )  # fmt: skip
            if said.acknowledged:
                hand.add(self._ours("acknowledged", said.acknowledged, "email", "acknowledgement", ""))
            if said.adr_letter:
                hand.add(
                    f.LetterBefore(
                        at=said.adr_letter, logged=self.now, by=self.by, letter=ADR, channel=said.adr_channel,
                        source=self.source,
                    )
                )  # fmt: skip
            self._more(hand, said, line)
            self._link(hand, said)
            if last:
                taken.rest(hand)
            told = self._told(hand, said)
        ImportedCase.objects.create(
            provider=self.provider, source=self.source, number=said.reference, case_id=hand.row.pk
        )
        self._known[said.reference] = hand.row.pk
        return told

    def _is_last(self, said: _Said, line: int) -> bool:
        """Whether no further row of this case follows."""
        return self._last.get(said.reference) == line

    def _more(self, hand: CaseInHand, said: _Said, line: int) -> None:
        """The contact of this row, unless it stands there; and the end of the case, on its last row."""
        if said.contact_at is not None:
            contact = self._id(said)
            if hand.case.contact(contact) is None:
                if hand.case.closed is not None:
                    raise Broken(
                        Wrong("contact_at", "its case is closed already: the rows of one case stand together")
                    )
                if said.ours:
                    purpose = "reply"
                    hand.add(
                        self._ours(
                            contact, said.contact_at, said.contact_channel, purpose, said.contact_words
                        )
                    )
                else:
                    at, words = said.contact_at, said.contact_words
                    fact = self._contact(said, contact, at, said.contact_channel, words, "")
                    hand.add(
                        fact,
                        f.ComplaintDecided(
                            at=self.now, logged=self.now, by=self.by, contact=contact, complaint=said.complaint,
                            why=f"imported from {self.source}",
                        ),
                    )  # fmt: skip
        if said.closed_on is not None and hand.case.closed is None and self._is_last(said, line):
            hand.add(
                f.CaseClosed(
                    at=said.closed_on, logged=self.now, by=self.by, evidence=ELSEWHERE, how=f"in {self.source}",
                    words=said.closed_how,
                )
            )  # fmt: skip

    def _contact(
        self, said: _Said, contact: str, at: datetime, channel: str, words: str, subject: str
    ) -> f.ContactReceived:
        return f.ContactReceived(
            at=at, logged=self.now, by=self.by, contact=contact, channel=channel, received=at,
            backdated_why=f"imported from {self.source}, {said.reference}", sender=said.email, subject=subject,
            words=words, asks_answer=False,
        )  # fmt: skip

    def _ours(self, contact: str, at: datetime, channel: str, purpose: str, words: str) -> f.ContactMade:
        return f.ContactMade(
            at=at, logged=self.now, by=self.by, contact=contact, channel=channel, purpose=purpose, words=words
        )

    def _customer(self, said: _Said) -> f.CustomerKnown:
        return f.CustomerKnown(
            at=said.first_received, logged=self.now, by=self.by, name=said.name, email=said.email, phone=said.phone,
            address=said.address, account=said.account, customer_kind=said.kind,
        )  # fmt: skip

    def _link(self, hand: CaseInHand, said: _Said) -> None:
        """The customer whom both systems call the same: an id is no address, and the source says whose case it is."""
        if not said.customer:
            return
        row = CustomerRow.objects.filter(
            provider=self.provider, external=said.customer, erased_at__isnull=True
        ).first()
        if row is None:
            raise Broken(
                Wrong(
                    "customer",
                    f"nobody in the book has the id {said.customer[:60]!r}: bring them in first",
                )
            )
        linking.link(hand, row, by=self.by, now=self.now)

    def _told(self, hand: CaseInHand, said: _Said) -> str:
        if hand.case.closed is not None:
            return "new, closed"
        for letter in hand.case.letters_of(ADR):
            if letter.fate == "sent":
                return (
                    f"new, open; its ADR letter went on {day_said(said.adr_day)}"
                    if said.adr_day
                    else "new, open"
                )
        if self._owes(hand):
            self.late.append(said.reference)
            return "new, open; its ADR letter is owed now, and held"
        return "new, open"

    @staticmethod
    def _owes(hand: CaseInHand) -> bool:
        """Whether an ADR letter was decided that nobody has sent."""
        found = hand.case.letters_of(ADR)
        return bool(found) and hand.case.closed is None and all(each.fate != "sent" for each in found)

    def _id(self, said: _Said) -> str:
        """The id of a contact: the same row is the same contact."""
        told = f"{self.source}\n{said.reference}\n{said.contact_at}\n{said.ours}\n{said.contact_words}"
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:12]


def _nameless(said: _Said) -> tuple[Wrong, ...]:
    """The remark on a row that gives no name: by what its customer is known all the same. It is brought in."""
    if said.name:
        return ()
    known = f"their {said.known_by[0]} is what they are known by" if said.known_by else "it names nobody"
    return (Wrong("name", f"it is empty: {known}", mild=True),)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says, read and checked."""

    reference: str
    first_received: datetime
    channel: str
    complaint: bool
    subject: str
    words: str
    name: str
    email: str
    phone: str
    address: str
    account: str
    kind: str
    customer: str
    closed_on: datetime | None
    closed_how: str
    acknowledged: datetime | None
    adr_letter: datetime | None
    adr_day: date | None
    adr_channel: str
    contact_at: datetime | None
    ours: bool
    contact_channel: str
    contact_words: str

    @property
    def known_by(self) -> tuple[str, ...]:
        """By what the customer can be told from others, their name first; empty where the row names nobody."""
        known = {
            "name": self.name, "id in the book": self.customer, "account": self.account, "email": self.email,
            "phone": self.phone, "address": self.address,
        }  # fmt: skip
        return tuple(what for what, words in known.items() if words.strip())

    @classmethod
    def read(cls, cells: Mapping[str, str], mapped: Mapped, now: datetime) -> _Said:
        """The row. Raises Broken with everything that is wrong with it."""
        wrong: list[Wrong] = []
        reading = _Reading(cells, mapped, now, wrong)
        reference = one_line(cells.get("reference", ""))[:100]
        if not reference:
            wrong.append(Wrong("reference", "what the other system calls the case is missing"))
        first = reading.moment("first_received")
        if first is None and not any(w.field == "first_received" for w in wrong):
            wrong.append(
                Wrong(
                    "first_received",
                    "when the complaint was first received is missing: law clocks run from it",
                )
            )
        known_from = law().adr_period.first
        if first is not None and london_date(first) < known_from:
            wrong.append(
                Wrong(
                    "first_received",
                    f"it lies before {day_said(known_from)}, from which on the rules are known: leave the case where it is",
                )
            )
        closed, adr = reading.moment("closed_on"), reading.moment("adr_letter")
        contact = reading.moment("contact_at")
        for name, at in (("closed_on", closed), ("adr_letter", adr), ("contact_at", contact)):
            if at is not None and first is not None and at < first:
                wrong.append(Wrong(name, "it lies before the case was first received"))
        kind, faults = checked.read({"kind": checked.CUSTOMER["kind"]}, {"kind": cells.get("kind", "")})
        wrong += faults
        email = reading.email()
        channel = reading.one_of("channel", CHANNELS, "email")
        said = {
            "complaint": reading.yes("complaint", otherwise=True),
            "ours": reading.one_of("contact_direction", ("in", "out"), "in") == "out",
            "contact_channel": reading.one_of("contact_channel", CHANNELS, "email"),
            "adr_channel": reading.one_of("adr_letter_channel", ("email", "letter"), "letter"),
        }
        acknowledged = reading.moment("acknowledged")
        if wrong or first is None:
            raise Broken(*wrong)
        return cls(
            reference=reference, first_received=first, channel=channel, complaint=bool(said["complaint"]),
            subject=one_line(cells.get("subject", ""))[:200], words=clean(cells.get("words", "")),
            name=one_line(cells.get("name", ""))[:200], email=email, phone=one_line(cells.get("phone", ""))[:60],
            address=clean(cells.get("address", ""))[:1000], account=one_line(cells.get("account", ""))[:100],
            kind=str(kind.get("kind", "")), customer=cells.get("customer", "").strip(), closed_on=closed,
            closed_how=clean(cells.get("closed_how", ""))[:1000], acknowledged=acknowledged, adr_letter=adr,
            adr_day=adr.astimezone(LONDON).date() if adr else None, adr_channel=str(said["adr_channel"]),
            contact_at=contact, ours=bool(said["ours"]), contact_channel=str(said["contact_channel"]),
            contact_words=clean(cells.get("contact_words", "")),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the cells of one row, and collects what is wrong."""

    cells: Mapping[str, str]
    mapped: Mapped
    now: datetime
    wrong: list[Wrong]

    def moment(self, name: str) -> datetime | None:
        """A moment, or noon of a day; London's where no offset is written. Nothing lies in the future."""
        words = self.cells.get(name, "").strip()
        if not words:
            return None
        try:
            at = _moment(words)
        except ValueError as fault:
            self.wrong.append(Wrong(name, str(fault)))
            return None
        if at > self.now:
            self.wrong.append(Wrong(name, f"{one_line(words)[:40]!r} lies in the future"))
            return None
        return at

    def one_of(self, name: str, known: tuple[str, ...], otherwise: str) -> str:
        """One of these words."""
        words = self.cells.get(name, "").strip().casefold()
        if words and words not in known:
            self.wrong.append(
                Wrong(
                    name,
                    f"{one_line(words)[:60]!r} is none of: {', '.join(known)}; the mapping can say which",
                )
            )
        return words or otherwise

    def yes(self, name: str, *, otherwise: bool) -> bool:
        """Yes or no."""
        return self.one_of(name, ("yes", "no"), "yes" if otherwise else "no") == "yes"

    def email(self) -> str:
        """An address, or none."""
        words = self.cells.get("email", "").strip()
        try:
            if words:
                validate_email(words)
        except ValidationError:
            self.wrong.append(Wrong("email", f"{one_line(words)[:80]!r} is no email address"))
        return words[:320]


def _moment(words: str) -> datetime:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        found = checked.day(words)
        assert found is not None
        return noon(found)
    if at.year not in checked.YEARS:
        raise ValueError(f"{words!r} lies outside the years {checked.YEARS[0]} to {checked.YEARS[-1]}")
    if len(words) <= 10:
        at = datetime.combine(at.date(), time(12))
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)
