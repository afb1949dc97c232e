"""Print batches: letters that a person prints together, in posting order, and posts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.post import Outgoing
from amends.desk.models.providers import Provider


class PrintBatch(models.Model):
    """Letters printed together. Its pages are put together from the letters' own documents: erasing one reaches it."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="batches", db_index=False)
    number = models.PositiveIntegerField()
    """Which of this provider's batches it is: 1, 2, 3 …"""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    both_sides = models.BooleanField(default=False)
    """Whether it is printed on both sides of a sheet: then no letter begins on the back of another."""
    pages = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    """Bytes of the PDF as it was made."""
    sha256 = models.CharField(max_length=64)
    """Of the PDF as it was made: printed again, it is the same, unless words have been erased since."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="one_batch_a_number"),
        ]

    def __str__(self) -> str:
        return f"batch {self.number} of {self.provider_id}"


class BatchedLetter(models.Model):
    """A letter's place in its batch. A letter is in one batch only: what was spoilt is printed again by itself."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(PrintBatch, models.PROTECT, related_name="letters")
    place = models.PositiveIntegerField()
    outgoing = models.OneToOneField(Outgoing, models.PROTECT, related_name="batched")
    pages = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the letter's document."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "batch", "place"], name="one_letter_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.place}"
