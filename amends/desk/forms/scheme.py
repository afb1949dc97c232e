"""Forms for a dispute at a scheme: our case file, how the dispute ended, and the customer's answer to a decision."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.may import Refusal
from amends.desk import at_scheme, told_of_scheme
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Pence, Words, needed
from amends.desk.forms.sorting import day_as_moment

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NotThere(CaseForm):
    """The scheme knows nothing of what the customer told us."""

    slug, label, group = (
        "not-at-scheme",
        _("The scheme does not have what the customer told us"),
        Group.DECIDE,
    )
    intro = _(
        "The customer reads in the portal that the scheme does not have it, and can tell us again with its number."
    )
    button, done = _("Write it down"), _("It stands on the case, and the customer reads it.")

    words = Words(
        label=_("How that is known"), rows=2, help_text=_("Whom you asked at the scheme, and on which day."),
        error_messages=needed(_("Write how that is known.")),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """The customer must have told us, on closed cases too."""
        return told_of_scheme.waits(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        return told_of_scheme.not_found(hand, by, now, words=self.cleaned_data["words"])


class FileDue(CaseForm):
    """By when the scheme wants our case file."""

    slug, label, group = "case-file-due", _("Say by when the scheme wants our case file"), Group.DECIDE
    intro = _(
        "The law names no day for it: the scheme's letter does. It stands in My day until the file has gone there."
    )
    done = _("The day stands on the case.")

    day = forms.DateField(
        label=_("The last day"), error_messages=needed(_("Give the last day.")), widget=_day()
    )
    words = Words(
        label=_("Where the scheme says so"), rows=2, help_text=_("Its letter of which day, or its website."),
        error_messages=needed(_("Write where the scheme says so.")),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """A scheme must have it, closed cases too."""
        return at_scheme.has_it(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        return at_scheme.file_due(hand, by, now, on=said["day"], words=said["words"])


class FileSent(CaseForm):
    """A case file went to the scheme."""

    slug, label, group = "case-file-sent", _("The case file went to the scheme"), Group.DECIDE
    button, done = _("Write it down"), _("It stands on the case when the file went.")

    number = forms.TypedChoiceField(
        label=_("Which file"), coerce=int, error_messages=needed(_("Choose the file."))
    )
    day = forms.DateField(label=_("On which day"), error_messages=needed(_("Give the day.")), widget=_day())
    how = Words(
        label=_("How it went"), rows=2, help_text=_("Uploaded to the scheme's website, sent by email, posted."),
        error_messages=needed(_("Write how it went.")),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The files that have not gone, the newest first."""
        field = self.fields["number"]
        assert isinstance(field, forms.TypedChoiceField)
        waits = [x for x in reversed(matter.case.case_files) if x.sent is None]
        field.choices = [(x.number, _("Case file %(number)s") % {"number": x.number}) for x in waits]
        field.initial = waits[0].number if waits else None
        self.fields["day"].initial = london_date(matter.now)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """A file must wait."""
        if any(x.sent is None for x in matter.case.case_files):
            return None
        return Refusal("No case file waits to go", "A-evidence", "Make the case file first.")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        made = next((x.made for x in hand.case.case_files if x.number == said["number"]), now)
        at = day_as_moment(said["day"], now)
        if said["day"] == london_date(made):
            # A day stands for its noon; a file that was made in the afternoon went after that.
            at = max(at, made)
        return at_scheme.file_sent(hand, by, now, number=said["number"], at=at, how=said["how"])


class Outcome(CaseForm):
    """How the dispute at the scheme ended."""

    slug, label, group = "scheme-outcome", _("Say how the scheme’s dispute ended"), Group.DECIDE
    intro = _(
        "A decision binds us once the customer accepts it: then each thing that it asks is owed, by the scheme’s own limit. "
        "What was agreed before a decision is owed from that day on."
    )
    button, done = _("Write it down"), _("The scheme’s outcome stands on the case.")

    outcome = forms.ChoiceField(
        label=_("How it ended"), widget=forms.RadioSelect, choices=[(o, o.capitalize()) for o in f.SCHEME_OUTCOMES],
        error_messages=needed(_("Say how it ended.")),
    )  # fmt: skip
    day = forms.DateField(label=_("On which day"), error_messages=needed(_("Give the day.")), widget=_day())
    number = forms.CharField(label=_("The scheme’s number of the decision"), required=False, max_length=60)
    award = Pence(label=_("What we were told to pay, in pounds"), required=False)
    asked = Words(
        label=_("What we were told to do besides"), rows=4, required=False,
        help_text=_("One thing a line, such as: Apologise in writing."),
    )  # fmt: skip
    words = Words(label=_("What was decided, and why"), rows=4, required=False)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """A scheme must have it."""
        if matter.case.referral is not None and matter.case.scheme_decision is None:
            return None
        return Refusal(
            "No scheme has it", "A-evidence", "Write down first that the customer went to a scheme."
        )

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        at = day_as_moment(said["day"], now)
        referral = hand.case.referral
        if referral is not None and london_date(referral.at) == said["day"]:
            at = max(at, referral.at)
        return at_scheme.decided(
            hand, by, now, outcome=said["outcome"], at=at, award_pence=said["award"], words=said["words"],
            number=said["number"], asked=said["asked"],
        )  # fmt: skip


