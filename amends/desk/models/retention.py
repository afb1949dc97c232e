"""How long words are kept: what a provider chose, and where each case that ended stands on the way to being erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class RetentionRule(models.Model):
    """That a provider has the words of its ended cases erased by themselves, and after how long. No row: it does not."""

    provider = models.OneToOneField(Provider, models.CASCADE, primary_key=True, related_name="retention")
    months = models.PositiveSmallIntegerField()
    """Months after a case closed."""
    since = models.DateTimeField()
    by = models.CharField(max_length=64)
    looked = models.DateTimeField(null=True)
    """When every ended case had last been looked at; None until the first time is over."""

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.months} months"


class Keeping(models.TextChoices):
    """Where an ended case stands on the way to being erased."""

    KEPT = "kept"
    """Its own facts keep it; they are looked at again on the day."""
    HELD = "held"
    """A person holds it, for a reason; on the day they are asked again."""
    ANNOUNCED = "announced"
    """Its words go on the day, unless somebody holds it before."""
    ERASED = "erased"


class Retention(models.Model):
    """Where one ended case stands. Cases that have not come to their day have none."""

    case = models.OneToOneField(CaseRow, models.CASCADE, primary_key=True, related_name="retention")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=Keeping.choices)
    closed = models.DateField(null=True)
    """The London day of the closing that this was worked out for: a case closed again is looked at anew."""
    day = models.DateField(null=True)
    """When it is looked at again, asked about again or erased, as its state says. A London day."""
    why = models.TextField(blank=True)
    by = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "state", "day", "case"], name="retention_list"),
            models.Index(
                fields=["state", "day"],
                condition=models.Q(state__in=["kept", "announced"]),
                name="retention_due",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id}: {self.state}"
