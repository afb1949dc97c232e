"""Chats while they are going on: who writes, line by line, and who of the provider is there for them.

A chat that is over is a contact on a case; what is kept here is erased together with that case.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class ChatState(StrEnum):
    """Where a chat stands."""

    WAITING = "waiting"
    """Nobody of the provider holds it."""
    TAKEN = "taken"
    OVER = "over"
    """It is a contact on a case now; nobody writes any more."""


class Writer(StrEnum):
    """Who wrote a line."""

    CUSTOMER = "customer"
    PERSON = "person"
    """Somebody of the provider."""
    DESK = "desk"


class Chat(models.Model):
    """One chat of one browser. Its lines are kept one by one: nothing is lost with a browser or a server."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    token_hash = models.CharField(max_length=64, unique=True)
    """The digest of what the customer's browser keeps; that itself is not kept here."""
    opened = models.DateTimeField()
    """When the customer's first words came."""
    state = models.CharField(max_length=10, default=ChatState.WAITING)
    over = models.BooleanField(default=False)
    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    proved = models.ForeignKey(CaseRow, models.PROTECT, null=True, related_name="+")
    """The case that this browser had open in the portal when the chat began; the chat joins it."""
    address = models.TextField(blank=True)
    """Where the link went by which that case was opened; empty where the access code opened it."""
    person = models.CharField(max_length=64, blank=True)
    """Who of the provider holds it, by the id that facts use."""
    person_name = models.TextField(blank=True)
    taken = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)
    latest = models.DateTimeField()
    """When the last line came."""
    latest_by = models.CharField(max_length=10)
    """Who wrote the last line that was not the desk's own."""
    customer_seen = models.DateTimeField()
    """When the customer's browser last asked for new words; kept to half a minute."""
    customer_left = models.BooleanField(default=False)
    """Whether the customer has ended it."""
    draft = models.TextField(blank=True)
    """What the person who holds it has typed and not sent, so that it survives their browser."""
    ended = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=40, blank=True)
    case = models.ForeignKey(CaseRow, models.PROTECT, null=True, related_name="chats")
    contact = models.CharField(max_length=64, blank=True)
    opened_case = models.BooleanField(default=False)
    """Whether the case began with this chat, so that whoever holds the chat may be told its access code."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "opened", "id"], condition=Q(over=False), name="chat_going_on"),
            models.Index(fields=["latest", "id"], condition=Q(over=False), name="chat_gone_quiet"),
        ]

    def __str__(self) -> str:
        return f"chat {self.id} {self.state}"


class ChatLine(models.Model):
    """What somebody wrote in a chat, on disk before anybody is shown it as sent."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    chat = models.ForeignKey(Chat, models.PROTECT, related_name="said", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    writer = models.CharField(max_length=10)
    by = models.CharField(max_length=64, blank=True)
    name = models.TextField(blank=True)
    words = models.TextField(blank=True)
    """Empty since they were erased: a line is never empty when it is written."""
    nonce = models.CharField(max_length=64, blank=True)
    """Which filled-in box it came from: sent twice, it is one line."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat", "seq"], name="one_line_a_place"),
            models.UniqueConstraint(fields=["chat", "nonce"], condition=~Q(nonce=""), name="one_line_a_box"),
        ]

    def __str__(self) -> str:
        return f"{self.chat_id}/{self.seq} {self.writer}"


class ChatPresence(models.Model):
    """Whether a person of a provider is there for chats, and when their browser last said so."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    here = models.BooleanField(default=False)
    seen = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "person"], name="one_presence_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {'there' if self.here else 'away'}"
