"""Forms about lessons: noting one on a case, giving it to somebody, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core.may import Refusal
from amends.desk import categories, lessons
from amends.desk.actions import Actor
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.forms.fields import House, Words, needed

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand, Docket


def offer_causes(field: forms.Field, matter: Matter, empty: Any) -> None:
    """Let a box offer the provider's root causes, what stands on the case being chosen."""
    assert isinstance(field, forms.ChoiceField)
    known = dict.fromkeys((*categories.lists(matter.case.provider).causes, matter.case.cause))
    field.choices = [("", empty), *((cause, cause) for cause in known if cause)]
    field.initial = matter.case.cause


class NoteLesson(CaseForm):
    """What was learned on a case."""

    slug, label, group = "lesson", _("Write down what should be learned from it"), Group.DECIDE
    intro = _(
        "It goes to the review list of those who answer for the code, who say what changes. The customer does not see it."
    )
    button, done = _("Write it down"), _("It stands on the case and on the list of lessons.")

    cause = forms.ChoiceField(label=_("Root cause"), error_messages=needed(_("Choose the root cause.")))
    words = Words(
        label=_("What should change"), rows=4, max_length=lessons.LONGEST,
        help_text=_("Such as: outage texts should name the street. Without names, if you can."),
        error_messages=needed(_("Write what should change.")),
    )  # fmt: skip

    def prepare(self, matter: Matter) -> None:
        """The provider's own causes."""
        offer_causes(self.fields["cause"], matter, _("Choose"))

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """On closed cases too: much is learned at the end."""
        return None

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Write it down."""
        said = self.cleaned_data
        return lessons.note(docket, hand, by, now, words=said["words"], cause=said["cause"])


class Give(House):
    """Who sees to a lesson, and by when."""

    owner = forms.ChoiceField(label=_("Who sees to it"), error_messages=needed(_("Choose somebody.")))
    review_on = forms.DateField(
        label=_("By which day"), error_messages=needed(_("Give the day.")),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, owners: Mapping[str, str], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *owners.items()]


class Decide(House):
    """What was decided about a lesson."""

    decision = Words(
        label=_("What was decided"), rows=4, max_length=lessons.LONGEST,
        help_text=_("What changes, from when, or why nothing does."),
        error_messages=needed(_("Write what was decided.")),
    )  # fmt: skip
