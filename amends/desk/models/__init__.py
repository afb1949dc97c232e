"""What the database keeps. The provider is on every row and in every unique key; rows that can be rebuilt say so."""

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
from amends.desk.models.tallies import (
    CaseTally,
    CaseWords,
    CustomerCount,
    PromiseTally,
    SavedView,
    WordList,
)

__all__ = [
    "AccessLink",
    "AdoptedCode",
    "Alarm",
    "AuditEntry",
    "CaseAddress",
    "CaseMessageId",
    "CaseRow",
    "CaseTally",
    "CaseWords",
    "Checkpoint",
    "CustomerCount",
    "Document",
    "FactRow",
    "Heartbeat",
    "KeptMessage",
    "Lane",
    "Mail",
    "Mailbox",
    "ManualClock",
    "Outgoing",
    "PortalAttempt",
    "PrivateWords",
    "PromiseTally",
    "Provider",
    "Role",
    "RoleName",
    "SavedView",
    "SchemeMembership",
    "Upload",
    "WordList",
]
