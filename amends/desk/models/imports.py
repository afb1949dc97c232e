"""Files that are brought in: how far each has come, so that it goes on there after a crash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from amends.desk.models.cases import CaseRow
from amends.desk.models.providers import Provider


class ImportRun(models.Model):
    """One file that is being brought in, or was."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=20)
    """`customers` or `cases`."""
    source = models.CharField(max_length=60, blank=True)
    """Which system it comes from; of cases only."""
    name = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    mapping = models.TextField(blank=True)
    """The mapping file of cases, as it was given."""
    content = models.BinaryField(null=True)
    """Its bytes, while a person looks at what it would do; let go when it is done."""
    began = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    by = models.CharField(max_length=64)
    done = models.PositiveIntegerField(default=0)
    """So many of its rows have been dealt with: written, or found broken."""
    counts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "what", "sha256"], name="import_by_file")]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.what}"


class ImportedCase(models.Model):
    """Which case of another system is which here, so that bringing it in again finds it."""

    id = models.BigAutoField(primary_key=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=60)
    number = models.CharField(max_length=100)
    """What the other system calls it; since the case was erased, a keyed digest of that."""
    case = models.ForeignKey(CaseRow, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "source", "number"], name="one_import_a_case"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} from {self.source}"
