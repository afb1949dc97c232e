"""The filters of the list of cases, kept in its address: whoever has the address sees the same list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import DAY, midnight
from amends.core.case import State
from amends.core.formats import Format
from amends.core.kinds import CaseKind
from amends.desk import categories
from amends.desk.actions import Actor
from amends.desk.figures import FIGURES, GROUPS, Figure
from amends.desk.forms.fields import House
from amends.desk.models import CaseTally
from amends.desk.reports import value_said

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CHANNELS: Final = ("email", "phone", "form", "letter", "webchat", "fax")
NOBODY: Final = "nobody"
NONE: Final = "none"
YEARS: Final = range(1990, 2200)
"""Years in which somebody can have complained; whoever types another has mistyped."""
ANY: Final = ("", _("Any"))


def _day(label: _StrOrPromise) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _large(words: str) -> str:
    """Words with a large first letter, and the others as they are: "ADR letter sent"."""
    return words[:1].upper() + words[1:]


class Filters(House):
    """What a list of cases is narrowed to. An empty box narrows nothing; an unknown word is a mistake at its box."""

    judges_years = True

    show = forms.ChoiceField(
        label=_("Open or closed"), required=False,
        choices=[("open", _("Open")), ("closed", _("Closed")), ("all", _("Both"))],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("Where it stands"),
        required=False,
        choices=[ANY, *((str(s), _large(s)) for s in State)],
    )
    stage = forms.CharField(label=_("Who holds it: the stage"), required=False, max_length=100)
    handler = forms.ChoiceField(label=_("Handler"), required=False)
    channel = forms.ChoiceField(
        label=_("How it first came"), required=False, choices=[ANY, *((c, c.capitalize()) for c in CHANNELS)]
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    cause = forms.ChoiceField(label=_("Root cause"), required=False)
    need = forms.ChoiceField(label=_("Need"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of case"), required=False,
        choices=[ANY, *((k.slug, (str(k) or "complaint").capitalize()) for k in CaseKind)],
    )  # fmt: skip
    complaint = forms.ChoiceField(
        label=_("Was it a complaint?"), required=False,
        choices=[ANY, ("yes", _("Yes")), ("no", _("No")), ("undecided", _("Not yet decided"))],
    )  # fmt: skip
    received_from = _day(_("Received from"))
    received_to = _day(_("Received to"))
    due_from = _day(_("Due from"))
    due_to = _day(_("Due to"))

    def __init__(self, data: QueryDict, *, provider: str, colleagues: tuple[Actor, ...] = ()) -> None:
        super().__init__(data)
        lists = categories.lists(provider)
        self._choose("handler", [(NOBODY, _("Nobody yet")), *((c.id, c.name) for c in colleagues)])
        self._choose("category", [(NONE, _("Not sorted yet")), *((c, c) for c in lists.categories)])
        self._choose("cause", [(NONE, _("Not known yet")), *((c, c) for c in lists.causes)])
        self._choose("need", [(NONE, _("None recorded")), *((str(n), _large(n)) for n in Format if n)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        asked = self.data.get(name, "") if self.is_bound else ""
        # A word that has left the list, a colleague who has left the house: their cases are still there.
        known = {value for value, _said in choices}
        old = (
            [(asked, asked)]
            if asked.isprintable() and asked and asked not in known and len(asked) <= 100
            else []
        )
        field.choices = [ANY, *choices, *old]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said: dict[str, Any] = super().clean() or {}
        for name, words in (("received", _("received")), ("due", _("due"))):
            for end in (f"{name}_from", f"{name}_to"):
                if said.get(end) and said[end].year not in YEARS:
                    self.add_error(end, _("Give a year in which somebody can have complained."))
            first, last = said.get(f"{name}_from"), said.get(f"{name}_to")
            if first and last and last < first:
                self.add_error(
                    f"{name}_to",
                    _("The last day on which it was %(what)s lies before the first.") % {"what": words},
                )
        return said

    def narrow(self, rows: QuerySet[CaseTally]) -> QuerySet[CaseTally]:
        """The tallies that fit; what was not understood narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        # What a shut list of values holds is bound by equality, so that an index may serve it.
        if self.shows != "all":
            rows = rows.filter(is_open=self.shows == "open")
        for name in ("state", "channel"):
            rows = rows.filter(**{name: said[name]}) if said.get(name) else rows
        for name in ("category", "cause", "need"):
            if said.get(name):
                rows = rows.filter(**{name: "" if said[name] == NONE else said[name]})
        if said.get("stage"):
            rows = rows.filter(stage__icontains=said["stage"].replace("\0", ""))
        if said.get("handler"):
            rows = rows.filter(handler="" if said["handler"] == NOBODY else said["handler"])
        if said.get("kind"):
            rows = rows.filter(kind=next(str(k) for k in CaseKind if k.slug == said["kind"]))
        if said.get("complaint"):
            rows = rows.filter(_COMPLAINT[said["complaint"]])
        return rows.filter(_days("first_received", said, "received") & _days("next_due", said, "due"))

    @property
    def shows(self) -> str:
        """Open cases, unless closed ones or both are asked for."""
        return self.cleaned_data.get("show") or "open"

    @property
    def query(self) -> str:
        """The filters as an address carries them: what narrows something, in the order of the page."""
        said = {name: str(self.data.get(name, "")).strip() for name in self.fields}
        return urlencode({name: value for name, value in said.items() if value and "\0" not in value})

    @property
    def narrowing(self) -> list[tuple[str, str]]:
        """Which filters narrow the list, each with what it is set to, in words."""
        found = []
        for bound in self:
            value = self.cleaned_data.get(bound.name)
            if value and bound.name != "show":
                choices = dict(getattr(bound.field, "choices", ()))
                found.append((str(bound.label), str(choices.get(value, value))))
        return found


