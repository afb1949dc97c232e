"""What a provider has arranged among its people: limits, who gets a new case, who is away, and what was handed over."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from amends.desk.models.cases import CaseRow
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


class AssignmentRule(models.Model):
    """Who gets a case of this sort: the first rule in its provider's order that fits, and has somebody there, decides."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveIntegerField()
    """Its place in the order, from 1; after a change some numbers may be left out."""
    kind = models.CharField(max_length=40, blank=True)
    """What the case was opened as; empty for anything but a mere copy of the code."""
    category = models.CharField(max_length=60, blank=True)
    stage_role = models.TextField(blank=True)
    """Who holds the case on the code's path; empty for any, and then for new cases only."""
    nation = models.CharField(max_length=30, blank=True)
    need = models.CharField(max_length=40, blank=True)
    """The format that the customer needs; `any` for whoever needs one."""
    hours = models.CharField(max_length=10, blank=True)
    """`in` or `out`: for cases that come within the code's working hours, or outside them."""
    account_manager = models.BooleanField(default=False)
    """For customers who have an account manager, and then to that person."""
    people = models.JSONField(default=list)
    """The ids of the people among whom it goes to whoever has the fewest open cases."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "place"], name="rule_in_order")]

    def __str__(self) -> str:
        return f"rule {self.place} of {self.provider_id}"


class AccountManager(models.Model):
    """Who looks after a customer, by the number of their account (F-contact)."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=100)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "account"], name="one_manager_an_account"),
        ]

    def __str__(self) -> str:
        return f"account {self.account} of {self.provider_id}"


class StageHolder(models.Model):
    """Somebody who fills a role that the code names for one of its stages."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=200)
    """As the code writes it."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "role", "person"], name="once_behind_a_role"),
        ]

    def __str__(self) -> str:
        return f"somebody behind {self.role} of {self.provider_id}"


class Absence(models.Model):
    """When a person is away, as London days with both included; no last day: until somebody says that they are back."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    """When somebody said that it is over, or never was."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "ended_at", "since"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"absence {self.pk} at {self.provider_id}"


class HandedOver(models.Model):
    """A case that went from somebody to a deputy, so that it can go back."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+")
    from_person = models.CharField(max_length=64)
    to_person = models.CharField(max_length=64)
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    """When it went back; never, where the deputy has passed it on or it closed."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "from_person", "back_at"], name="handed_over_by")
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} handed over"
