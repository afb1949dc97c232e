"""A case: its chained facts, the private words beside them, and hints that can be rebuilt from the facts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from amends.desk.models.providers import AdoptedCode, Provider


class CaseRow(models.Model):
    """A case as people search and sort it. Only `record` writes it; below `head` everything can be rebuilt."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="cases", db_index=False)
    reference = models.CharField(max_length=32)
    code = models.ForeignKey(AdoptedCode, models.PROTECT, null=True, db_index=False)
    facts = models.PositiveIntegerField(default=0)
    """How many facts it has: the `seq` of the last one."""
    head = models.CharField(max_length=64, blank=True)
    """The hash of the last fact."""
    checkpointed = models.PositiveIntegerField(default=0)
    """How many of its facts a checkpoint has covered."""
    access_rotation = models.PositiveIntegerField(default=0)
    """How often the portal's access code of this case was renewed."""

    state = models.CharField(max_length=20, default="open")
    is_open = models.BooleanField(default=True)
    complaint = models.BooleanField(null=True)
    subject = models.TextField(blank=True)
    customer_name = models.TextField(blank=True)
    customer_email = models.TextField(blank=True)
    customer_phone = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    account = models.TextField(blank=True)
    customer = models.BigIntegerField(null=True)
    """The id of its customer in the customers' book, once a person has said whose case it is."""
    priority = models.BooleanField(default=False)
    """Whether its customer has priority access to support, for a need of theirs (N-priority-support)."""
    name_key = models.CharField(max_length=200, blank=True)
    surname_key = models.CharField(max_length=100, blank=True)
    phone_key = models.CharField(max_length=10, blank=True)
    """Name, last word of it and last digits of the number in the form in which they are looked up: see `search`."""
    handler = models.CharField(max_length=64, blank=True)
    handler_name = models.TextField(blank=True)
    stage_role = models.TextField(blank=True)
    merged_into = models.CharField(max_length=32, blank=True)
    """The reference of the case that this one goes on as; empty while it stands alone."""
    first_received = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    latest = models.DateTimeField(null=True)
    next_due = models.DateTimeField(null=True)
    """When the first of its dated duties falls due; the duties themselves are rows of `DutyRow`."""
    due_hint = models.DateTimeField(null=True)
    """When the desk must look at the case by itself: may be early, never late."""
    unreached = models.DateTimeField(null=True)
    """From when a letter of the law should leave for which there is no written way; None where there is one."""
    hint_made_by = models.CharField(max_length=64, blank=True)
    """The versions of program, law and calendars that worked the hints out."""
    stuck = models.TextField(blank=True)
    """Why a letter that the desk owes could not be written; empty while none is. Tried again every hour."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "reference"], name="one_case_a_reference"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_hint", "id"], condition=Q(due_hint__isnull=False), name="case_due"),
            models.Index(
                fields=["unreached", "id"], condition=Q(unreached__isnull=False), name="case_unreached"
            ),
            models.Index(fields=["hint_made_by", "id"], condition=Q(is_open=True), name="case_hint_made_by"),
            models.Index(fields=["id"], condition=Q(facts__gt=F("checkpointed")), name="case_to_checkpoint"),
            models.Index(fields=["provider", "is_open", "first_received", "id"], name="case_by_age"),
            models.Index(fields=["provider", "name_key", "id"], name="case_by_name"),
            models.Index(fields=["provider", "surname_key", "id"], name="case_by_surname"),
            models.Index(fields=["provider", "phone_key", "id"], name="case_by_phone"),
            models.Index(fields=["provider", "postcode", "id"], name="case_by_postcode"),
            models.Index(fields=["provider", "account", "id"], name="case_by_account"),
            models.Index(
                fields=["customer", "id"], condition=Q(customer__isnull=False), name="case_by_customer"
            ),
            models.Index(
                fields=["provider", "merged_into", "id"],
                condition=~Q(merged_into=""),
                name="case_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DutyRow(models.Model):
    """Something owed on a case, as a queue shows it: a hint, rebuilt from the facts with those of its case."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="duties")
    handler = models.CharField(max_length=64, blank=True)
    """Who holds its case; empty while nobody does."""
    duty = models.TextField()
    """Its id in its case: `duties.Duty.id`."""
    what = models.TextField()
    clause = models.TextField(blank=True)
    why = models.TextField(blank=True)
    """Its reason in one short sentence: what was promised, and from when it counts."""
    action = models.CharField(max_length=40)
    letter = models.CharField(max_length=40, blank=True)
    due = models.DateTimeField(null=True)
    late_after = models.DateTimeField(null=True)
    falls = models.DateTimeField()
    """Its place in a queue: `Duty.falls`, and for what may wait for want of a date the last of all moments."""
    priority = models.BooleanField(default=False)
    """Whether its customer comes first in line: see `CaseRow.priority`."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["provider", "falls", "id"], name="duty_queue"),
            models.Index(fields=["provider", "handler", "falls", "id"], name="duty_of_handler"),
            models.Index(
                fields=["provider", "falls", "id"], condition=Q(priority=True), name="duty_first_in_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.duty}"


class FactRow(models.Model):
    """One fact of a case, linked to all before it. The database refuses to change or delete it."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="fact_rows", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    logged = models.DateTimeField()
    by = models.CharField(max_length=64)
    open = models.JSONField(default=dict)
    private_digest = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_fact_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.kind}"


class PrivateWords(models.Model):
    """What of a fact names or describes a person, with the salt of its digest. Erased, both are gone."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    """The fact's place in its case."""
    salt = models.CharField(max_length=32, blank=True)
    words = models.JSONField(null=True)
    """None since they were erased."""
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_words_a_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq}"


class CaseMessageId(models.Model):
    """A Message-ID that belongs to a case, in or out: an answer to it may join."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    message_id = models.CharField(max_length=500)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="message_ids")
    outgoing = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "message_id", "case"], name="one_case_message"),
        ]

    def __str__(self) -> str:
        return self.message_id


class CaseAddress(models.Model):
    """An address of a party to a case, in the form in which addresses are compared. It suggests, never joins."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    address_key = models.CharField(max_length=320)
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="addresses")
    role = models.CharField(max_length=40, default="customer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "address_key", "case"], name="one_case_address"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of case {self.case_id}"
