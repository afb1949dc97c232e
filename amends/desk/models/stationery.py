"""What a provider's letters look like and say in its own words: letterheads and files of own words, in their versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.providers import Provider


class LetterheadVersion(models.Model):
    """A letterhead from a day on: logo, return address, signature. Never changed, only followed by another."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="letterheads", db_index=False)
    position = models.PositiveIntegerField()
    """Which of this provider's letterheads it is: 1, 2, 3 …"""
    since = models.DateField()
    """The London date of the first letters that bear it."""
    logo = models.BinaryField(default=b"")
    """A PNG or an SVG that `logo.judged` has let through; empty where there is none."""
    logo_type = models.CharField(max_length=20, blank=True)
    address = models.TextField(blank=True)
    """Where undelivered letters go back to, one line per line; empty for the address of the code."""
    signature = models.CharField(max_length=100, blank=True)
    """Who signs a letter that no handler signs."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "position"], name="one_letterhead_a_position"),
        ]

    def __str__(self) -> str:
        return f"letterhead {self.position} of {self.provider_id}"


class AdoptedWords(models.Model):
    """One version of a provider's own words for its letters, with the very text. Never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="words", db_index=False)
    position = models.PositiveIntegerField()
    """Which adoption of this provider's it was: 1, 2, 3 …"""
    words = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    text = models.TextField()
    in_force_from = models.DateField()
    """The London date of the first letters that say them."""
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "fingerprint"], name="one_row_a_version_of_words"),
            models.UniqueConstraint(fields=["provider", "position"], name="one_adoption_of_words_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.words} {self.version}"
