"""The storylines in which one side asks: we for what we need, readers for the code, people about their data."""

from __future__ import annotations

from datetime import timedelta

from amends.core import facts as f
from amends.desk import actions as a
from amends.desk import comments, copying
from amends.desk.actions import CopyWanted, NewContact
from amends.desk.comments import Said
from amends.desk.demo import words as w
from amends.desk.demo.play import PlayRefused, Storyline, accepted
from amends.desk.demo.plots import DAY, HOUR, Plots
from amends.desk.models import CodeComment


class Asking(Plots):
    """Questions of either side, on one stage with a cast of their own."""

    def _asked_the_customer(self, words: str) -> str:
        reference, _, _ = self._begun()
        self._introduced(reference)
        self.play.send("handler", reference, a.ask_customer, words=words)
        return reference

    def waits_for_an_answer(self) -> Storyline:
        """The handler needs something to look into it, and no answer has come so far: after its day the desk asks again."""
        self._asked_the_customer(w.WANTED[0])
        yield DAY

    def answers_by_mail(self, looked_at: timedelta) -> Storyline:
        """The customer answers by mail; after so long somebody has read it, and says that it answers the question."""
        person, trouble = self.cast.person(), self.cast.trouble()
        reference = self._first_mail(person, trouble)
        self._sorted(reference, person)
        self._introduced(reference)
        self.play.send("handler", reference, a.ask_customer, words=w.WANTED[1])
        yield DAY
        self.play.answer_mail(reference, person.name, person.email, w.GIVEN)
        yield looked_at
        case = self.play.case(reference)
        self.play.do(
            "handler", reference, a.settle_question, question=case.questions[0].id, how=f.ANSWERED,
            contact=case.contacts[-1].id,
        )  # fmt: skip
        yield DAY
        self._proposed(reference, trouble)
        yield DAY
        self._answered(reference, accepted=True)

    def asks_for_the_code(self, channel: str, wanted: str = "") -> Storyline:
        """Somebody rings and would like to read the code: a copy, free of charge, in the format that they need."""
        yield timedelta(minutes=30)
        person = self.cast.person()
        contact = NewContact("phone", self.play.now, w.COPY_WANTED, sender=person.phone)
        copying.open_case(
            self.play.provider, contact, person.known(self.play), CopyWanted(channel, wanted), self.play.people["agent"],
            self.play.now,
        )  # fmt: skip

    def comments_on_the_code(self, words: str, decision: str = "") -> Storyline:
        """A reader leaves a comment on the code; with a decision, the compliance officer has considered it."""
        person = self.cast.person()
        code = self.play.provider.codes.get()
        left = comments.leave(self.play.provider, code, Said(words, name=person.name), self.play.now)
        if not isinstance(left, CodeComment):
            raise PlayRefused(str(left))
        yield 2 * DAY
        if decision:
            by = self.play.people["compliance"].id
            accepted(comments.consider(left, decision=decision, by=by, now=self.play.now))

    def about_their_data(self) -> Storyline:
        """A complaint that is also about personal data: its own clock runs beside the complaint's (DP-01)."""
        person = self.cast.person()
        subject, text = w.DATA_COMPLAINT
        reference = self.play.mail(person.name, person.email, subject, f"{text}\n\n{person.name}")
        assert reference is not None
        yield HOUR
        self._sorted(reference, person)
        contact = self.play.case(reference).contacts[0].id
        self.play.do(
            "handler", reference, a.find_personal_data, concerned=True, contact=contact,
            why="their bill was sent to somebody else",
        )  # fmt: skip
        self._introduced(reference)
        yield 3 * DAY
        self._updated(reference)
