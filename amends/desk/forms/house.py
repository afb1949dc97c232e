"""Forms for the provider's own pages: people, roles, the scheme."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, needed
from amends.desk.models import RoleName

ROLES_SAID = (
    (str(RoleName.AGENT), _("Agent: takes calls and mail")),
    (str(RoleName.HANDLER), _("Handler: owns cases")),
    (str(RoleName.MANAGER), _("Manager: decides escalations and deadlock")),
    (str(RoleName.DIRECTOR), _("Director: the last step of the path")),
    (str(RoleName.COMPLIANCE), _("Compliance: the code, reports, evidence")),
    (str(RoleName.ADMINISTRATOR), _("Administrator: people and settings, no cases")),
    (str(RoleName.AUDITOR), _("Auditor: reads, changes nothing")),
)


class Direct(House):
    """A role, with the direct details at work that customers are given."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES_SAID, error_messages=needed(_("Choose a role.")))
    phone = forms.CharField(
        label=_("Direct phone"),
        required=False,
        max_length=40,
        help_text=_("Customers are given it in letters."),
    )
    email = forms.EmailField(label=_("Direct email"), required=False, max_length=320)

    def __init__(self, data: Any = None, *, gives: Collection[RoleName], **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role, words) for role, words in ROLES_SAID if role in gives]


class NewPerson(Direct):
    """Somebody new."""

    username = forms.CharField(
        label=_("Name to sign in with"), max_length=150, error_messages=needed(_("Give a name to sign in with.")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("What they are called"), max_length=150, error_messages=needed(_("Say what they are called.")),
        help_text=_("As customers will read it."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("First password"), strip=False, max_length=1000, error_messages=needed(_("Give a first password.")),
        help_text=_("At least 12 characters, and no common one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    field_order = ("username", "name", "password", "role", "phone", "email")


class GiveRole(Direct):
    """One more role for somebody who works here."""

    person = forms.ChoiceField(label=_("Who"), error_messages=needed(_("Choose a person.")))
    field_order = ("person", "role", "phone", "email")

    def __init__(
        self, data: Any = None, *, people: list[tuple[str, str]], gives: Collection[RoleName]
    ) -> None:
        # Two forms of this page have a role each: their boxes need names of their own.
        super().__init__(data, prefix="give", gives=gives)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people


class SchemeSince(House):
    """Which approved scheme the provider belongs to, since when."""

    scheme = forms.ChoiceField(
        label=_("Scheme"), widget=forms.RadioSelect, error_messages=needed(_("Choose the scheme."))
    )
    since = forms.DateField(
        label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=needed(_("Give the day of joining.")), help_text=_("As the scheme’s own list of members shows it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, schemes: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = schemes


class SignInRulesForm(House):
    """What the provider asks of whoever signs in."""

    roles = forms.MultipleChoiceField(
        label=_("Who needs a second factor"), choices=ROLES_SAID, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has none yet is led to set one up at their next page, and reaches nothing before."),
    )  # fmt: skip
    idle_minutes = forms.IntegerField(
        label=_("Signed out after so many minutes without a page"), min_value=5, max_value=720,
        error_messages=needed(_("Give a number of minutes.")),
        widget=forms.NumberInput(attrs={"class": "short-box"}), help_text=_("From 5 to 720."),
    )  # fmt: skip


class SignOnOf(House):
    """Who a person is at the provider's identity provider."""

    email = forms.EmailField(
        label=_("Their address there"), required=False, max_length=320,
        help_text=_("Whoever first comes with it, verified by the identity provider, is this person from then on."),
    )  # fmt: skip
    subject = forms.CharField(
        label=_("Or their id there"), required=False, max_length=255,
        help_text=_("The “sub” of their account. After a refused try it stands in the log of sign-ins."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        said = super().clean() or self.cleaned_data
        if not self.errors and not said.get("email") and not said.get("subject"):
            self.add_error("email", _("Give their address or their id at the identity provider."))
        return said
