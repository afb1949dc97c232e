"""What the database keeps. The provider is on every row and in every unique key; rows that can be rebuilt say so."""

from amends.desk.models.arrangements import (
    Absence,
    AccountManager,
    AssignmentRule,
    HandedOver,
    Limit,
    StageHolder,
)
from amends.desk.models.batches import BatchedLetter, PrintBatch
from amends.desk.models.begun import BegunComplaint, BegunFile
from amends.desk.models.bundles import DataBundleRow
from amends.desk.models.case_files import CaseFileRow
from amends.desk.models.cases import CaseAddress, CaseMessageId, CaseRow, DutyRow, FactRow, PrivateWords
from amends.desk.models.chats import Chat, ChatLine, ChatPresence, ChatState, Writer
from amends.desk.models.comments import CodeComment
from amends.desk.models.customers import (
    Account,
    CustomerChange,
    CustomerRow,
    NumberRange,
    RecordedNeed,
    Service,
    Speaker,
    TermsVersion,
)
from amends.desk.models.door import Door, DoorKey
from amends.desk.models.holidays import HolidayNotice
from amends.desk.models.house import (
    AccessLink,
    Alarm,
    AuditEntry,
    Checkpoint,
    Heartbeat,
    ManualClock,
    PortalAttempt,
)
from amends.desk.models.imports import ImportedCase, ImportRun
from amends.desk.models.lessons import Lesson
from amends.desk.models.mailboxes import Flow, MailFolder, MailGrant
from amends.desk.models.outages import Outage, OutageCase, OutageRun, OutageTurn
from amends.desk.models.porting import PortRule
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
from amends.desk.models.redress import AwardRow, BilledAward, BillingBatch, CompensationSignature
from amends.desk.models.retention import Keeping, Retention, RetentionRule
from amends.desk.models.signing import MustChange, SignIn, SignInRules, SignOn, SignOnLink, Tried
from amends.desk.models.stationery import AdoptedWords, LetterheadVersion
from amends.desk.models.tallies import (
    CaseTally,
    CaseWords,
    CustomerCount,
    PromiseTally,
    SavedView,
    WordList,
)
from amends.desk.models.together import CasePresence, Draft
from amends.desk.models.waiting import AppointmentRow, ApprovalRow, SupplierRow
from amends.desk.models.ways import AlarmTold, AlarmWay, By

__all__ = [
    "Absence",
    "AccessLink",
    "Account",
    "AccountManager",
    "AdoptedCode",
    "AdoptedWords",
    "Alarm",
    "AlarmTold",
    "AlarmWay",
    "AppointmentRow",
    "ApprovalRow",
    "AssignmentRule",
    "AuditEntry",
    "AwardRow",
    "BatchedLetter",
    "BegunComplaint",
    "BegunFile",
    "BilledAward",
    "BillingBatch",
    "By",
    "CaseAddress",
    "CaseFileRow",
    "CaseMessageId",
    "CasePresence",
    "CaseRow",
    "CaseTally",
    "CaseWords",
    "Chat",
    "ChatLine",
    "ChatPresence",
    "ChatState",
    "Checkpoint",
    "CodeComment",
    "CompensationSignature",
    "CustomerChange",
    "CustomerCount",
    "CustomerRow",
    "DataBundleRow",
    "Document",
    "Door",
    "DoorKey",
    "Draft",
    "DutyRow",
    "FactRow",
    "Flow",
    "HandedOver",
    "Heartbeat",
    "HolidayNotice",
    "ImportRun",
    "ImportedCase",
    "Keeping",
    "KeptMessage",
    "Lane",
    "Lesson",
    "LetterheadVersion",
    "Limit",
    "Mail",
    "MailFolder",
    "MailGrant",
    "Mailbox",
    "ManualClock",
    "MustChange",
    "NumberRange",
    "Outage",
    "OutageCase",
    "OutageRun",
    "OutageTurn",
    "Outgoing",
    "PortRule",
    "PortalAttempt",
    "PrintBatch",
    "PrivateWords",
    "PromiseTally",
    "Provider",
    "RecordedNeed",
    "Retention",
    "RetentionRule",
    "Role",
    "RoleName",
    "SavedView",
    "SchemeMembership",
    "Service",
    "SignIn",
    "SignInRules",
    "SignOn",
    "SignOnLink",
    "Speaker",
    "StageHolder",
    "SupplierRow",
    "TermsVersion",
    "Tried",
    "Upload",
    "WordList",
    "Writer",
]