class Correct(Outcome):
    """What was written of how the dispute ended was wrong."""

    slug, label = "scheme-correct", _("Correct how the scheme’s dispute ended")
    intro = _(
        "What stands is replaced, and stays in the story. What was owed by it and has not gone to billing is withdrawn; "
        "what is right is owed by the same rules, from the same answer of the customer."
    )
    button, done = _("Correct it"), _("The corrected outcome stands on the case, and its dates with it.")

    why = Words(
        label=_("What was wrong, and how that is known"),
        rows=3,
        error_messages=needed(_("Write what was wrong.")),
    )

    def prepare(self, matter: Matter) -> None:
        """What stands now."""
        stands = matter.case.scheme_decision
        if stands is not None:
            found = {
                "outcome": stands.outcome, "day": london_date(stands.at), "number": stands.number,
                "asked": stands.asked, "words": stands.words,
                "award": f"{stands.award_pence // 100}.{stands.award_pence % 100:02}" if stands.award_pence else "",
            }  # fmt: skip
            for name, value in found.items():
                self.fields[name].initial = value

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Something must stand to be corrected, on closed cases too."""
        return at_scheme.may_correct(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Correct it."""
        said, stands, referral = self.cleaned_data, hand.case.scheme_decision, hand.case.referral
        at = day_as_moment(said["day"], now)
        if stands is not None and london_date(stands.at) == said["day"]:
            at = stands.at
        elif referral is not None and london_date(referral.at) == said["day"]:
            at = max(at, referral.at)
        return at_scheme.correct(
            hand, by, now, outcome=said["outcome"], at=at, award_pence=said["award"] or 0, words=said["words"],
            number=said["number"], asked=said["asked"], why=said["why"],
        )  # fmt: skip


ANSWERS: Final = (
    ("accepted", _("accepted the decision")), ("refused", _("refused it")),
    ("not in time", _("did not answer in time")),
)  # fmt: skip
NOT_YET: Final = "not yet"


class CustomerSaid(CaseForm):
    """Whether the customer accepted the scheme's decision."""

    slug, label, group = (
        "scheme-answer",
        _("Say whether the customer accepted the scheme’s decision"),
        Group.DECIDE,
    )
    intro = _(
        "The customer tells the scheme, and the scheme tells us. From that day on our time to carry it out runs."
    )
    button, done = _("Write it down"), _("The customer’s answer stands on the case.")

    answer = forms.ChoiceField(
        label=_("The customer"), widget=forms.RadioSelect, choices=ANSWERS,
        error_messages=needed(_("Say what the customer answered.")),
    )  # fmt: skip
    day = forms.DateField(
        label=_("On which day"), error_messages=needed(_("Give the day.")), widget=_day(),
        help_text=_("The day on which the scheme had their answer, or on which their time was over."),
    )  # fmt: skip
    words = Words(
        label=_("How that is known"), rows=2, help_text=_("The scheme’s letter of which day, or its website."),
        error_messages=needed(_("Write how that is known.")),
    )  # fmt: skip

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """A decision must wait for it, on closed cases too."""
        return at_scheme.may_answer(matter.case)

    def moment(self, hand: CaseInHand, now: datetime) -> datetime:
        """The day as a moment: a day stands for its noon, and no answer came before its decision."""
        decision, day = hand.case.scheme_decision, self.cleaned_data["day"]
        at = day_as_moment(day, now)
        return max(at, decision.at) if decision is not None and london_date(decision.at) == day else at

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said, at = self.cleaned_data, self.moment(hand, now)
        return at_scheme.answered(hand, by, now, answer=said["answer"], at=at, words=said["words"])


class CorrectAnswer(CustomerSaid):
    """What was written of the customer's answer was wrong."""

    slug, label = "scheme-answer-correct", _("Correct the customer’s answer to the scheme’s decision")
    intro = _(
        "What stands is replaced, and stays in the story. What was owed by it and has not gone to billing is withdrawn; "
        "where the customer accepted, all that was decided is owed from the right day."
    )
    button, done = _("Correct it"), _("The corrected answer stands on the case, and its dates with it.")

    why = Words(
        label=_("What was wrong, and how that is known"),
        rows=3,
        error_messages=needed(_("Write what was wrong.")),
    )

    def prepare(self, matter: Matter) -> None:
        """What stands now; and that none has come, which needs no day and no source."""
        answers = self.fields["answer"]
        assert isinstance(answers, forms.ChoiceField)
        answers.choices = [*ANSWERS, (NOT_YET, _("has not answered yet"))]
        stands = matter.case.scheme_answer
        if stands is not None:
            answers.initial, self.fields["words"].initial = stands.answer, stands.words
            self.fields["day"].initial = london_date(stands.at)

    def clean(self) -> dict[str, Any]:
        """Where no answer has come, none of its particulars are asked for."""
        said = super().clean() or {}
        if said.get("answer") == NOT_YET:
            for name in ("day", "words"):
                self.errors.pop(name, None)
        return said

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """An answer must stand, on closed cases too."""
        return at_scheme.may_correct_answer(matter.case)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Correct it."""
        said, was = self.cleaned_data, hand.case.scheme_answer
        if said["answer"] == NOT_YET:
            return at_scheme.correct_answer(hand, by, now, answer="", at=now, words="", why=said["why"])
        at = was.at if was is not None and london_date(was.at) == said["day"] else self.moment(hand, now)
        return at_scheme.correct_answer(
            hand, by, now, answer=said["answer"], at=at, words=said["words"], why=said["why"]
        )
