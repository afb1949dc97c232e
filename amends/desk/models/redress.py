"""Money that customers get: what is owed and where it stands, batches that went to billing, and who signed what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class AwardRow(models.Model):
    """One sum that is owed to a customer, with where it stands. Only `record` writes it; all of it can be rebuilt."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.CASCADE, related_name="money")
    award = models.CharField(max_length=10)
    number = models.CharField(max_length=80)
    """What billing knows it by: see `awards.Award.number`."""
    kind = models.CharField(max_length=20)
    basis = models.CharField(max_length=40)
    clause = models.CharField(max_length=100)
    pence = models.PositiveBigIntegerField()
    stands = models.CharField(max_length=20)
    owed = models.DateTimeField()
    pay_by = models.DateField(null=True)
    """The last London date on which it is in time; None where it cannot be worked out."""
    since = models.DateTimeField()
    """Since when it stands as it does."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "case", "award"], name="one_row_an_award"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "stands", "pay_by", "id"], name="money_by_day"),
            models.Index(fields=["provider", "number"], name="money_by_number"),
        ]

    def __str__(self) -> str:
        return self.number


class BillingBatch(models.Model):
    """Sums that were handed over to billing together. Never changed: asked for again, it names the same sums."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """Which of this provider's batches it is: 1, 2, 3 …"""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    """A person's id, or the name of the billing system that fetched it."""
    pence = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of its manifest: each number with its pence, a line each."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="one_billing_batch_a_number"),
        ]

    def __str__(self) -> str:
        return f"billing batch {self.number} of {self.provider_id}"


class BilledAward(models.Model):
    """A sum's place in its batch. The database lets no number be in two of them."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(BillingBatch, models.PROTECT, related_name="awards")
    place = models.PositiveIntegerField()
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+")
    award = models.CharField(max_length=10)
    number = models.CharField(max_length=80)
    pence = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="one_batch_a_sum"),
            models.UniqueConstraint(fields=["provider", "batch", "place"], name="one_sum_a_place"),
        ]

    def __str__(self) -> str:
        return self.number


class CompensationSignature(models.Model):
    """That a provider signed the voluntary code of automatic compensation, from a day on, until a day inclusive."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "since"], name="one_signature_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} signed from {self.since}"
