"""Copies of personal data that were made for the people whom they are about."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class DataBundleRow(models.Model):
    """A copy as it was made. Its zip is put together from what is kept already; erasing any of its cases empties it."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="bundles")
    """The request for it."""
    cases: models.ManyToManyField[CaseRow, Any] = models.ManyToManyField(CaseRow, related_name="+")
    """Everything that it was made from."""
    number = models.PositiveIntegerField()
    """Which copy of its request it is: 1, 2, 3 …"""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    page = models.BinaryField(null=True)
    told = models.BinaryField(null=True)
    """It as people read it, and as programs do. None once erased."""
    papers = models.JSONField(default=list)
    """Its documents in order: where each is kept, its name in the zip, its size and its SHA-256. Empty once erased."""
    taken_out = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "case", "number"], name="one_bundle_a_number"),
        ]

    def __str__(self) -> str:
        return f"copy {self.number} of {self.case_id}"
