"""The rules by which a provider moves numbers: rows that nobody changes, and that end on a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.providers import Provider


class PortRule(models.Model):
    """Whether numbers that begin so move, which way, and with which other provider (N-port-out, N-port-deals)."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    start = models.CharField(max_length=15)
    """The digits with which they begin, in international form without the plus."""
    moves = models.BooleanField()
    why = models.TextField(blank=True)
    """The technical reason where they do not move; else the agreement, if there is one."""
    way = models.CharField(max_length=20, blank=True)
    """A `care.porting.Way`; empty for both."""
    partner = models.CharField(max_length=200, blank=True)
    """The other provider; empty for any."""
    since = models.DateField()
    until = models.DateField(null=True)
    """From which London day it holds no longer; None while it stands."""
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "start"], name="port_rule_by_start")]

    def __str__(self) -> str:
        return f"porting rule {self.pk}"

    @property
    def beginning(self) -> str:
        """How the numbers begin, as people here dial them: "0845…", and "+1212…" for those abroad."""
        return f"0{self.start[2:]}…" if self.start.startswith("44") else f"+{self.start}…"