_COMPLAINT: Final = {
    "yes": Q(complaint=True),
    "no": Q(complaint=False),
    "undecided": Q(complaint__isnull=True),
}


def _days(column: str, said: dict[str, Any], name: str) -> Q:
    """A moment on these London days, both of them in."""
    first: date | None = said.get(f"{name}_from")
    last: date | None = said.get(f"{name}_to")
    found = Q()
    if first:
        found &= Q(**{f"{column}__gte": midnight(first)})
    if last:
        found &= Q(**{f"{column}__lt": midnight(last + DAY)})
    return found


class Behind:
    """The figure of a report whose cases an address asks for."""

    def __init__(self, figure: Figure, since: date, until: date, by: str, value: str) -> None:
        self.figure, self.since, self.until, self.by, self.value = figure, since, until, by, value

    @property
    def query(self) -> str:
        """The figure as an address carries it."""
        said = {"figure": self.figure.id, "since": self.since.isoformat(), "until": self.until.isoformat()}
        return urlencode({**said, "by": self.by, "is": self.value} if self.by else said)

    @property
    def value_said(self) -> str:
        """The line of the table that it is about, in words."""
        return value_said(GROUPS[self.by], self.value) if self.by else ""

    def narrow(self, rows: QuerySet[CaseTally], today: date) -> QuerySet[CaseTally]:
        """The cases behind the figure: what the report counts, by the same condition."""
        found = rows.filter(self.figure.where(self.since, self.until, today))
        return found.filter(**{self.by: self.value}) if self.by else found


def behind(said: QueryDict) -> Behind | None:
    """The figure that an address names; None where it names none, or says nonsense."""
    figure = FIGURES.get(said.get("figure", ""))
    try:
        since, until = (date.fromisoformat(said.get(name, "")) for name in ("since", "until"))
    except ValueError:
        return None
    by, value = said.get("by", ""), said.get("is", "")[:100]
    if {since.year, until.year} - set(YEARS):
        return None
    if figure is None or (by and by not in GROUPS) or "\0" in value:
        return None
    return Behind(figure, since, until, by, value)
