"""What a provider has arranged among its people: how much each role may decide alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.providers import Provider


class Limit(models.Model):
    """How much a role may do of one thing before a second person has to agree. No row: as much as it likes."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20)
    what = models.CharField(max_length=20)
    """One of `limits.What`, which says in which unit the amount counts."""
    amount = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "role", "what"], name="one_limit_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.provider_id}: {self.what} up to {self.amount}"
