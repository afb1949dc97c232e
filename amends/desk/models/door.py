"""Keys by which a provider's own systems write customers into the book: hashed, narrowed to one thing, revocable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.providers import Provider


class DoorKey(models.Model):
    """A key of the sync door. Only its hash is kept; it writes customers and reads nothing."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    """Which system has it."""
    hash = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    used = models.DateTimeField(null=True)
    """The hour in which it was last used."""
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "name"], name="one_key_a_name"),
        ]

    def __str__(self) -> str:
        return f"key {self.name}"
