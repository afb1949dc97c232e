"""The customers' book: customers, who may speak for them, their accounts and services, what they need, and terms.

Cases stand without it: what a case knows of its customer is in its own facts. Whatever here names or describes a person
can be erased, and the history of who changed what goes with it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from amends.desk.models.providers import Provider


class CustomerRow(models.Model):
    """Somebody who has, or had, a contract with the provider: a person at home, or a business."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    external = models.CharField(max_length=100, blank=True)
    """What the provider's own system calls the customer; empty where nobody brought them from one."""
    kind = models.CharField(max_length=20, blank=True)
    """A `code.CustomerKind` but for `unknown`, which is empty: whoever's size is not known counts as covered."""
    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    address = models.TextField(blank=True)
    """As people write it, in lines of any shape."""
    prefers = models.CharField(max_length=10, blank=True)
    """The channel on which they want replies: email, letter or phone."""
    headcount = models.PositiveIntegerField(null=True)
    counted_how = models.TextField(blank=True)
    counted_on = models.DateField(null=True)
    """Who works there, how that was counted, and on which London day: what makes a small business one (R-02)."""
    account_manager = models.CharField(max_length=64, blank=True)
    """The id of the colleague whom they call first (F-contact)."""
    account_manager_name = models.TextField(blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    surname_key = models.CharField(max_length=100, blank=True)
    phone_key = models.CharField(max_length=10, blank=True)
    email_key = models.CharField(max_length=320, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    """The forms in which they are looked up: see `lookup`."""
    made = models.DateTimeField()
    changed = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    erased_key = models.CharField(max_length=64, blank=True)
    """A keyed digest of the id that an erased customer had: no file brings them back."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external"], condition=~Q(external=""), name="one_customer_an_id"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "id"], name="customer_newest"),
            models.Index(fields=["provider", "name_key", "id"], name="customer_by_name"),
            models.Index(fields=["provider", "surname_key", "id"], name="customer_by_surname"),
            models.Index(fields=["provider", "phone_key", "id"], name="customer_by_phone"),
            models.Index(fields=["provider", "email_key", "id"], name="customer_by_email"),
            models.Index(fields=["provider", "postcode", "id"], name="customer_by_postcode"),
            models.Index(
                fields=["provider", "erased_key"], condition=~Q(erased_key=""), name="customer_erased"
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.pk}"


class Speaker(models.Model):
    """Somebody who may speak for a customer, and what they may hear."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(CustomerRow, models.PROTECT, related_name="speakers")
    name = models.TextField(blank=True)
    relation = models.TextField(blank=True)
    """Who they are to the customer: a daughter, a carer, a solicitor, a colleague."""
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    may_hear = models.CharField(max_length=20)
    """One of `customers.speakers.MAY_HEAR`."""
    consent = models.TextField(blank=True)
    """How the customer allowed it."""
    since = models.DateField()
    until = models.DateField(null=True)
    """From which London day it is over; None while it stands."""

    def __str__(self) -> str:
        return f"speaker {self.pk} for customer {self.customer_id}"


class Account(models.Model):
    """What a customer is billed on."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(CustomerRow, models.PROTECT, related_name="accounts")
    number = models.CharField(max_length=100)
    """As it stands on the bill; the key by which billing systems know it."""
    payment_method = models.CharField(max_length=20, blank=True)
    billing = models.CharField(max_length=30, blank=True)
    """How and when it is paid: one each of `customers.checked.PAYMENT` and `BILLING` (N-billing)."""
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="one_account_a_number"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class TermsVersion(models.Model):
    """One version of the terms of a kind of service, in force from a day on (N-terms, F-which-terms)."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    """What they are the terms of, as services name it: "home broadband"."""
    version = models.CharField(max_length=100)
    in_force_from = models.DateField()
    address = models.TextField(blank=True)
    """Where they are published."""
    words = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "name", "in_force_from"], name="one_terms_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"


class Service(models.Model):
    """A line, a mobile, a range of numbers, a trunk: what an account pays for, under a contract."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(CustomerRow, models.PROTECT, related_name="services")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="services")
    external = models.CharField(max_length=100, blank=True)
    """What the provider's own system calls it."""
    kind = models.CharField(max_length=20)
    """One of `customers.checked.SERVICES` (N-services)."""
    name = models.TextField(blank=True)
    """What it is sold as."""
    numbers = models.TextField(blank=True)
    """Its numbers and ranges as they are shown, one a line; `NumberRange` is what they are looked up by."""
    address = models.TextField(blank=True)
    """Where it is provided, where that is not the customer's address."""
    starts = models.DateField(null=True)
    minimum_months = models.PositiveSmallIntegerField(null=True)
    renewal = models.CharField(max_length=30, blank=True)
    """One of `contracts.Renewal` (N-renewal)."""
    renewal_words = models.TextField(blank=True)
    ends = models.DateField(null=True)
    """The first London day without it."""
    price_pence = models.PositiveIntegerField(null=True)
    """With VAT, each `price_per`: one of `customers.checked.PER`."""
    price_per = models.CharField(max_length=10, blank=True)
    terms = models.CharField(max_length=100, blank=True)
    """Which terms are its own: `TermsVersion.name`."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external"], condition=~Q(external=""), name="one_service_an_id"
            ),
        ]

    def __str__(self) -> str:
        return f"service {self.pk}"


class NumberRange(models.Model):
    """Numbers of a service from the first to the last, each as a whole number in international form."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="ranges")
    customer = models.ForeignKey(CustomerRow, models.PROTECT, related_name="+", db_index=False)
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "first"], name="range_by_number")]

    def __str__(self) -> str:
        return f"range {self.pk}"


class RecordedNeed(models.Model):
    """What a customer needs of us, kept with their consent until it is asked about again (O-arrangements, C5-02)."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(CustomerRow, models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=30, blank=True)
    """One of `customers.needs.KINDS`; empty since it was erased."""
    format = models.CharField(max_length=40, blank=True)
    """Where it is a format: one of `formats.Format`."""
    words = models.TextField(blank=True)
    """What they need, no more of it than we have to know."""
    arranged = models.TextField(blank=True)
    """What was arranged for it."""
    consent = models.TextField(blank=True)
    said_on = models.DateField()
    review = models.DateField()
    """The London day from which we ask whether it still holds."""
    over_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["provider", "review", "id"], condition=Q(over_on__isnull=True), name="need_to_review"
            ),
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"


class CustomerChange(models.Model):
    """Who changed what of a customer, their accounts, services and needs, and how it stood before."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(CustomerRow, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    """The id of a person, or what brought it: an import, a key of the door."""
    what = models.CharField(max_length=60)
    fields = models.JSONField(null=True)
    """Each field that changed, as it stood and as it stands; None since it was erased."""

    def __str__(self) -> str:
        return f"change {self.pk} of customer {self.customer_id}"
