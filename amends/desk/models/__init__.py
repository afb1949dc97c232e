"""What the database keeps. The provider is on every row and in every unique key; rows that can be rebuilt say so."""

from amends.desk.models.batches import BatchedLetter, PrintBatch
from amends.desk.models.cases import CaseAddress, CaseMessageId, CaseRow, FactRow, PrivateWords
from amends.desk.models.house import (
    AccessLink,
    Alarm,
    AuditEntry,
    Checkpoint,
    Heartbeat,
    ManualClock,
    PortalAttempt,
)
from amends.desk.models.post import Document, KeptMessage, Lane, Outgoing, Upload
from amends.desk.models.providers import (
    AdoptedCode,
    Mail,
    Mailbox,
    Provider,
    Role,
    RoleName,
    SchemeMembership,
)
from amends.desk.models.stationery import AdoptedWords, LetterheadVersion

__all__ = [
    "AccessLink",
    "AdoptedCode",
    "AdoptedWords",
    "Alarm",
    "AuditEntry",
    "BatchedLetter",
    "CaseAddress",
    "CaseMessageId",
    "CaseRow",
    "Checkpoint",
    "Document",
    "FactRow",
    "Heartbeat",
    "KeptMessage",
    "Lane",
    "LetterheadVersion",
    "Mail",
    "Mailbox",
    "ManualClock",
    "Outgoing",
    "PortalAttempt",
    "PrintBatch",
    "PrivateWords",
    "Provider",
    "Role",
    "RoleName",
    "SchemeMembership",
    "Upload",
]
