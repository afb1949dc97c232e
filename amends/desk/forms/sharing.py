"""Forms by which work is shared: a rule of assignment, account managers, an absence, a handover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import NATIONS
from amends.core.formats import Format
from amends.core.kinds import CaseKind
from amends.desk.assigning import ANY
from amends.desk.forms.fields import House, Words, needed
from amends.desk.forms.posting import day_box
from amends.desk.rules import NewRule

People = Sequence[tuple[str, str]]
Choices = list[tuple[str, Any]]


def _choice(label: Any, choices: Choices, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("Any")), *choices], **more)


class RuleForm(House):
    """A rule of assignment."""

    kind = _choice(_("Kind of case"), [])
    category = _choice(
        _("Category"), [], help_text=_("Nobody has sorted a case that has just come: such a rule waits until somebody has.")
    )  # fmt: skip
    stage_role = _choice(
        _("Stage"), [], help_text=_("With a stage, the rule also moves a case that climbs to it.")
    )
    nation = _choice(_("Nation of the code"), list(NATIONS.items()))
    need = _choice(
        _("Format that the customer needs"),
        [(ANY, _("Any but standard print")), *((str(x), str(x)) for x in Format if x is not Format.STANDARD)],
    )
    hours = _choice(_("When it comes"), [("in", _("Within working hours")), ("out", _("Outside them"))])
    account_manager = forms.BooleanField(
        label=_("Give it to the customer’s account manager"), required=False,
        help_text=_("Fits only where the customer has one."),
    )  # fmt: skip
    people = forms.MultipleChoiceField(
        label=_("Give it to"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Of several, to whoever has the fewest open cases. Who is away is passed over. With a stage and nobody "
            "chosen here: to whoever fills that role of the code."
        ),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, people: People, categories: Iterable[str], stages: Iterable[str]
    ) -> None:
        super().__init__(data)
        kinds = [(str(k) or "complaint", (str(k) or "complaint").capitalize()) for k in CaseKind]
        for name, choices in (
            ("kind", kinds), ("category", [(c, c) for c in categories]), ("stage_role", [(s, s) for s in stages]),
        ):  # fmt: skip
            self._offer(name, [("", _("Any")), *choices])
        self._offer("people", list(people))

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Somebody must get the case."""
        said = super().clean() or self.cleaned_data
        named = said.get("people") or said.get("account_manager") or said.get("stage_role")
        if not self.errors and not named:
            self.add_error("people", _("Choose who gets it."))
        return said

    @property
    def rule(self) -> NewRule:
        """The rule that was written."""
        return NewRule(**self.cleaned_data)


class AccountManagers(House):
    """Who looks after which account: one a line."""

    lines = Words(
        label=_("Account, then who looks after it, one a line"), required=False, rows=6, max_length=200_000,
        help_text=_("As in “A-1001, hana”: the number of the account, a comma, the name by which they sign in."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, known: str = "", people: dict[str, int]) -> None:
        super().__init__(data, initial={"lines": known})
        self._people, self.wanted = people, dict[str, int]()

    def clean_lines(self) -> str:
        """Every line that is wrong is told by its number."""
        text: str = self.cleaned_data["lines"]
        wrong = []
        for number, line in enumerate(text.splitlines(), 1):
            account, comma, name = (part.strip() for part in line.partition(","))
            person = self._people.get(name.casefold())
            if not line.strip():
                continue
            if not comma or not account or len(account) > 100 or person is None or account in self.wanted:
                wrong.append(
                    _("Line %(n)s: give an account that stands once, and somebody who works here.")
                    % {"n": number}
                )
            else:
                self.wanted[account] = person
        if wrong:
            raise ValidationError(wrong[:10])
        return text


class CodeRoles(House):
    """Who fills each role that the code names for its stages."""

    def __init__(
        self, data: Any = None, *, roles: Iterable[str], people: People, known: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__(data)
        self._roles = dict(enumerate(roles))
        for number, role in self._roles.items():
            self.fields[f"role-{number}"] = forms.MultipleChoiceField(
                label=role, required=False, widget=forms.CheckboxSelectMultiple, choices=list(people),
                initial=list(known.get(role.casefold(), ())),
            )  # fmt: skip

    @property
    def wanted(self) -> dict[str, list[str]]:
        """Who was chosen, by role."""
        return {role: self.cleaned_data[f"role-{number}"] for number, role in self._roles.items()}


class AbsenceForm(House):
    """When somebody is away."""

    person = forms.ChoiceField(label=_("Who"), error_messages=needed(_("Choose a person.")))
    since = day_box(label=_("First day"), error_messages=needed(_("Give the first day.")))
    until = day_box(label=_("Last day"), required=False, help_text=_("Empty where nobody knows yet."))

    def __init__(self, data: Any = None, *, people: People) -> None:
        super().__init__(data)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *people]


class HandoverForm(House):
    """To whom somebody's cases go."""

    to = forms.MultipleChoiceField(
        label=_("To whom"), widget=forms.CheckboxSelectMultiple, error_messages=needed(_("Choose one or more people.")),
        help_text=_("Of several, each case goes to whoever has the fewest open ones."),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why"), max_length=100, required=False,
        help_text=_("As in “on leave until Friday 4 December”. It stands on each case.")
    )  # fmt: skip

    def __init__(self, data: Any = None, *, people: People, why: str = "") -> None:
        super().__init__(data, initial={"why": why})
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(people)
