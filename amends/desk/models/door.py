"""Keys by which a provider's own systems come in: hashed, each narrowed to one door, revocable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.desk.models.providers import Provider


class Door(models.TextChoices):
    """What a key opens: one door, and no other."""

    CUSTOMERS = "customers", _("Customers: writes the customers’ book, reads nothing")
    BILLING = "billing", _("Billing: fetches what is owed to customers, and says what became of it")


class DoorKey(models.Model):
    """A key of one system to one door. Only its hash is kept."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    """Which system has it."""
    opens = models.CharField(max_length=20, choices=Door.choices, default=Door.CUSTOMERS)
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
