"""What a mailbox is opened by where passwords are not taken (OAuth 2), and its further folders."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from amends.desk.models.providers import Mailbox, Provider


class Flow(StrEnum):
    """How tokens are come by (RFC 6749)."""

    APPLICATION = "client credentials"
    """The program signs in as itself (4.4): an administrator has let it into this mailbox."""
    PERSON = "refresh token"
    """Somebody signed in once and agreed (4.1, RFC 8628); the token they left brings further ones (6)."""


def _is_sealed(column: str) -> models.Q:
    return models.Q((column, "")) | models.Q((f"{column}__startswith", "sealed:"))


class MailGrant(models.Model):
    """What lets the desk into a mailbox by OAuth 2. Every secret in it is sealed, or named like a password."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, primary_key=True, related_name="grant")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    service = models.CharField(max_length=20)
    """`microsoft`, `google` or `other`: whose addresses it began with."""
    flow = models.CharField(max_length=20)
    token_url = models.CharField(max_length=500)
    scope = models.CharField(max_length=1000, blank=True)
    client_id = models.CharField(max_length=300)
    client_secret = models.CharField(max_length=2000, blank=True)
    """As a password: `env:NAME`, `file:NAME` or `sealed:…`; a public client has none."""
    refresh_token = models.TextField(blank=True)
    access_token = models.TextField(blank=True)
    expires = models.DateTimeField(null=True)
    """When the access token is of no use any more."""
    private_network = models.BooleanField(default=False)
    """Whether the token server may stand in a private network."""
    agreed = models.DateTimeField(null=True)
    """When somebody signed in for it, or the application was entered."""
    renewing_until = models.DateTimeField(null=True)
    """Until when one process is asking for a new token and the others wait: two at once could undo each other."""
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    """When it is asked again, after an answer that was no token."""
    failing_since = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_is_sealed("refresh_token"),
                name="refresh_token_is_sealed",
            ),
            models.CheckConstraint(
                condition=_is_sealed("access_token"),
                name="access_token_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} of {self.mailbox_id}"


class MailFolder(models.Model):
    """A further folder of a mailbox, and where polling stands in it. A hint: without it the folder is looked at anew."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="folders", db_index=False)
    name = models.CharField(max_length=200)
    """As the server calls it."""
    junk = models.BooleanField(default=False)
    since = models.DateTimeField()
    """Before this nothing in it is fetched."""
    last_uid = models.CharField(max_length=64, blank=True)
    polled = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "name"], name="one_row_a_folder"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.mailbox_id}"
