"""What lists, reports and the search read of cases: hints that can be rebuilt, and what people set up to read them by."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class CaseTally(models.Model):
    """What lists filter and reports count of one case. Only `record` writes it; all of it can be rebuilt.

    Narrow on purpose: a provider's 100,000 are read through in milliseconds. Days are London's.
    """

    case = models.OneToOneField(CaseRow, models.CASCADE, primary_key=True, related_name="tally")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    received = models.DateField(null=True)
    """The London day on which the complaint was first received."""
    first_received = models.DateTimeField(null=True)
    channel = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    """What it was opened as: one of `kinds.CaseKind`, empty for a complaint."""
    complaint = models.BooleanField(null=True)
    counts = models.BooleanField(default=False)
    """Whether reports count it: received, and not found to be no complaint."""
    is_open = models.BooleanField(default=True)
    state = models.CharField(max_length=20, blank=True)
    stage = models.TextField(blank=True)
    handler = models.CharField(max_length=64, blank=True)
    next_due = models.DateTimeField(null=True)
    category = models.CharField(max_length=60, blank=True)
    cause = models.CharField(max_length=60, blank=True)
    need = models.CharField(max_length=40, blank=True)
    """The format that the customer needs; empty for none. Erased with their words."""
    customer_kind = models.CharField(max_length=20, blank=True)
    acknowledged_after = models.PositiveBigIntegerField(null=True)
    """Seconds from the first receipt to the acknowledgement; None while there is none."""
    replied_after = models.PositiveBigIntegerField(null=True)
    """Seconds from the first receipt to the first answer in substance."""
    resolved_after = models.PositiveIntegerField(null=True)
    """London days from the day of receipt, day 0, to the day on which the customer's own word said it was resolved."""
    first_contact = models.BooleanField(default=False)
    """Whether that was during the first call or message."""
    closed = models.DateField(null=True)
    evidence = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    """What became of the latest outcome put to the customer: accepted, refused, unanswered; empty where none was."""
    credit_pence = models.PositiveBigIntegerField(default=0)
    """What accepted outcomes credit or refund."""
    deadlocked = models.DateField(null=True)
    adr_letter = models.DateField(null=True)
    """The day on which the first ADR letter left."""
    referred = models.DateField(null=True)
    scheme = models.CharField(max_length=60, blank=True)
    scheme_decided = models.DateField(null=True)
    scheme_outcome = models.CharField(max_length=40, blank=True)
    scheme_answer = models.CharField(max_length=20, blank=True)
    """Whether the customer accepted the scheme's decision: one of `facts.SCHEME_ANSWERS`; empty while it is not known."""
    scheme_due = models.DateField(null=True)
    """The last day on which what the scheme decided is carried out in time; None where nothing is to be done."""
    scheme_done = models.DateField(null=True)
    """The day on which the last of it was done."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "first_received", "case"], name="tally_by_age"),
            models.Index(fields=["provider", "received", "counts"], name="tally_by_day"),
            models.Index(
                fields=["provider", "first_received", "case"], condition=Q(is_open=True), name="tally_open"
            ),
            models.Index(
                fields=["provider", "adr_letter"], condition=Q(adr_letter__isnull=False), name="tally_adr"
            ),
            models.Index(
                fields=["provider", "deadlocked"],
                condition=Q(deadlocked__isnull=False),
                name="tally_deadlocked",
            ),
            models.Index(
                fields=["provider", "scheme_decided"],
                condition=Q(scheme_decided__isnull=False),
                name="tally_scheme_decided",
            ),
            models.Index(
                fields=["scheme_due"],
                condition=Q(scheme_due__isnull=False, scheme_done__isnull=True),
                name="tally_scheme_due",
            ),
            models.Index(
                fields=["provider", "referred"], condition=Q(referred__isnull=False), name="tally_referred"
            ),
            models.Index(
                fields=["provider", "closed", "case"], condition=Q(closed__isnull=False), name="tally_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"tally of case {self.case_id}"


class PromiseTally(models.Model):
    """One clock of a case, as reports count promises by clause. Only `record` writes it; all of it can be rebuilt."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.CASCADE, related_name="promises")
    clock = models.CharField(max_length=120)
    clause = models.CharField(max_length=100)
    law = models.BooleanField(default=False)
    """Whether the law's clock ran it, or a promise of the provider's own."""
    owe = models.CharField(max_length=40)
    late_after = models.DateTimeField(null=True)
    """The last moment at which it is kept; None where it cannot be worked out, or while it stands still."""
    settled = models.DateTimeField(null=True)
    stopped = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "late_after", "id"], name="promise_by_time")]

    def __str__(self) -> str:
        return f"{self.clock} of case {self.case_id}"


class CaseWords(models.Model):
    """The words of a case by which it is found, in the form in which words are compared: see `words`.

    Beside it stands the database's own index: a virtual table on SQLite, a column of lexemes on PostgreSQL, both kept
    by the database itself when this row changes (migration 0013).
    """

    case = models.OneToOneField(CaseRow, models.CASCADE, primary_key=True, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"words of case {self.case_id}"


class CustomerCount(models.Model):
    """How many customers a provider had in a month, as somebody entered it. Followed by another, never changed."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    """Its first day."""
    customers = models.PositiveIntegerField()
    entered = models.DateTimeField()
    entered_by = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "month", "id"], name="customers_by_month")]

    def __str__(self) -> str:
        return f"{self.customers} customers in {self.month:%Y-%m}"


class SavedView(models.Model):
    """A list with its filters under a name: one's own, or shared with everybody at the provider."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    query = models.TextField()
    """The filters as the address carries them."""
    shared = models.BooleanField(default=False)
    made = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "person", "name"], name="one_view_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class WordList(models.Model):
    """The words of a provider by which cases are sorted: its categories, or its root causes."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    words = models.JSONField(default=list)
    changed = models.DateTimeField()
    changed_by = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "kind"], name="one_list_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.provider_id}"
