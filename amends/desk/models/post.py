"""What comes in and what goes out: kept messages, frozen letters, their documents, and files of customers."""

from __future__ import annotations

import uuid
from enum import IntEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Mailbox, Provider


class KeptMessage(models.Model):
    """A message as it came, kept before anybody looks at it. States: kept, filed, machine, held, quarantined, duplicate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="+", db_index=False)
    kept_at = models.DateTimeField()
    received = models.DateTimeField()
    """The mail server's own record of when it came, never the sender's Date."""
    message_id = models.CharField(max_length=500, blank=True)
    content_hash = models.CharField(max_length=64)
    junk = models.BooleanField(default=False)
    """Whether it lay in the junk folder when it was fetched."""
    sender = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    size = models.PositiveIntegerField()
    raw = models.BinaryField()
    state = models.CharField(max_length=20, default="kept")
    tries = models.PositiveSmallIntegerField(default=0)
    """How often the worker tried to file it and the database refused."""
    try_after = models.DateTimeField(null=True)
    """When it is tried again, after a try that failed."""
    reason = models.TextField(blank=True)
    case = models.ForeignKey(CaseRow, models.PROTECT, null=True, related_name="messages")
    contact = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "message_id", "content_hash"],
                condition=Q(state="filed"),
                name="one_filing_a_message",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "content_hash"], name="message_content"),
            models.Index(fields=["provider", "state", "received"], name="message_queue"),
            models.Index(fields=["kept_at"], condition=Q(state="kept"), name="message_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class Lane(IntEnum):
    """In which order mail leaves: a thousand notices never hold up a letter of the law.

    What is decided in one tick leaves lane by lane, not in the order in which it was decided; within a lane the oldest
    of each provider goes first.
    """

    LAW = 0
    ACKNOWLEDGEMENT = 1
    REPLY = 2
    BULK = 3


class Outgoing(models.Model):
    """A letter whose words were frozen when it was decided. Only `record` makes it; `outbox` claims and settles.

    States: held, ready, claimed, to post, sent, posted, failed, in doubt, bounced, returned, withdrawn.
    """

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="outgoing")
    key = models.CharField(max_length=100)
    letter = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    to = models.TextField()
    format = models.CharField(max_length=40, blank=True)
    """The format that the customer needed when it was decided: one of `formats.Format`, empty for the standard one."""
    subject = models.TextField(blank=True)
    words = models.JSONField()
    """The letter in its blocks: what HTML, text and PDF are made of."""
    text = models.TextField()
    html = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    """The salted digest of the frozen words, as the fact of the decision carries it."""
    message_id = models.CharField(max_length=200)
    """Made once: a letter that goes again carries the same."""
    lane = models.PositiveSmallIntegerField(default=Lane.REPLY)
    state = models.CharField(max_length=12)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    post_by = models.DateField(null=True)
    """The London date by which one that goes by post must be posted, as it stood when it was decided."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_letter_a_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "id"], name="outgoing_newest"),
            # Conditions by equality: SQLite takes a partial index for no list of states that a query binds.
            # The provider before the time: a batch is dealt out among all who wait, by one probe for each.
            models.Index(
                fields=["lane", "provider", "not_before", "id"],
                condition=Q(state="ready"),
                name="outgoing_ready",
            ),
            models.Index(fields=["lease_until"], condition=Q(state="claimed"), name="outgoing_claimed"),
            models.Index(
                fields=["lane", "not_before", "id"],
                condition=Q(state="ready") & ~Q(format=""),
                name="outgoing_in_format",
            ),
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state="ready") & Q(letter="copy-of-code"),
                name="outgoing_copies",
            ),
            models.Index(
                fields=["provider", "lane", "post_by", "id"],
                condition=Q(state="to post"),
                name="outgoing_to_post",
            ),
            models.Index(
                fields=["state", "provider", "decided_at"],
                condition=Q(state="held")
                | Q(state="to post")
                | Q(state="in doubt")
                | Q(state="failed")
                | Q(state="bounced")
                | Q(state="returned"),
                name="outgoing_for_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Document(models.Model):
    """Bytes of a letter that were made once, before it was claimed, and kept, such as its PDF."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="documents", null=True)
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="documents", null=True)
    format = models.CharField(max_length=40)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "outgoing", "format"], name="one_document_a_format"),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.outgoing_id}"


class Upload(models.Model):
    """A file that came with a contact: shown as a download only, with a media type that cannot run."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="uploads")
    contact = models.CharField(max_length=64)
    name = models.TextField()
    media_type = models.CharField(max_length=100)
    content = models.BinaryField(null=True)
    """None since it was erased."""
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file {self.id} of case {self.case_id}"
