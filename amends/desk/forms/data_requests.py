"""Forms for requests about personal data: make the month three, hand a copy out, answer, or turn down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core import data_answers
from amends.core.care import data, steps
from amends.core.data_answers import DONE, GROUNDS, GROUNDS_OF, IN_PART, REFUSED
from amends.core.data_requests import absolute, is_one
from amends.core.facts import DATA_EXTENSIONS
from amends.core.kinds import CaseKind
from amends.core.may import Refusal, act
from amends.desk import data_requests
from amends.desk.actions import Actor
from amends.desk.data_requests import Answered, HandedOut
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import Words, needed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket

_NONE = Refusal(
    "This is no request about personal data", "DP-03", "Open one from a new contact, if they make one."
)


class ExtendRequest(CaseForm):
    """Up to two months longer, with its reason, told within the first month."""

    slug, label, group = "data-longer", _("Take longer for a request about data"), Group.DATES
    writes = True
    intro = _(
        "The law gives one month, and two more where the request is complex or the person made many. They must hear so, "
        "with the reason, within the first month: this writes to them."
    )
    button, done = _("Take longer"), _("They are told why it takes longer, and by when it is answered.")

    because = forms.ChoiceField(
        label=_("On which ground of the law?"), widget=forms.RadioSelect, error_messages=needed(_("Choose the ground.")),
        choices=[(DATA_EXTENSIONS[0], _("It is complex")), (DATA_EXTENSIONS[1], _("They made many requests"))],
    )  # fmt: skip
    why = Words(
        label=_("Why, as they read it"), rows=4, error_messages=needed(_("Write why it takes longer."))
    )

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Once, in time, on such a request."""
        return data_answers.extend(matter.case, matter.book, matter.now, "-")

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Make it longer, and write."""
        said = self.cleaned_data
        return data_requests.extend(docket, hand, by, now, because=said["because"], why=said["why"])


class _Answering(CaseForm):
    """What is said of an answer: whether all of it is done, and on which ground and why where it is not."""

    how = forms.ChoiceField(
        label=_("What becomes of it?"), widget=forms.RadioSelect, error_messages=needed(_("Say what becomes of it."))
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=_("If not all of it is done: on which ground of the law?"),
        required=False,
        widget=forms.RadioSelect,
    )
    why = Words(
        label=_("The reasons, as they read them"), rows=5, required=False,
        help_text=_("Where not all of it is done. How to complain, and go to a court, stands in the letter by itself."),
    )  # fmt: skip
    words = Words(label=_("What else to write"), rows=4, required=False)

    def prepare(self, matter: Matter) -> None:
        """The answers and the grounds that this kind of request has."""
        how, ground = self.fields["how"], self.fields["ground"]
        assert isinstance(how, forms.ChoiceField)
        assert isinstance(ground, forms.ChoiceField)
        how.choices = [(way, words) for way, words in _HOW if way in self.answers(matter)]
        ground.choices = [(name, GROUNDS[name]) for name in GROUNDS_OF.get(matter.case.kind, ())]

    def answers(self, matter: Matter) -> tuple[str, ...]:
        """Which answers may be given."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """What is not done needs its ground and its reasons, and what is done has neither."""
        said: dict[str, Any] = super().clean() or {}
        how = said.get("how")
        if how in (IN_PART, REFUSED):
            if not said.get("ground"):
                self.add_error("ground", ValidationError(_("Choose the ground.")))
            if not said.get("why", "").strip():
                self.add_error("why", ValidationError(_("Write the reasons.")))
        elif how == DONE and said.get("why", "").strip():
            self.add_error(
                "why", ValidationError(_("All of it is done: write this under what else to write."))
            )
        return said

    @property
    def answered(self) -> Answered:
        """What was said."""
        said = self.cleaned_data
        ground = said["ground"] if said["how"] != DONE else ""
        return Answered(said["how"], ground, said["why"], said["words"])


_HOW = (
    (DONE, _("It is done as they asked")), (IN_PART, _("It is done in part")), (REFUSED, _("It is not done: turn it down")),
)  # fmt: skip


class AnswerRequest(_Answering):
    """The answer to a request about personal data, in writing, with its reasons and where one goes with them."""

    slug, label, group = "data-answer", _("Answer the request about data"), Group.DECIDE
    writes = True
    button, done = _("Answer"), _("The request is answered.")

    def answers(self, matter: Matter) -> tuple[str, ...]:
        """A copy is handed out, and answered with that; an objection to marketing is never turned down."""
        if matter.case.kind is CaseKind.DATA_ACCESS:
            return (REFUSED,)
        return (DONE,) if absolute(matter.case) else (DONE, IN_PART, REFUSED)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """There must be a request that is not answered."""
        if not is_one(matter.case):
            return _NONE
        over = Refusal("It is answered", "DP-03", "Nothing more is owed.")
        return act(matter.case) or (over if matter.case.data_answer else None)

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Answer it."""
        return data_requests.answer(docket, hand, by, now, self.answered)


class HandOut(_Answering):
    """A copy of personal data is handed out, once, to somebody of whom we know who they are."""

    slug, label, group = "hand-out", _("Hand out the copy of their data"), Group.DECIDE
    writes = True
    intro = _(
        "Through the portal they fetch it once, within 14 days. In the post somebody sends it: print the page, or put the "
        "zip on something that is encrypted. This answers their request."
    )
    button, done = _("Hand it out"), _("It is handed out, and the request is answered.")

    number = forms.TypedChoiceField(
        label=_("Which copy"), coerce=int, error_messages=needed(_("Choose the copy."))
    )
    way = forms.ChoiceField(
        label=_("How do they get it?"), widget=forms.RadioSelect, error_messages=needed(_("Say how they get it.")),
        choices=[("portal", _("In the portal, with their request")), ("post", _("In the post"))],
    )  # fmt: skip
    where = Words(
        label=_("In the post: to which address, and how"), rows=3, required=False,
        help_text=_("An address that was checked. Such as: 7 Mill Lane, as on the last bill; signed for."),
    )  # fmt: skip

    field_order = ("number", "way", "where", "how", "ground", "why", "words")

    def prepare(self, matter: Matter) -> None:
        """The newest copy, and how they wanted it."""
        super().prepare(matter)
        number = self.fields["number"]
        assert isinstance(number, forms.TypedChoiceField)
        number.choices = [(x.number, f"{_('Copy')} {x.number}") for x in matter.case.bundles[-1:]]
        if matter.case.bundles:
            number.initial = matter.case.bundles[-1].number
        self.fields["way"].initial = (
            "post" if steps.given(matter.case).get(data.SENT) == data.POST else "portal"
        )

    def answers(self, matter: Matter) -> tuple[str, ...]:
        """What is handed out is not refused."""
        return (DONE, IN_PART)

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """It must be made, and the person known."""
        newest = matter.case.bundles[-1].number if matter.case.bundles else 0
        return data_answers.hand_out(matter.case, newest, "portal")

    def clean(self) -> dict[str, Any]:
        """What goes in the post goes to an address."""
        said = super().clean()
        if said.get("way") == "post" and not said.get("where", "").strip():
            self.add_error("where", ValidationError(_("Write to which address it goes, and how.")))
        return said

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Hand it out."""
        said = self.cleaned_data
        out = HandedOut(said["number"], said["way"], self.answered, said["where"])
        return data_requests.hand_out(docket, hand, by, now, out)
