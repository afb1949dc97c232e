"""What every form that does something to a case has in common: it knows the case it was shown for, and does one action."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.core import may
from amends.core.case import Case
from amends.core.clocks import Clock, Kind, clocks
from amends.core.may import Refusal
from amends.core.rulebook import Rulebook
from amends.desk.access import WORKS_ON_CASES
from amends.desk.actions import Actor
from amends.desk.forms.fields import House
from amends.desk.models import RoleName
from amends.desk.stage_roles import Filled

if TYPE_CHECKING:
    from amends.desk.merging import Near
    from amends.desk.record import CaseInHand, Docket


class Group(StrEnum):
    """Under which heading of a case an action stands."""

    TALK = "Talk to the customer"
    DECIDE = "Find out and decide"
    KEEP = "Keep the case"
    TOGETHER = "Other cases"
    DATES = "Dates"


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as a form is shown for it, and who would act."""

    case: Case
    book: Rulebook
    by: Actor
    now: datetime
    facts: int = 0
    """How many facts the case had when the form was shown."""
    colleagues: tuple[Actor, ...] = ()
    """Who works on cases here."""
    asked: tuple[str, str, str] | None = None
    """An ADR exception that waits for a second person: who asked (id), which exception, why."""
    near: tuple[Near, ...] = ()
    """Cases that may be about the same matter, for forms that suggest them."""
    filled: Filled = field(default_factory=dict)
    """Who fills the roles that the code names."""


class CaseForm(House):
    """One thing that a person may do to a case."""

    do_not_call_in_templates: ClassVar = True
    """A template names the kind of form; it never makes one."""
    slug: ClassVar[str]
    label: ClassVar[Any]
    """How the action is called, on the case and over its form."""
    intro: ClassVar[Any] = ""
    button: ClassVar[Any] = _("Save")
    group: ClassVar[Group]
    roles: ClassVar[frozenset[RoleName]] = WORKS_ON_CASES
    done: ClassVar[Any] = _("Saved.")
    writes: ClassVar[bool] = False
    """Whether a letter may leave with it, which is then shown before it is sent."""
    suggests: ClassVar[bool] = False
    """Whether it asks for another case, and shows those that are near."""
    reckons: ClassVar[bool] = False
    """Whether it works out a sum, which is then shown before it is kept."""

    facts = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, matter: Matter, start: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, files, initial={"facts": matter.facts, **(start or {})})
        self.matter = matter
        self.prepare(matter)

    def prepare(self, matter: Matter) -> None:
        """Fill in what the case offers to choose from."""

    @classmethod
    def lets_in(cls, matter: Matter) -> bool:
        """Whether the person may take the action here though their role alone does not let them."""
        return False

    @classmethod
    def refused(cls, matter: Matter) -> Refusal | None:
        """Why the action may not be taken now, whatever is filled in; None where it may."""
        return may.act(matter.case)

    def beside(self) -> str:
        """The reference of another case that is locked with this one; empty for what one case alone is about."""
        return ""

    def do(self, docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
        """Take the action with what was filled in."""
        raise NotImplementedError


def promises_running(matter: Matter, *, paused: bool) -> list[Clock]:
    """The provider's own promises that run, or that stand still."""
    found = clocks(matter.case, matter.book)
    return [c for c in found if c.kind is Kind.PROMISE and c.running and c.paused is paused]


def first_words(words: str, limit: int = 80) -> str:
    """The beginning of some words, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
