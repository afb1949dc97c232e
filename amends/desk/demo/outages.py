"""The outages of the demonstration: one that is over, told, ended and refunded, and one that stands as the play ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from amends.core.care import steps
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.desk import outages
from amends.desk.actions import NewContact
from amends.desk.care import Asked, Taken
from amends.desk.demo.cast import Cast
from amends.desk.demo.play import Play, Storyline, accepted
from amends.desk.models import Outage
from amends.desk.outages import END, REFUND, UPDATE, Ordered, Said

SAID = (
    "Nothing works since this morning.", "The internet is gone, and the telephone with it.",
    "We have no connection at all today.",
)  # fmt: skip
DONE = (
    "The test shows nothing at their end.", "With Northline Networks, as all of the outage.", "Nobody has to come.",
    "The cable was joined again.", "They say that it works.",
)  # fmt: skip
BACK = "Your line works again. Thank you for your patience."


class Outages:
    """The storylines, on one stage with a cast of their own."""

    def __init__(self, play: Play, cast: Cast) -> None:
        self.play = play
        self.cast = cast

    def over(self) -> Storyline:
        """A digger cuts a cable; its customers are told, it is mended, and the time without it is refunded."""
        yield timedelta(minutes=20)
        since = self.play.now - timedelta(hours=2)
        faults = [self._fault(words) for words in SAID]
        row = self._open("No broadband and no telephone in and around Ely", since, "NL-60417")
        self._link(row, faults)
        yield timedelta(minutes=40)
        self._all(
            row, UPDATE, "A digger cut a cable. Engineers are there, and expect to have it joined tonight."
        )
        yield timedelta(hours=26)
        accepted(
            outages.end(
                row, self.play.now - timedelta(hours=1), self.play.people["handler"].id, self.play.now
            )
        )
        self._all(
            row, END, "The cable is joined again. We are working out what you get back and will write to you."
        )
        yield timedelta(hours=1)
        for reference in faults:
            self._mended(reference)
        yield timedelta(hours=3)
        self._all(
            row, REFUND, "We refund the time without service.", looked_at="The log of the exchange at Ely."
        )

    def stands(self) -> Storyline:
        """A mast was struck by lightning; two have called, and everybody is told how it stands."""
        yield timedelta(minutes=10)
        faults = [self._fault(words) for words in SAID[:2]]
        row = self._open("Mobile calls fail around Soham", self.play.now - timedelta(minutes=50), "NL-61203")
        self._link(row, faults)
        yield timedelta(minutes=30)
        self._all(
            row,
            UPDATE,
            "Lightning struck the mast. A new aerial is on its way. You will hear from us when it is up.",
        )

    def _fault(self, words: str) -> str:
        person = self.cast.person()
        contact = NewContact("phone", self.play.now, words, sender=person.phone)
        asked = Asked(
            CaseKind.FAULT,
            {"service": f"Broadband on {person.phone}", "symptoms": words, "works": "not at all"},
        )
        reference = self.play.request("agent", contact, person.known(self.play), asked)
        self.play.link("agent", reference, person.name)
        return reference

    def _open(self, what: str, since: datetime, number: str) -> Outage:
        said = Said(what, since, "our monitoring", supplier="Northline Networks", reference=number)
        return outages.open_outage(self.play.provider, said, self.play.people["handler"].id, self.play.now)

    def _link(self, row: Outage, faults: Sequence[str]) -> None:
        for reference in faults:
            self.play.do("handler", reference, lambda hand, by, now: outages.link(hand, row, by, now))

    def _all(self, row: Outage, kind: str, words: str, looked_at: str = "") -> None:
        row.refresh_from_db()
        cases = list(outages.linked(row).values_list("pk", flat=True))
        ordered = Ordered(kind, words, looked_at=looked_at)
        found = outages.queue(row, ordered, cases, self.play.people["manager"], self.play.now)
        accepted(found if isinstance(found, Refusal) else None)

    def _mended(self, reference: str) -> None:
        for step, words in zip(
            ("tested", "passed on", "appointment", "repaired", "confirmed"), DONE, strict=True
        ):
            tell = BACK if step == "confirmed" else ""
            self.play.take_step("agent", reference, Taken(step, steps.DONE, words, tell=tell))
