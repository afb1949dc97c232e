"""The mail services that take no passwords any more: where their servers and their token servers stand, and what to ask for.

Microsoft 365, from "Authenticate an IMAP, POP or SMTP connection using OAuth" (learn.microsoft.com, Exchange client
developer documentation): scopes IMAP.AccessAsUser.All and SMTP.Send with offline_access for a person, `.default` of
outlook.office365.com for an application with IMAP.AccessAsApp and SMTP.SendAsApp; it offers XOAUTH2. Google, from "OAuth 2.0
Mechanism" (developers.google.com/workspace/gmail/imap) and "OAuth 2.0 for Mobile & Desktop Apps": the one scope
https://mail.google.com/, which its flow for devices does not allow, and `access_type=offline` for a refresh token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

MICROSOFT, GOOGLE, OTHER = "microsoft", "google", "other"
_TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,100}")


@dataclass(frozen=True, slots=True)
class Service:
    """A mail service: its token server, what is asked for there, and its mail servers."""

    name: str
    token_url: str = ""
    authorize_url: str = ""
    device_url: str = ""
    """Empty where a device may not ask for mail."""
    scope: str = ""
    """What a person is asked to agree to."""
    application_scope: str = ""
    """What an application asks for as itself; empty where none can."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """What else its page of agreement wants to be told."""
    imap: tuple[str, int] = ("", 993)
    smtp: tuple[str, int] = ("", 587)
    sends_as_itself_alone: bool = False
    """Whether an account may name no other address than its own as the sender of a mail."""

    def at(self, tenant: str) -> Service:
        """The service as one organisation finds it. Raises ValueError for what is no tenant."""
        if "{tenant}" not in self.token_url:
            return self
        if not _TENANT.fullmatch(tenant):
            raise ValueError(f"{tenant!r} is no tenant: give its id, or a domain of it such as contoso.com")
        filled = {
            name: getattr(self, name).replace("{tenant}", tenant)
            for name in ("token_url", "authorize_url", "device_url")
        }
        return replace(self, **filled)


_LOGIN: Final = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"

SERVICES: Final = {
    MICROSOFT: Service(
        MICROSOFT, f"{_LOGIN}/token", f"{_LOGIN}/authorize", f"{_LOGIN}/devicecode",
        scope=(
            "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
        ),
        application_scope="https://outlook.office365.com/.default",
        imap=("outlook.office365.com", 993), smtp=("smtp.office365.com", 587), sends_as_itself_alone=True,
    ),
    GOOGLE: Service(
        GOOGLE, "https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/v2/auth",
        scope="https://mail.google.com/", extra={"access_type": "offline", "prompt": "consent"},
        imap=("imap.gmail.com", 993), smtp=("smtp.gmail.com", 587), sends_as_itself_alone=True,
    ),
    OTHER: Service(OTHER),
}  # fmt: skip
