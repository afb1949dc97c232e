"""Forms of a mailbox: its servers, folders and limits, the application that opens it, and a letter to try it."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from amends.desk import mailboxes
from amends.desk.forms.fields import House, needed
from amends.desk.models import Mailbox

FIND, NONE, NAMED = "find", "none", "named"
_HOST: Final = re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}")


class Lines(forms.CharField):
    """Several words, one a line."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.Textarea(attrs={"rows": 2, "class": "short"}))
        super().__init__(required=False, max_length=5_000, **more)

    def prepare_value(self, value: Any) -> Any:
        """A list as the lines that people see."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The lines, without empty ones."""
        return [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]


class Host(forms.CharField):
    """The name of a server."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}))
        super().__init__(required=False, max_length=255, **more)

    def clean(self, value: Any) -> Any:
        """The name, which is no address of the web."""
        host = str(super().clean(value))
        if host and not _HOST.fullmatch(host):
            raise ValidationError(_("A name such as mail.example.net is needed, without https:// or spaces."))
        return host


def _password(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, strip=False, max_length=500,
        help_text=_("It is never shown."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class MailboxForm(House):
    """Everything that can be set about a mailbox."""

    address = forms.EmailField(
        label=_("Address"), max_length=320, error_messages=needed(_("Give the address.")),
        help_text=_("Mail to the same address with a plus, such as complaints+…@, must reach it too."),
    )  # fmt: skip
    from_name = forms.CharField(label=_("The name beside it on letters"), required=False, max_length=200)
    imap_host = Host(label=_("Server to read from (IMAP)"))
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    imap_tls = forms.TypedChoiceField(
        label=_("Line"), choices=[("yes", _("Encrypted (TLS)")), ("no", _("Open: only for this machine"))],
        coerce=lambda value: value == "yes", initial="yes",
    )  # fmt: skip
    imap_user = forms.CharField(label=_("Name to sign in with"), required=False, max_length=320)
    imap_password = _password(_("Password"))
    imap_folder = forms.CharField(label=_("Folder"), max_length=200, initial="INBOX")
    more_folders = Lines(label=_("Further folders, one a line"))
    junk = forms.ChoiceField(
        label=_("The junk folder"), widget=forms.RadioSelect, initial=FIND,
        choices=[
            (FIND, _("Read the one that the server marks as such")), (NAMED, _("Read this one:")),
            (NONE, _("Do not read it")),
        ],
    )  # fmt: skip
    junk_folder = forms.CharField(label=_("Name of the junk folder"), required=False, max_length=200)
    smtp_host = Host(label=_("Server to send through (SMTP)"))
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587)
    smtp_tls = forms.ChoiceField(
        label=_("Line"), initial="starttls",
        choices=[
            ("starttls", _("Encrypted (STARTTLS)")), ("tls", _("Encrypted from the start (TLS)")),
            ("none", _("Open: only for this machine")),
        ],
    )  # fmt: skip
    smtp_user = forms.CharField(label=_("Name to sign in with"), required=False, max_length=320)
    smtp_password = _password(_("Password"))
    token_in_return_path = forms.TypedChoiceField(
        label=_("Where reports on letters go"), coerce=lambda value: value == "yes", initial="yes",
        choices=[
            ("yes", _("To the address with the token of the case")),
            ("no", _("To the mailbox itself: Microsoft 365 and Google allow nothing else")),
        ],
    )  # fmt: skip
    silent_after_hours = forms.IntegerField(
        label=_("Hours of silence after which an alarm is raised"), min_value=1, max_value=10_000, initial=72
    )
    form_relays = Lines(label=_("Web forms that write for customers, one address a line"))
    own_lists = Lines(label=_("Groups that carry this mailbox, one List-Id a line"))

    def __init__(self, data: Any = None, *, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        start = {name: getattr(mailbox, name) for name in mailboxes.PLAIN}
        for name in ("imap_tls", "token_in_return_path"):
            start[name] = "yes" if start[name] else "no"
        start["junk"] = (NAMED if mailbox.junk_folder else FIND) if mailbox.reads_junk else NONE
        super().__init__(data, initial=start)
        for name in mailboxes.SECRETS:
            if getattr(mailbox, name):
                self.fields[name].help_text = _("One is kept. Empty: it stays as it is. It is never shown.")

    def clean(self) -> dict[str, Any]:
        """The settings as the mailbox has them."""
        said: dict[str, Any] = super().clean() or {}
        junk = said.get("junk")
        said["reads_junk"] = junk != NONE
        if junk == NAMED and not said.get("junk_folder", "").strip():
            self.add_error("junk_folder", ValidationError(_("Give the name of the folder.")))
        if junk != NAMED:
            said["junk_folder"] = ""
        self._relays(said)
        if not self.errors:
            for name, words in mailboxes.mistakes(self.mailbox, said).items():
                self.add_error(name, ValidationError(words))
        return said

    def _relays(self, said: dict[str, Any]) -> None:
        for address in said.get("form_relays", ()):
            try:
                validate_email(address)
            except ValidationError:
                self.add_error(
                    "form_relays",
                    ValidationError(_("%(address)s is no email address.") % {"address": address}),
                )


class ApplicationForm(House):
    """The application by which Microsoft 365 lets the desk in."""

    prefix = "application"
    tenant = forms.CharField(
        label=_("Organisation (tenant)"), max_length=100, error_messages=needed(_("Give the organisation.")),
        help_text=_("Its id, or a domain of it such as contoso.com."),
    )  # fmt: skip
    client_id = forms.CharField(
        label=_("Application (client) id"), max_length=300, error_messages=needed(_("Give the application."))
    )
    client_secret = forms.CharField(
        label=_("Client secret"), strip=False, max_length=500, error_messages=needed(_("Give its secret.")),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
