"""A provider, its codes in their versions, its schemes, its mailboxes and the people who work for it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class Mail(StrEnum):
    """What becomes of a provider's outgoing mail."""

    OFF = "off"
    """Nothing leaves: decided letters are held."""
    FOLDER = "folder"
    """Written into the desk's own folder."""
    LIVE = "live"
    """Sent by SMTP."""


class Provider(models.Model):
    """A company, with its outgoing mail off until somebody switches it on."""

    slug = models.SlugField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)
    mail = models.CharField(max_length=10, default=Mail.OFF)
    accent = models.CharField(max_length=20, default="#1b4f72")
    created = models.DateTimeField()
    warn_before_hours = models.PositiveSmallIntegerField(default=0)
    """How long before a promise falls due an alarm tells of it; 0 tells of none."""

    rules_version = models.CharField(max_length=16, blank=True)
    """Drawn anew whenever its rules of assignment change; empty while it has none, so that nobody asks for them."""

    def __str__(self) -> str:
        return self.name


class AdoptedCode(models.Model):
    """One version of a code that a provider has put in force, with the very text. Never changed, never deleted."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="codes")
    code = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    title = models.TextField()
    fingerprint = models.CharField(max_length=64)
    text = models.TextField()
    in_force_from = models.DateField(null=True)
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=64)
    as_published = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    """Which adoption of this provider's it was: 1, 2, 3 …"""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "fingerprint"], name="one_row_a_version"),
            models.UniqueConstraint(fields=["provider", "position"], name="one_adoption_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class SchemeMembership(models.Model):
    """Which approved scheme a provider belongs to, from a day on, until a day inclusive."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="memberships")
    scheme = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "since"], name="one_scheme_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.scheme} since {self.since}"


class Mailbox(models.Model):
    """An address at which a provider hears and from which it writes. Passwords are named, never kept here."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="mailboxes")
    address = models.EmailField(max_length=320)
    from_name = models.CharField(max_length=200, blank=True)
    imap_host = models.CharField(max_length=255, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_tls = models.BooleanField(default=True)
    imap_user = models.CharField(max_length=320, blank=True)
    imap_password = models.CharField(max_length=2000, blank=True)
    """`env:NAME`, `file:NAME` or `sealed:…`, as `home.password` reads it."""
    imap_folder = models.CharField(max_length=200, default="INBOX")
    more_folders = models.JSONField(default=list)
    """Names of further folders that are read, such as those into which rules move mail."""
    reads_junk = models.BooleanField(default=True)
    junk_folder = models.CharField(max_length=200, blank=True)
    """Its name; empty for the one that the server itself marks as such (RFC 6154)."""
    smtp_host = models.CharField(max_length=255, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_tls = models.CharField(max_length=10, default="starttls")
    """`starttls`, `tls` or `none`; `none` is for loopback."""
    smtp_user = models.CharField(max_length=320, blank=True)
    smtp_password = models.CharField(max_length=2000, blank=True)
    form_relays = models.JSONField(default=list)
    """Addresses of web forms that write on behalf of the customer in Reply-To."""
    own_lists = models.JSONField(default=list)
    """The List-Ids of groups that carry this mailbox: what comes through them was written to us, by people."""
    token_in_return_path = models.BooleanField(default=True)
    """Whether reports on a letter go to its own address with the token; not where a server lets an account send as itself
    alone (Microsoft 365, Google): they then find the letter by its Message-ID."""
    inside = models.BooleanField(default=True)
    """Whether its servers may stand on this machine or in a private network: whoever types commands here said so.

    What is set in the console leads outside alone, for there nobody must reach what only this machine should."""
    created = models.DateTimeField(null=True)
    """When it was set up; None for one older than this column, which counts from its provider's beginning."""
    fetch_from = models.DateField(null=True)
    """The first day from which mail is fetched, where somebody has said one."""
    polled = models.DateTimeField(null=True)
    """When the last poll that came to its end began."""
    last_heard = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    last_uid = models.CharField(max_length=64, blank=True)
    """Where polling stands in the mailbox: UIDVALIDITY and the last UID taken in."""
    silent_after_hours = models.PositiveIntegerField(default=72)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "address"], name="one_row_a_mailbox"),
        ]

    def __str__(self) -> str:
        return self.address


class RoleName(StrEnum):
    """What a person does at a provider; what each may do stands in `access`."""

    AGENT = "agent"
    HANDLER = "handler"
    MANAGER = "manager"
    DIRECTOR = "director"
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Role(models.Model):
    """A person at a provider. One person may have several roles there, and roles at several providers."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=320, blank=True)
    """Direct details at work, as customers are given them."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "provider", "role"], name="one_row_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.provider_id}"
