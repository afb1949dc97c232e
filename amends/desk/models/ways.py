"""How the alarms of a provider leave the house, and which of them each way has told."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from amends.desk.models.house import Alarm
from amends.desk.models.providers import Provider


class By(StrEnum):
    """By what an alarm leaves the house."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    PING = "ping"
    """No alarm: a call while the desk lives. Whoever is called raises the alarm when the calls stop."""


class AlarmWay(models.Model):
    """One address that the alarms of a provider, and those of the whole desk, are told to."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="alarm_ways")
    by = models.CharField(max_length=10)
    target = models.CharField(max_length=500)
    """An address of mail or of the web; `env:NAME` where the web address is itself a secret."""
    secret = models.CharField(max_length=200, blank=True)
    """What signs a webhook's calls: `env:NAME` or `file:NAME`, as `home.password` reads it."""
    private_network = models.BooleanField(default=False)
    """Whether the address may lie in a private network."""
    created = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    """When it may be used next: after a call that arrived, a claim, or a try that failed."""
    tries = models.PositiveIntegerField(default=0)
    """Tries that failed since the last one that arrived."""
    failing_since = models.DateTimeField(null=True)
    last_told = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "by", "target"], name="one_row_a_way"),
        ]

    def __str__(self) -> str:
        return f"{self.by} of {self.provider_id}"


class AlarmTold(models.Model):
    """That a way has told an alarm, and which standing of it: one that is raised anew is told anew."""

    id = models.BigAutoField(primary_key=True)
    way = models.ForeignKey(AlarmWay, models.CASCADE, related_name="told")
    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="+")
    raised = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["way", "alarm"], name="one_row_an_alarm_told"),
        ]

    def __str__(self) -> str:
        return f"alarm {self.alarm_id} by way {self.way_id}"
