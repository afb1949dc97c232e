"""Outages: one incident for many cases, the cases that are linked to it, and what is done for all of them at once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class Outage(models.Model):
    """Something that is down for many customers (S-outage). It holds nothing of any one of them."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """Which outage of this provider it is: 1, 2, 3 …"""
    what = models.TextField()
    """What is down, as customers read it."""
    services = models.TextField(blank=True)
    areas = models.TextField(blank=True)
    numbers = models.TextField(blank=True)
    """What it reaches: services by name, places or beginnings of postcodes, numbers and ranges; one a line."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """When the service was there again; None while it is down."""
    said_by = models.TextField()
    """Who said so, and how."""
    supplier = models.TextField(blank=True)
    reference = models.TextField(blank=True)
    """The supplier's own reference of it."""
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    """When and by whom its end was written down."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="one_outage_a_number"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["provider", "since", "id"], condition=Q(until__isnull=True), name="outage_open"
            ),
        ]

    def __str__(self) -> str:
        return f"outage {self.number} of {self.provider_id}"


class OutageCase(models.Model):
    """A case that is linked to an outage: a hint, rebuilt from the facts with those of its case."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="in_outages")
    outage = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "outage", "id"], name="outage_cases")]

    def __str__(self) -> str:
        return f"case {self.case_id} in outage {self.outage}"


class OutageRun(models.Model):
    """One thing that somebody does for every case of an outage: an update, word of its end, or the refunds."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    outage = models.ForeignKey(Outage, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    """Which run of its outage it is: 1, 2, 3 …"""
    kind = models.CharField(max_length=10)
    """One of `outages.UPDATE`, `END` and `REFUND`."""
    words = models.TextField()
    by = models.CharField(max_length=64)
    name = models.TextField()
    role = models.CharField(max_length=20)
    """Who ordered it, and in which role: the limits of that role hold."""
    queued_at = models.DateTimeField()
    beyond_control = models.BooleanField(default=False)
    looked_at = models.TextField(blank=True)
    """What was looked at to say whether it lay beyond control (F-beyond-control); for refunds."""
    price_pence = models.PositiveIntegerField(null=True)
    """A month's price for whom the customers' book knows none; for refunds."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "outage", "number"], name="one_outage_run_a_number"),
        ]

    def __str__(self) -> str:
        return f"run {self.number} of outage {self.outage_id}"


class OutageTurn(models.Model):
    """One case of a run. It is done in the transaction that does it, so that whoever goes on does nothing twice."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(OutageRun, models.PROTECT, related_name="turns")
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="waiting")
    """`waiting`, `done` or `not done`."""
    result = models.TextField(blank=True)
    """What was done, or why nothing was."""
    pence = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "run", "case"], name="one_turn_a_case"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="outage_turn_waits")
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} of outage run {self.run_id}: {self.state}"
