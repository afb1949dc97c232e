"""What a provider learns from its complaints: lessons with their root causes, owners, days, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class Lesson(models.Model):
    """What somebody learned on a case, until it is decided what changes by it. Its words are erased with the case."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="lessons")
    number = models.PositiveIntegerField()
    """Which lesson of its case it is: 1, 2, 3 …"""
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=64)
    cause = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    owner = models.CharField(max_length=64, blank=True)
    """The id of the person who sees to it; empty while nobody does."""
    review_on = models.DateField(null=True)
    """The London day by which they have looked at it."""
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "case", "number"], name="one_lesson_a_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "-decided_at", "id"], name="lesson_decided"),
            models.Index(
                fields=["provider", "review_on", "id"],
                condition=Q(decided_at__isnull=True),
                name="lesson_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"lesson {self.number} of case {self.case_id}"
