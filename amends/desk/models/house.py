"""What the desk keeps about itself: heartbeats, alarms, checkpoints, the audit, the manual clock, portal links."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class Heartbeat(models.Model):
    """When a part of the desk last did its round."""

    name = models.CharField(primary_key=True, max_length=100)
    at = models.DateTimeField()
    detail = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"


class Alarm(models.Model):
    """Something that a person must see, with the runbook's heading. It stands until it is cleared."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="alarms")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    """What it is about; the same thing twice is one alarm. It names its provider, case or letter, and nobody: it leaves
    the house, which the text does not."""
    text = models.TextField()
    runbook = models.CharField(max_length=100)
    raised = models.DateTimeField()
    cleared = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["provider", "raised"], condition=Q(cleared__isnull=True), name="alarm_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Checkpoint(models.Model):
    """The heads of the cases that grew since the checkpoint before it, linked to that one.

    Every case stands in one or more of them, so that a missing tail or a missing case is found; the work of
    making one is proportional to what changed.
    """

    seq = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    heads = models.TextField()
    """A line for each case in the order of ids: id, provider/reference, number of facts, head; tabs between."""
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"checkpoint {self.seq}: {self.cases} cases"


class ManualClock(models.Model):
    """The one row of the clock that commands set; its time never goes back."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)


class AuditEntry(models.Model):
    """Who did what to the desk itself: adopted a code, switched mail on, erased words, made a person."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    what = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "at"], name="audit_by_time")]

    def __str__(self) -> str:
        return f"{self.what} by {self.by}"


class AccessLink(models.Model):
    """A one-time link to one case, for a verified address. The token itself is not kept."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    address = models.TextField()
    made = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link to case {self.case_id}"


class PortalAttempt(models.Model):
    """Tries to open something by a code, counted in the database so that every process sees them."""

    key = models.CharField(primary_key=True, max_length=200)
    """A digest of what was tried, by whom or where."""
    first = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tries} tries"
