"""The storylines of the demonstration: each is one complaint as it may go, from its first word to where it stands."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta

from amends.core.awards import Stand
from amends.core.calendar import in_london, london_date
from amends.core.code import Owed
from amends.desk import actions as a
from amends.desk import approvals, at_scheme, billing, lessons, redress
from amends.desk.actions import NewContact
from amends.desk.demo import words as w
from amends.desk.demo.cast import Cast, Person
from amends.desk.demo.play import Play, Storyline

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ON_THE_PHONE = "recorded by a person"


class Plots:
    """The storylines, on one stage with one cast."""

    def __init__(self, play: Play, cast: Cast) -> None:
        self.play = play
        self.cast = cast

    # --- what many storylines share ---------------------------------------------------------------------

    def _first_mail(self, person: Person, trouble: w.Trouble) -> str:
        reference = self.play.mail(
            person.name, person.email, trouble.subject, f"{trouble.words}\n\n{person.name}"
        )
        assert reference is not None
        return reference

    def _begun(self, handler: str = "handler") -> tuple[str, Person, w.Trouble]:
        """A mail comes in, and within the day an agent has sorted it."""
        person, trouble = self.cast.person(), self.cast.trouble()
        reference = self._first_mail(person, trouble)
        self._sorted(reference, person, handler)
        return reference, person, trouble

    def _sorted(self, reference: str, person: Person, handler: str = "handler") -> None:
        """An agent decides that it is a complaint, writes down who it is, and gives it to a handler."""
        self.play.knows(reference, person.known(self.play))
        self.play.link("agent", reference, person.name)
        self._decided(reference, complaint=True, why="unhappy with the service, and wants an answer")
        self.play.do("agent", reference, a.assign, handler=self.play.people[handler])

    def _decided(self, reference: str, *, complaint: bool, why: str) -> None:
        contact = self.play.case(reference).contacts[0].id
        self.play.do("agent", reference, a.decide_complaint, contact=contact, complaint=complaint, why=why)

    def _introduced(self, reference: str, handler: str = "handler", channel: str = "phone") -> None:
        """The handler introduces themselves and answers the customer's own letter."""
        self.play.send(handler, reference, a.introduce, channel=channel, words=w.INTRODUCTION)
        self.play.send(handler, reference, a.write, purpose="reply", words=w.REPLY)

    def _updated(self, reference: str, handler: str = "handler") -> None:
        self.play.send(handler, reference, a.write, purpose="update", words=w.HOLDING)

    def _proposed(self, reference: str, trouble: w.Trouble, handler: str = "handler", more: int = 0) -> None:
        self.play.do(handler, reference, a.categorise, category=trouble.category, cause=trouble.cause)
        self.play.do(
            handler, reference, a.record_findings, words=trouble.found, fault_owner=trouble.fault_owner
        )
        self.play.send(handler, reference, a.propose, words=trouble.offer, credit_pence=trouble.pence + more)

    def _answered(self, reference: str, *, accepted: bool, handler: str = "handler") -> None:
        said = self.cast.one_of(w.ACCEPTANCES if accepted else w.REFUSALS)
        self.play.send(
            handler,
            reference,
            a.answer,
            accepted=accepted,
            how=ON_THE_PHONE,
            words=f"On the telephone: {said}",
        )

    def _paid(self, reference: str) -> Storyline:
        """The money goes to billing, and a later bill shows it."""
        yield 20 * HOUR
        agent = self.play.people["agent"]
        billing.hand_over(self.play.provider, agent.id, self.play.now)
        yield 12 * DAY
        for award in self.play.case(reference).awards:
            if award.stands is Stand.HANDED_OVER:
                bill = f"{self.play.now:%Y-%m}"
                self.play.send("agent", reference, redress.became, award=award.id, fate="given", why=bill)

    def _escalated(self, reference: str, handler: str = "handler") -> None:
        """The case climbs to the next stage, where the code names one more."""
        if self.play.further(reference):
            self.play.send(handler, reference, a.escalate, channel="phone", why="the outcome was refused")

    def _taken(self, reference: str) -> None:
        """Whoever fills the role that the code names takes the case that climbed to it: the last is the director's."""
        asked = next((x.id for x in self.play.case(reference).approvals if x.waits), None)
        if asked is not None:
            by = "manager" if self.play.further(reference) else "director"
            self.play.send(by, reference, approvals.answer, approval=asked, agree=True)

    def _posted(self, reference: str) -> None:
        """An agent posts what waits for the post."""
        for letter in self.play.case(reference).letters:
            if letter.channel == "letter" and not letter.fate:
                self.play.do("agent", reference, a.letter_fate, key=letter.key, fate="posted")

    # --- the storylines ---------------------------------------------------------------------------------

    def settled(self, handler: str = "handler") -> Storyline:
        """A mail, an introduction, an update, an outcome, the customer's yes."""
        reference, _, trouble = self._begun(handler)
        yield 20 * HOUR
        self._introduced(reference, handler)
        yield 4 * DAY
        self._updated(reference, handler)
        yield 3 * DAY
        self._proposed(reference, trouble, handler)
        yield 2 * DAY
        self._answered(reference, accepted=True, handler=handler)
        yield from self._paid(reference)

    def settled_on_the_line(self) -> Storyline:
        """A call that settles it there and then, with the customer's word written down."""
        person, trouble = self.cast.person(), self.cast.trouble()
        contact = NewContact(
            "phone", self.play.now, trouble.words, subject=trouble.subject, sender=person.phone
        )
        reference = self.play.log("agent", contact, person.known(self.play))
        self.play.do("agent", reference, a.check_identity, passed=True, how="name, postcode and last bill")
        self.play.link("agent", reference, person.name)
        self._decided(reference, complaint=True, why="")
        self.play.do("agent", reference, a.categorise, category=trouble.category, cause=trouble.cause)
        self.play.do("agent", reference, a.assign, handler=self.play.people["agent"])
        self.play.send(
            "agent", reference, a.close, evidence="customer confirmed", how="settled on first contact",
            words=f"Settled on the line: {self.cast.one_of(w.ACCEPTANCES)}",
        )  # fmt: skip
        yield DAY

    def refused_then_settled(self) -> Storyline:
        """The first answer is refused, the next stage settles it."""
        reference, _, trouble = self._begun("handler2")
        yield DAY
        self._introduced(reference, "handler2", "email")
        yield 5 * DAY
        self._proposed(reference, trouble, "handler2")
        yield 2 * DAY
        self._answered(reference, accepted=False, handler="handler2")
        self._escalated(reference, "handler2")
        yield DAY
        self._taken(reference)
        yield 3 * DAY
        self._proposed(reference, trouble, "manager", more=2000)
        yield DAY
        self._answered(reference, accepted=True, handler="manager")
        yield from self._paid(reference)

    def deadlocked(self) -> Storyline:
        """Refused at every stage, declared deadlocked by a manager: the ADR letter leaves at once."""
        yield from self._to_deadlock()

    def at_the_scheme(self) -> Storyline:
        """After deadlock the customer goes to the scheme: our case file, its decision, their yes, and what we then do."""
        reference = yield from self._to_deadlock()
        yield 3 * DAY
        scheme = self.play.scheme
        self.play.do("manager", reference, a.refer, scheme=scheme, at=self.play.now, number=w.DISPUTE)
        yield DAY
        day = london_date(self.play.now) + 10 * DAY
        self.play.do("manager", reference, at_scheme.file_due, on=day, words=w.FILE_WANTED)
        self.play.case_file("manager", reference, w.POSITION)
        yield 2 * HOUR
        self.play.do("manager", reference, at_scheme.file_sent, number=1, at=self.play.now, how=w.FILE_SENT)
        yield 11 * DAY
        self.play.do(
            "manager", reference, at_scheme.decided, outcome="partly for the customer", at=self.play.now,
            award_pence=6500, words=w.SCHEME_DECISION, number=f"{w.DISPUTE}/D", asked=w.SCHEME_ASKED,
        )  # fmt: skip
        yield DAY
        cause = self.play.case(reference).cause
        self.play.send("manager", reference, lessons.note, words=w.LESSON, cause=cause)
        yield 2 * DAY
        self.play.do(
            "manager", reference, at_scheme.answered, answer="accepted", at=self.play.now, words=w.SCHEME_SAYS
        )
        yield DAY
        done = next(x for x in self.play.case(reference).awards if x.words == w.SCHEME_ASKED.splitlines()[0])
        self.play.send(
            "manager", reference, redress.became, award=done.id, fate="given", why="Sent by letter today."
        )
        yield from self._paid(reference)

    def _to_deadlock(self) -> Generator[timedelta, None, str]:
        """One complaint, refused at every stage and deadlocked; its reference."""
        reference, _, trouble = self._begun()
        yield DAY
        self._introduced(reference)
        while self.play.further(reference):
            yield 4 * DAY
            self._proposed(reference, trouble)
            yield 2 * DAY
            self._answered(reference, accepted=False)
            self._escalated(reference)
            yield DAY
            self._taken(reference)
        yield 2 * DAY
        self._proposed(reference, trouble, "manager")
        yield DAY
        self._answered(reference, accepted=False, handler="manager")
        yield HOUR
        self.play.do("manager", reference, a.declare_deadlock, position=w.POSITION)
        return reference

    def still_open_on_its_day(self) -> Storyline:
        """The network never answers, six weeks pass: the ADR letter leaves by itself."""
        reference, _, _ = self._begun()
        yield DAY
        self._introduced(reference)
        later = self.play.now + 75 * DAY
        for promise in self.play.runs(reference)[:1]:
            if promise.owe is Owed.OUTCOME:
                self.play.send(
                    "handler", reference, a.extend, clock=promise.id, until=later, why=w.NEED_LONGER
                )
        while True:
            yield 6 * DAY
            self._updated(reference)

    def by_letter(self) -> Storyline:
        """A letter that lay in the post room for a day; everything goes back by post."""
        person, trouble = self.cast.person(), self.cast.trouble()
        contact = NewContact(
            "letter", self.play.now, trouble.words, subject=trouble.subject, sender=person.name,
            effective=self.play.now - DAY, backdated_why="stamped by the post room the day before it was logged",
        )  # fmt: skip
        reference = self.play.log("agent", contact, person.known(self.play, email=False))
        yield HOUR
        self.play.link("agent", reference, person.name)
        self._decided(reference, complaint=True, why="")
        self.play.do("agent", reference, a.assign, handler=self.play.people["handler2"])
        yield DAY
        self._posted(reference)
        self._introduced(reference, "handler2", "letter")
        yield 4 * DAY
        self._posted(reference)
        self._proposed(reference, trouble, "handler2")
        yield DAY
        self._posted(reference)

    def a_caller_without_an_address(self) -> Storyline:
        """A caller who leaves only a number: a way to reach them in writing is a duty."""
        person, trouble = self.cast.person(), self.cast.trouble()
        contact = NewContact(
            "phone", self.play.now, trouble.words, subject=trouble.subject, sender=person.phone
        )
        self.play.log("agent", contact, person.known(self.play, email=False, address=False))
        yield DAY

    def no_complaint(self) -> Storyline:
        """A question, found to be no complaint, with the reason."""
        person = self.cast.person()
        subject, text = w.QUESTION
        reference = self.play.mail(person.name, person.email, subject, text)
        assert reference is not None
        yield 3 * HOUR
        self._decided(reference, complaint=False, why="asks for opening hours and is unhappy with nothing")
        self.play.send("agent", reference, a.close, evidence="not a complaint")

    def thanks_after_closing(self) -> Storyline:
        """Settled, and the customer says thank you: nothing starts again."""
        reference, person, trouble = self._begun()
        yield DAY
        self._introduced(reference)
        yield 3 * DAY
        self._proposed(reference, trouble)
        yield DAY
        self._answered(reference, accepted=True)
        yield DAY
        self.play.answer_mail(reference, person.name, person.email, w.THANKS[1])
        yield 2 * HOUR
        thanks = self.play.case(reference).contacts[-1].id
        self.play.do(
            "agent", reference, a.decide_complaint, contact=thanks, complaint=False, why="says thank you"
        )

    def reopened(self) -> Storyline:
        """Settled, came back, reopened: the first receipt stands."""
        reference, _, trouble = self._begun("handler2")
        yield DAY
        self._introduced(reference, "handler2")
        yield 4 * DAY
        self._proposed(reference, trouble, "handler2")
        yield DAY
        self._answered(reference, accepted=True, handler="handler2")
        yield 3 * DAY
        self.play.send("handler2", reference, a.reopen, why="The fault came back on Friday.")

    def out_of_office(self) -> Storyline:
        """The acknowledgement is answered by a machine, which is logged and never answered."""
        person, trouble = self.cast.person(), self.cast.trouble()
        reference = self._first_mail(person, trouble)
        yield HOUR
        self.play.answer_mail(
            reference, person.name, person.email, "I am away until Monday.", Auto_Submitted="auto-replied"
        )
        yield 5 * HOUR
        self._sorted(reference, person)

    def points_at_a_case(self) -> Storyline:
        """Somebody writes from another address with a reference in the text: held for a person, joined to nothing."""
        stranger = self.cast.person()
        known = self.play.provider.cases.filter(is_open=True).order_by("pk").first()
        assert known is not None
        self.play.mail(
            stranger.name, stranger.email, f"About {known.reference}",
            f"I am writing for my neighbour about {known.reference}. She has no computer. When will somebody ring her?",
        )  # fmt: skip
        yield DAY

    def a_larger_business(self) -> Storyline:
        """Forty people work there: the code's promises run, no ADR clock does, and the case says why."""
        person, trouble = self.cast.person(), self.cast.trouble()
        reference = self._first_mail(person, trouble)
        known = person.known(self.play, kind="larger-business")
        counted = replace(known, headcount=40, counted_how="told by the office manager on the telephone")
        self.play.knows(reference, counted)
        self._decided(reference, complaint=True, why="unhappy with the service, and wants an answer")
        self.play.do("agent", reference, a.assign, handler=self.play.people["handler2"])
        yield DAY
        self._introduced(reference, "handler2")

    def waits_on_a_supplier(self, chase: timedelta) -> Storyline:
        """The network is asked for a repair, with the day on which we ask again; the customer is told."""
        reference, _, _ = self._begun()
        yield 3 * HOUR
        self._introduced(reference)
        again = in_london(self.play.at_work(self.play.now + chase)).replace(hour=12, minute=0, second=0)
        number = f"NW-{self.cast.random.randint(410000, 489999)}"
        self.play.do(
            "handler", reference, a.ask_supplier, supplier="Northline Networks", chase=again, words=w.ASKED, number=number
        )  # fmt: skip
        self._updated(reference)

    def over_the_limit(self) -> Storyline:
        """A handler offers more than a handler may alone: nothing leaves before somebody decides."""
        reference, _, trouble = self._begun("handler2")
        yield 4 * HOUR
        self._introduced(reference, "handler2")
        yield DAY
        self._proposed(reference, trouble, "handler2", more=15_000)

    def higher_today(self) -> Storyline:
        """The first answer was refused, and whoever fills the next role of the code has not taken the case yet."""
        reference, _, trouble = self._begun()
        yield 4 * HOUR
        self._introduced(reference)
        yield DAY
        self._proposed(reference, trouble)
        yield 20 * HOUR
        self._answered(reference, accepted=False)
        self._escalated(reference)

    def wrote_twice(self) -> Storyline:
        """The customer writes twice about one trouble, the second time as if for the first: the two cases become one."""
        reference, person, trouble = self._begun()
        yield 5 * HOUR
        self._introduced(reference)
        yield DAY
        again = self.play.mail(person.name, person.email, trouble.subject, w.AGAIN)
        assert again is not None
        yield HOUR
        self.play.knows(again, person.known(self.play))
        self.play.link("agent", again, person.name)
        self._decided(again, complaint=True, why="the same trouble, written anew")
        self.play.merge("handler", reference, again, why="the same account, and the same trouble")

    def a_time_kept(self) -> Storyline:
        """A contact time that was agreed and kept."""
        reference, person, _ = self._begun("handler2")
        yield 2 * HOUR
        self._introduced(reference, "handler2")
        starts = self._agreed(reference, person, self.play.now + DAY, "handler2", 11)
        yield starts + HOUR - self.play.now
        for time in self.play.case(reference).appointments:
            self.play.do("handler2", reference, a.settle_time, appointment=time.id, how="kept")

    def _agreed(self, reference: str, person: Person, day: datetime, handler: str, hour: int) -> datetime:
        """A time at which the handler rings: on this day, or on the next working day that is still ahead."""
        while True:
            starts = in_london(self.play.at_work(day)).replace(hour=hour, minute=0, second=0, microsecond=0)
            if starts > self.play.now + HOUR:
                break
            day += DAY
        self.play.send(
            handler, reference, a.agree_time, starts=starts, ends=starts + HOUR, number=person.phone,
            person=self.play.people[handler].id,
        )  # fmt: skip
        return starts

    def agreed_time(self, ahead: timedelta, handler: str = "handler", hour: int = 14) -> Storyline:
        """A contact time agreed for so long after the end of the play, and a promise that stands still until then."""
        reference, person, _ = self._begun(handler)
        yield 2 * HOUR
        self._introduced(reference, handler)
        self._agreed(reference, person, (self.play.until or self.play.now) + ahead, handler, hour)
        yield HOUR
        for promise in self.play.runs(reference)[:1]:
            self.play.do(
                handler, reference, a.pause, clock=promise.id,
                why="waiting for the customer's speed tests, promised for Friday",
            )  # fmt: skip

    def just_come_in(self) -> Storyline:
        """A mail that nobody has looked at yet."""
        person, trouble = self.cast.person(), self.cast.trouble()
        self._first_mail(person, trouble)
        yield DAY

    def sorted_today(self, handler: str = "handler") -> Storyline:
        """A mail that has a handler, and nothing more so far. Left alone, its promises break and its day comes."""
        person, trouble = self.cast.person(), self.cast.trouble()
        reference = self._first_mail(person, trouble)
        yield HOUR
        self._sorted(reference, person, handler)
