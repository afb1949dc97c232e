"""Forms for how a case ends or goes on: closing on its evidence, opening again, leaving out the ADR letter by two people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core import may
from amends.core.calendar import UnknownDay
from amends.core.facts import EVIDENCE
from amends.core.may import ADR_EXCEPTIONS, Refusal
from amends.desk import actions, lessons, second
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.deciding import BY_A_PERSON
from amends.desk.forms.fields import Words, needed
from amends.desk.forms.lessons import offer_causes

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

_EVIDENCE_SAID = {
    "customer confirmed": _("The customer has said that it is settled"),
    "ADR letter window run": _("The ADR letter was sent, and its window has run"),
    "scheme decision carried out": _("The scheme has decided, and we have carried it out"),
    "scheme decision not accepted": _("The scheme has decided, and the customer did not accept it"),
    "silence after notices": _("The customer has not answered, and the code’s notices were sent"),
    "not a complaint": _("It was found to be no complaint"),
}
_NEEDS_WORDS = frozenset({"customer confirmed", "scheme decision carried out"})


def evidence_open(matter: Matter, evidence: str) -> Refusal | None:
    """Why the case may not be closed on this evidence now; None where it may."""
    try:
        return may.close(matter.case, matter.book, evidence, matter.now, how=BY_A_PERSON, words="words")
    except UnknownDay as unknown:
        return Refusal(str(unknown), "A-why", "Load the newer bank holidays first.")


class Close(CaseForm):
    """The end of a case, on its evidence."""

    slug, label, group = "close", _("Close the case"), Group.DECIDE
    writes = True
    intro = _(
        "A case closes on evidence, never on silence alone. The customer is told, and how to open it again."
    )
    button, done = _("Close the case"), _("The case is closed.")

    evidence = forms.ChoiceField(
        label=_("On what evidence?"),
        widget=forms.RadioSelect,
        error_messages=needed(_("Choose the evidence.")),
    )
    words = Words(
        label=_("In words"), rows=4, required=False,
        help_text=_("What the customer said, when and how; or what the scheme decided and how it was carried out."),
    )  # fmt: skip

    cause = forms.ChoiceField(label=_("Root cause"), required=False)
    lesson = Words(
        label=_("What should be learned from it"), rows=3, required=False, max_length=lessons.LONGEST,
        help_text=_("It goes to the review list with its root cause. The customer does not see it."),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The kinds of evidence that there are now; and why the others are not."""
        offer_causes(self.fields["cause"], matter, _("As the case says"))
        # What the desk alone closes on, such as a copy that has left, is no choice of a person's.
        found = {e: evidence_open(matter, e) for e in EVIDENCE if e in _EVIDENCE_SAID}
        field = self.fields["evidence"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(e, _EVIDENCE_SAID[e]) for e, refusal in found.items() if refusal is None]
        self.closed_ways = [
            (_EVIDENCE_SAID[e], refusal) for e, refusal in found.items() if refusal is not None
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody's word must be written down."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("lesson", "").strip() and not (said.get("cause") or self.matter.case.cause):
            self.add_error("cause", ValidationError(_("A lesson has a root cause: choose it.")))
        if said.get("evidence") in _NEEDS_WORDS and not said.get("words", "").strip():
            self.add_error("words", ValidationError(_("Write down what was said or decided, when and how.")))
        return said

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The case must be open; its evidence is asked for in the form."""
        return may.act(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Close it."""
        said = self.cleaned_data
        how = BY_A_PERSON if said["evidence"] == "customer confirmed" else ""
        learned = self._learned(docket, hand, by, now)
        if learned is not None:
            return learned
        return actions.close(docket, hand, by, now, evidence=said["evidence"], how=how, words=said["words"])

    def _learned(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Note the lesson with its cause; the cause alone, where no lesson was written."""
        cause, lesson = self.cleaned_data["cause"] or hand.case.cause, self.cleaned_data["lesson"]
        if lesson.strip():
            return lessons.note(docket, hand, by, now, words=lesson, cause=cause)
        return actions.categorise(hand, by, now, category=hand.case.category, cause=cause)


class Reopen(CaseForm):
    """The case goes on."""

    slug, label, group = "reopen", _("Open the case again"), Group.DECIDE
    writes = True
    intro = _(
        "Its first receipt stands: no date starts again, and a letter whose day has passed leaves at once."
    )
    button, done = _("Open it again"), _("The case is open again.")

    why = Words(
        label=_("What the customer is not satisfied with"), rows=4,
        error_messages=needed(_("Write what the customer is not satisfied with.")),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """It must be closed."""
        return may.reopen(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Reopen it."""
        return actions.reopen(docket, hand, by, now, why=self.cleaned_data["why"])


class AskException(CaseForm):
    """No ADR letter for one who is covered: asked for by one person, agreed to by another."""

    slug, label, group = "adr-exception", _("Ask to leave out the ADR letter"), Group.DECIDE
    intro = _(
        "Only for a coded reason, and only when two people agree. You ask; a second person reads why and agrees or "
        "does not. Until then the letter stays due."
    )
    button, done = (
        _("Ask a second person to agree"),
        _("Asked. The letter stays due until a second person agrees."),
    )

    exception = forms.ChoiceField(
        label=_("For which reason"), widget=forms.RadioSelect, error_messages=needed(_("Choose the reason.")),
        choices=[(name, f"{name}: {means}".capitalize()) for name, means in ADR_EXCEPTIONS.items()],
    )  # fmt: skip
    why = Words(
        label=_("Why it holds here"), rows=4, error_messages=needed(_("Write why this reason holds here."))
    )

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The customer must be covered, and nobody else may be asking."""
        if matter.asked is not None:
            return Refusal("It has been asked for already", "R-09", "A second person agrees, or refuses.")
        if matter.case.adr_exception is not None:
            return Refusal("The ADR letter is left out already", "R-09", "Two people have agreed.")
        return may.except_adr(matter.case, matter.book, next(iter(ADR_EXCEPTIONS)), "one", "another", "why")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Ask: the words stand on the case as a note; `second` keeps the request itself."""
        said = self.cleaned_data
        return second.ask(hand, by, now, exception=said["exception"], why=said["why"])


class ConfirmException(CaseForm):
    """The second person's word on leaving out the ADR letter."""

    slug, label, group = "confirm-exception", _("Agree to leave out the ADR letter, or not"), Group.DECIDE
    button, done = _("Save my decision"), _("Your decision stands on the case.")

    agree = forms.ChoiceField(
        label=_("Do you agree that the reason holds here?"), widget=forms.RadioSelect,
        choices=[("yes", _("I agree: no ADR letter leaves")), ("no", _("I do not agree: the letter stays due"))],
        error_messages=needed(_("Say whether you agree.")),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Somebody else must have asked."""
        if matter.asked is None:
            return Refusal("Nobody has asked to leave out the ADR letter", "R-09", "Ask first.")
        if matter.asked[0] == matter.by.id:
            return Refusal(
                "You asked for it yourself: it takes two people", "R-09", "Ask a colleague to look at it."
            )
        return may.act(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Agree or refuse."""
        return second.decide(hand, by, now, agree=self.cleaned_data["agree"] == "yes")
