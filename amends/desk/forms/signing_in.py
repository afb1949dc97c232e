"""The form of the sign-in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, needed


class SignIn(House):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name"), max_length=150, error_messages=needed(_("Give the name by which you sign in.")),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=1000, error_messages=needed(_("Give your password.")),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
