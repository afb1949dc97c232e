"""The forms of the sign-in, and of what a person does about their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amends.desk.forms.fields import House, needed


def _password(label: Any, empty: Any, kind: str = "current-password", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=1000, error_messages=needed(empty),
        widget=forms.PasswordInput(attrs={"autocomplete": kind}), **more,
    )  # fmt: skip


class SignIn(House):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name"), max_length=150, error_messages=needed(_("Give the name by which you sign in.")),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = _password(_("Password"), _("Give your password."))


class Code(House):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"), max_length=20, error_messages=needed(_("Give the code.")),
        help_text=_("The six digits that your authenticator app shows now, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short-box", "spellcheck": "false"}
        ),
    )  # fmt: skip


class FirstCode(Code):
    """The first code of an authenticator app that is being set up."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].help_text = _("The six digits that the app shows now.")


class Passkey(House):
    """What a browser answers about a passkey; its script fills it in."""

    credential = forms.JSONField(
        widget=forms.HiddenInput, error_messages=needed(_("Your browser gave no passkey. Try again."))
    )

    def clean_credential(self) -> dict[str, Any]:
        """The answer, where it is one."""
        said = self.cleaned_data["credential"]
        if not isinstance(said, dict):
            raise forms.ValidationError(_("Your browser gave no passkey. Try again."))
        return said


class NewPasskey(Passkey):
    """A passkey that is being set up, with a name by which it is known again."""

    name = forms.CharField(
        label=_("What to call it"), max_length=60, error_messages=needed(_("Say what to call it.")),
        help_text=_("Such as “My phone” or “The blue key”."), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("name", "credential")


class Confirm(House):
    """The password once more, before something that a thief of the session would like."""

    password = _password(_("Password"), _("Give your password."))


class ChangePassword(House):
    """The password so far, and a new one twice."""

    current = _password(_("Password so far"), _("Give your password so far."))
    new = _password(
        _("New password"), _("Give a new password."), "new-password",
        help_text=_("At least 12 characters, and no common one. Three or four words that do not belong together are good."),
    )  # fmt: skip
    again = _password(_("New password again"), _("Give the new password a second time."), "new-password")

    def clean(self) -> dict[str, Any]:
        """The two are the same, and not what it was."""
        said = super().clean() or self.cleaned_data
        if said.get("new") and said.get("again") and said["new"] != said["again"]:
            self.add_error("again", _("This is not the same as the new password above."))
        elif said.get("new") and said.get("new") == said.get("current"):
            self.add_error("new", _("This is your password so far. Choose another."))
        return said
