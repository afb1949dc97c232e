"""Forms about what we ask the customer: a question with its day, and what became of it (I-information)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import facts as f
from amends.core import may, questions, saying
from amends.core.may import Refusal
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter, first_words
from amends.desk.forms.fields import Words, needed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


class AskCustomer(CaseForm):
    """Something that we need from the customer."""

    slug, label, group = "ask-customer", _("Ask the customer for something"), Group.TALK
    writes = True
    intro = _(
        "What you need in order to look into it. The customer sees it in the portal with a box for the answer. If none "
        "comes by the day, the desk asks once more by itself. The law’s dates do not wait."
    )
    button, done = _("Send the question"), _("The question has been decided, and waits for its answer.")

    words = Words(
        label=_("What do you need from them?"), rows=5, error_messages=needed(_("Write what we need from the customer.")),
        help_text=_("Say why, and in what form you can take it. The day, and what happens if none comes, is added."),
    )  # fmt: skip
    answer_by = forms.DateField(
        label=_("By when?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=needed(_("Give the day by which we ask for an answer.")),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """Five working days, unless somebody names a day."""
        self.fields["answer_by"].initial = questions.usual_day(matter.now, matter.book)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a written way."""
        return may.act(matter.case) or may.write_to(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write and freeze it."""
        said = self.cleaned_data
        return actions.ask_customer(docket, hand, by, now, words=said["words"], answer_by=said["answer_by"])


class SettleQuestion(CaseForm):
    """What became of what we asked."""

    slug, label, group = "question", _("What became of our question"), Group.TALK
    button, done = _("Save"), _("It stands on the case what became of the question.")

    what = forms.ChoiceField(
        label=_("Which question"), widget=forms.RadioSelect, error_messages=needed(_("Choose the question."))
    )
    how = forms.ChoiceField(
        label=_("What became of it?"), widget=forms.RadioSelect, error_messages=needed(_("Say what became of it.")),
        choices=[
            (f.ANSWERED, _("The customer has answered it")),
            (f.NOT_YET, _("What they wrote does not answer it: we go on waiting")),
            (f.NOT_GIVEN, _("No answer came: we go on with what we have")),
            (f.NOT_NEEDED, _("We do not need it any more")),
        ],
    )  # fmt: skip
    contact = forms.ChoiceField(label=_("With which contact did they answer?"), required=False)
    words = Words(
        label=_("How do we go on?"), rows=3, required=False,
        help_text=_("Needed where no answer came, or none is needed any more. It is for colleagues."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """What is open, and what the customer said since it was asked."""
        waiting = questions.open_of(matter.case)
        what, contact = self.fields["what"], self.fields["contact"]
        assert isinstance(what, forms.ChoiceField)
        assert isinstance(contact, forms.ChoiceField)
        what.choices = [(q.id, first_words(q.words) or saying.moment(q.asked)) for q in waiting]
        if len(waiting) == 1:
            what.initial = waiting[0].id
        since = min((q.asked for q in waiting), default=matter.now)
        heard = [c for c in matter.case.contacts if c.inbound and not c.machine and c.logged > since]
        contact.choices = [("", _("None yet"))] + [
            (c.id, f"{saying.moment(c.at)}: {first_words(c.words or c.subject)}") for c in reversed(heard)
        ]
        if heard:
            contact.initial = heard[-1].id

    def clean(self) -> dict[str, Any]:
        """An answer is one of the customer's contacts."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("how") == f.ANSWERED and not said.get("contact"):
            self.add_error("contact", _("Choose the contact. Write a call down first, as a new contact."))
        return said

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """One must be open."""
        if questions.open_of(matter.case):
            return may.act(matter.case)
        return Refusal("The customer owes us no answer", questions.CLAUSE, "Ask them for something first.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        return actions.settle_question(
            hand,
            by,
            now,
            question=said["what"],
            how=said["how"],
            contact=said["contact"],
            words=said["words"],
        )
