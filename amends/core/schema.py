"""What may stand in a code file: every section, key and closed list, once, with its meaning.

`build` checks files against this description, editors get it as a JSON Schema, and docs/writing-a-code.md prints it.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from amends.core.calendar import DIVISIONS
from amends.core.code import (
    AS_AGREED,
    Channel,
    CustomerKind,
    DeadlockRoute,
    Owed,
    Reached,
    Reason,
    RedressKind,
    StageKind,
    StandsStill,
    Trigger,
    Unless,
)
from amends.core.renderings import as_json_schema, as_markdown
from amends.core.shapes import (
    Count,
    Day,
    Either,
    HoursName,
    HoursTable,
    Key,
    Length,
    Many,
    Name,
    Section,
    Text,
    Week,
    Word,
    YesNo,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIRMS = "the customer confirms"
SILENCE = "the customer does not answer"


def _closed(
    list_name: str, entries: Mapping[StrEnum, str], also: Mapping[str, str] = MappingProxyType({})
) -> Word:
    return Word(list_name, tuple((entry.value, means) for entry, means in entries.items()), also)


WHEN = _closed(
    "list of starting moments",
    {
        Trigger.COMPLAINT_RECEIVED: "the first contact about the complaint reaches the provider, on any channel",
        Trigger.MESSAGE_RECEIVED: "any contact from the customer that asks for an answer, the first one too",
        Trigger.HANDLER_INTRODUCED: "the case handler has made contact and said who they are",
        Trigger.CUSTOMER_NOT_SATISFIED: "the customer refuses what was proposed, or says that they are not satisfied",
        Trigger.ESCALATION_ASKED: "the customer asks for the next stage, on any channel",
        Trigger.OUTCOME_PROPOSED: "an outcome has been proposed to the customer",
        Trigger.OUTCOME_ACCEPTED: "the customer has accepted it",
        Trigger.DEADLOCK: "somebody with the power to do so has declared deadlock",
        Trigger.CASE_REOPENED: "a closed complaint has been opened again",
        Trigger.COPY_ASKED: "somebody asks for a copy of the code",
        Trigger.FAULT_REPORTED: "a fault of a service is reported; a kind of case of its own, as all that follow",
        Trigger.ORDER_PLACED: "a service is ordered",
        Trigger.CANCELLATION_ASKED: "the customer asks that a service or an order ends",
        Trigger.PRICES_ASKED: "the customer asks for prices, or for their own tariff",
        Trigger.PAYMENT_CHANGE_ASKED: "the customer asks to pay another way",
        Trigger.NUISANCE_REPORTED: "the customer reports calls that they do not want",
        Trigger.MARKETING_OBJECTED: "the customer objects to marketing",
        Trigger.PORT_ASKED: "the customer asks that a number moves to the provider, or away from it",
        Trigger.HARDSHIP_TOLD: "the customer says that paying is hard",
        Trigger.DATA_REQUESTED: "somebody asks for their personal data, or that they are corrected, erased or not used",
    },
)
OWE = _closed(
    "list of what can be owed",
    {
        Owed.ACKNOWLEDGEMENT: "a message that it has arrived, with its reference; only with `complaint received`",
        Owed.CONFIRMATION: "details and reference confirmed, as the acknowledgement does; only with `complaint received`",
        Owed.HANDLER_ASSIGNED: "a named person holds the complaint",
        Owed.HANDLER_INTRODUCTION: "that person makes contact, says who they are and gives direct details",
        Owed.CONTACT_TIME: "a date and time for the next contact is agreed, or the complaint is resolved",
        Owed.REPLY: "an answer in substance, on any channel; an acknowledgement is none",
        Owed.WRITTEN_RESPONSE: "an answer in substance, in writing",
        Owed.CALL_BACK: "a call to the customer, or the complaint is resolved",
        Owed.UPDATE: "any contact that tells the customer how the complaint stands",
        Owed.OUTCOME: "an outcome is proposed to the customer",
        Owed.CANNOT_RESOLVE: "the customer is told in writing that the provider cannot resolve it",
        Owed.ADR_LETTER: "the letter that tells of independent dispute resolution",
        Owed.COPY_OF_CODE: "the code, sent in the form asked for; only with `copy of the code asked`",
        Owed.REPAIR: "the service works again; only with `fault reported`",
        Owed.SERVICE: "what was ordered is provided; only with `order placed`",
        Owed.CANCELLATION: "what ends, when and at what cost is confirmed; only with `cancellation asked`",
        Owed.PRICES: "the prices or the tariff have gone to the customer; only with `prices asked`",
        Owed.PAYMENT_CHANGE: "the customer pays the other way; only with `change of payment asked`",
        Owed.ADVICE: "the customer has our advice; only with `nuisance calls reported`",
        Owed.MARKETING_STOPPED: "our marketing to the customer has ended; only with `marketing objected to`",
        Owed.NUMBER_MOVED: "the number has moved; only with `port asked`",
        Owed.ARRANGEMENT: "another way to pay is agreed; only with `difficulty paying told`",
        Owed.DATA_ANSWER: "the request is answered; only with `request about personal data`; the law's month runs beside it",
    },
)
UNLESS = _closed(
    "list of exceptions",
    {Unless.SETTLED_FIRST_CONTACT: "the complaint was settled during the first call or message"},
)
STANDS_STILL = _closed(
    "list of reasons to stand still",
    {
        StandsStill.NO_ANSWER: "we asked the customer for what we need, and no answer has come yet",
    },
)
CHANNEL = _closed(
    "list of channels",
    {
        Channel.PHONE: "a call",
        Channel.EMAIL: "an email",
        Channel.LETTER: "a letter; `post` is the same",
        Channel.FORM: "a form on a website; `web form` is the same",
        Channel.WEBCHAT: "a chat on a website",
        Channel.FAX: "a fax",
    },
    MappingProxyType({"post": Channel.LETTER.value, "web form": Channel.FORM.value}),
)
CUSTOMER = _closed(
    "list of customers",
    {
        CustomerKind.RESIDENTIAL: "a household",
        CustomerKind.SMALL_BUSINESS: "a business of up to 10 people",
        CustomerKind.NOT_FOR_PROFIT: "a charity or club of up to 10 people, volunteers not counted",
        CustomerKind.LARGER_BUSINESS: "a business of more than 10 people",
        CustomerKind.UNKNOWN: "nobody has said yet",
    },
)
STAGE_KIND = _closed(
    "list of kinds of stage",
    {
        StageKind.TEAM: "a team; what a first stage is unless it says otherwise",
        StageKind.PERSON: "one person by their office; what a later stage is unless it says otherwise",
        StageKind.TRADE_BODY: "a body outside the provider that is no approved scheme; it stops no clock",
    },
)
REACHED = _closed(
    "list of ways to a stage",
    {
        Reached.START: "every complaint begins here",
        Reached.NOT_SATISFIED: "the customer is not satisfied with what the stage before proposed",
        Reached.CUSTOMER_ASKS: "the customer asks for it, at any time",
        Reached.PROVIDER_DECIDES: "the provider hands the complaint on",
    },
)
CLOSING = Word(
    "list of ways to close",
    (
        (CONFIRMS, "the customer says that the complaint is resolved"),
        (SILENCE, "the customer leaves the notices below unanswered, and a named person decides"),
    ),
)
SENT = _closed(
    "list of ways to a deadlock letter",
    {
        DeadlockRoute.SENT: "the provider sends it at deadlock; the customer need not ask, as the rules demand",
        DeadlockRoute.ON_REQUEST: "the customer has to ask for it",
        DeadlockRoute.MENTIONED: "the code speaks of such a letter and does not say who starts it",
        DeadlockRoute.NOT_STATED: "the code does not speak of one",
    },
)
REASON = _closed(
    "list of reasons",
    {
        Reason.OTHERS: "the provider depends on others; the outcome then says whose fault it was",
        Reason.MAJOR_FAILURE: "a major failure or a disaster, which is mended as fast as can be",
        Reason.IMPOSSIBLE: "the service cannot be provided for a time",
        Reason.DECLINED: "the provider refused the service, or stopped it, with the notice that its terms ask for",
    },
)
REDRESS_KIND = _closed(
    "list of kinds of redress",
    {
        RedressKind.REFUND: "money back for what was paid and not had",
        RedressKind.COMPENSATION: "a sum for the trouble caused; a person decides it",
        RedressKind.CREDIT: "a sum set off against bills",
    },
)
PURPOSE = Word(
    "list of purposes",
    (
        ("complaints", "complaints; what a contact is for unless it says otherwise"),
        ("support", "help of every kind, complaints too"),
        ("sales", "offers and orders"),
        ("faults", "reporting a fault"),
        ("accounts", "bills and payment"),
    ),
)
NATION = Word(
    "list of nations",
    tuple(
        (division, f"the bank holidays of {division.replace('-', ' ').title().replace(' And ', ' and ')}")
        for division in DIVISIONS
    ),
)
KIND = Word(
    "list of kinds of code",
    (
        ("complaints code", "a document about complaints alone; what a code is unless it says otherwise"),
        (
            "code of practice",
            "a wider document on customer care that holds the complaints procedure too, or refers to it",
        ),
    ),
)

_ID = Key(
    "id",
    Name(),
    "The short name by which letters and cases cite this clause. No two clauses share one.",
    required=True,
)
_OWN_ID = Key("id", Name(), "A short name of its own, where this part is a clause of its own.")
_SAYS = Key("says", Text(), "The words that customers read.")
_HEADING = Key("heading", Text(), "A heading above the words.")
_UNKNOWN = Key(
    "not stated",
    Text("the reason"),
    "Why the document leaves this empty. Such a gap is shown, and never filled in.",
)
_OWE = Key("owe", OWE, "What is then owed.")
_WITHIN = Key("within", Length(), "How long that may take. Left out, it is owed without a date.")

POINT = Section(
    "way to reach you",
    "One number, address or link with what belongs to it. `not stated` in its place means: offered, but not given.",
    (
        Key("number", Text(), "The number, of a phone or fax."),
        Key(
            "address",
            Text("an address; of a letter, one line per line or separated by commas"),
            "The address, of email or post.",
        ),
        Key("link", Text(), "The link, of a website, form or chat."),
        Key("open", HoursName(), "When it is answered."),
        Key("recommended", YesNo(), "Whether the code recommends it for a quick answer."),
        Key("recording", Text(), "The notice that what is said or written there may be recorded."),
    ),
)
_POINTS = Many(Either(Text(), POINT))
CONTACT = Section(
    "contact",
    "Ways to reach the provider.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("for", PURPOSE, "What these ways are for."),
        Key("open", HoursName(), "When all of these ways are answered, unless one says otherwise."),
        Key("recording", Text(), "The notice that contacts may be recorded, for all of these ways."),
        Key("phone", _POINTS, "Telephone."),
        Key("fax", _POINTS, "Fax."),
        Key("email", _POINTS, "Email."),
        Key("web form", _POINTS, "A form on a website."),
        Key("web", _POINTS, "A website through which one can write."),
        Key("webchat", _POINTS, "A chat on a website."),
        Key(
            "post", Either(Many(Text()), POINT), "The postal address; a list gives the lines of one address."
        ),
    ),
)
DOCUMENT = Section(
    "document",
    "One of the documents that changed together. One that is only a title can be written on one line.",
    (
        Key("title", Text(), "The title of the document.", required=True),
        Key("from", Day(), "Its own first day, where the document names one."),
        Key("this code", YesNo(), "Whether it is the document of this file."),
    ),
)
TOGETHER = Section(
    "changed together",
    "Documents that changed together, from one day on. Published with the clause; the check compares their days.",
    (
        Key("on", Day(), "The first day of the changed documents.", required=True),
        Key("documents", Many(Either(Text("a title"), DOCUMENT)), "Each document.", required=True),
    ),
)
CLAUSE = Section(
    "clause",
    "One promise or statement. With `when` and `owe` it is also run: the clock starts by itself.",
    (
        _ID,
        Key(
            "section",
            Text(),
            "The heading under which this clause and those after it stand, until the next one.",
        ),
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("when", WHEN, "What starts the promise."),
        _OWE,
        _WITHIN,
        Key(
            "every",
            Length((AS_AGREED,)),
            "For updates: how often. `as agreed` means as agreed with the customer.",
        ),
        Key("on", Many(CHANNEL), "The channels of the starting contact for which it holds. Left out: all."),
        Key("unless", Many(UNLESS), "What keeps it from starting."),
        Key(
            "stands still",
            Many(STANDS_STILL),
            "While what its time does not run. The law’s clocks always run.",
        ),
        Key("days to cancel", Count(), "For how many days from the order cancelling costs nothing."),
        Key(
            "before it is provided", YesNo(), "Whether that holds only while the order has not been provided."
        ),
        Key("customers", Many(CUSTOMER), "The customers for whom it holds. Left out: all."),
        Key("reason", REASON, "What an outcome can cite this clause for."),
        Key("changed together", TOGETHER, "Documents that changed together."),
    ),
)
STAGE = Section(
    "stage",
    "One step of the way up. A stage that is only a name can be written on one line.",
    (
        _OWN_ID,
        Key("role", Text(), "Who holds the complaint at this stage.", required=True),
        Key("kind", STAGE_KIND, "What sort of stage it is."),
        Key(
            "reached",
            Many(REACHED),
            "How a complaint comes here. Left out: at the start for the first, not satisfied or asked for the others.",
        ),
        Key("optional", YesNo(), "Whether a complaint can pass it by."),
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("contact", Text(), "How the customer reaches this stage."),
        _OWE,
        Key("within", Length(), "How long that may take, from the day on which the stage is asked for."),
    ),
)
CLOSE = Section(
    "closing",
    "When a complaint is over. Without this section only the customer's word closes it.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("when", Many(CLOSING), "What closes a complaint."),
        Key("notices", Count(), "For silence: how many notices go out first. Left out: 2."),
        Key("apart", Length(), "For silence: how far apart they are at least. Left out: 10 working days."),
    ),
)
LETTER = Section(
    "deadlock letter",
    "The letter that tells the customer that the provider will go no further.",
    (_OWN_ID, _HEADING, _SAYS, _UNKNOWN, Key("sent", SENT, "Who has to ask for it.")),
)
SCHEME = Section(
    "scheme",
    "The independent body as the code names it, right or wrong. Letters take its details from the law's own directory.",
    (
        _OWN_ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("name", Text(), "Its name.", required=True),
        Key("phone", Text(), "Its telephone number."),
        Key("fax", Text(), "Its fax number."),
        Key("email", Text(), "Its email address."),
        Key("web", Text(), "Its website."),
        Key("post", Many(Text()), "Its postal address: a list of lines, or one line with commas."),
        Key("free", YesNo(), "Whether the code says that it costs the customer nothing."),
        Key("independent", YesNo(), "Whether the code says that it is independent."),
    ),
)
WINDOW = Section(
    "window",
    "How long the customer has to go to the scheme.",
    (
        _OWN_ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("within", Length(), "How long after the letter."),
        Key("without a letter", Length(), "How long where no letter came, if the code says so."),
    ),
)
CANNOT = Section(
    "cannot take",
    "What the scheme does not take, as the code tells it.",
    (
        _OWN_ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("list", Many(Text()), "What it does not take, one a line."),
        Key("employees over", Count(), "The number of employees above which a business cannot go to it."),
    ),
)
CAN = Section(
    "can do",
    "What the scheme can tell the provider to do.",
    (_OWN_ID, _HEADING, _SAYS, _UNKNOWN, Key("list", Many(Text()), "What it can do, one a line.")),
)
DISPUTE = Section(
    "dispute resolution",
    "What the code says of independent dispute resolution. The law of the day overlays whatever it says.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("after", Length(), "How long after the complaint was first received the customer may go there."),
        Key("deadlock letter", Either(SENT, LETTER), "The other way there: the letter at deadlock."),
        Key("scheme", Either(Text("its name"), SCHEME), "The scheme that the code names."),
        Key(
            "body",
            Either(Text("its name"), SCHEME),
            "The same, for a code that names a body that is no scheme.",
        ),
        Key("window", Either(Length(), WINDOW), "How long the customer has to go there."),
        Key("cannot take", Either(Many(Text()), CANNOT), "What the scheme does not take."),
        Key("can do", Either(Many(Text()), CAN), "What the scheme can do."),
        Key("clauses", Many(CLAUSE), "Whatever else the code says here."),
    ),
)
REDRESS = Section(
    "redress",
    "What the code says of refunds, credits and compensation.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("kind", REDRESS_KIND, "What sort of redress."),
        Key("automatic", YesNo(), "Whether it is paid without being asked for."),
        Key("paid as", Text(), "How it is paid, such as `credit on the next invoice`."),
        Key("amounts", Many(Text("a sum in pounds, such as `£5.00 a day`")), "Sums that the code prints."),
    ),
)
FORMATS = Section(
    "formats",
    "The forms in which customers can have the code.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("offered", Many(Text()), "Each form, such as large print or Braille."),
    ),
)
COPY = Section(
    "copy",
    "How to get a copy of the code. It is run: who asks is owed one.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("free", YesNo(), "Whether it costs nothing."),
        Key("within", Length(), "How soon it is sent."),
    ),
)
PROTECTION = Section(
    "data protection",
    "What the code says of personal information.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("complaints to", Text(), "Where to complain about the use of personal information."),
        Key("acknowledge within", Length(), "How soon such a complaint is acknowledged."),
    ),
)
REVIEW = Section(
    "review", "How the code is kept right, and how to comment on it.", (_ID, _HEADING, _SAYS, _UNKNOWN)
)
REFERS = Section(
    "refers to",
    "Other documents that this code names.",
    (
        _ID,
        _HEADING,
        _SAYS,
        _UNKNOWN,
        Key("title", Text(), "The title of the document.", required=True),
        Key("at", Text("a link or place"), "Where to find it."),
    ),
)
CODE = Section(
    "the file",
    "One file holds one version of one code. Its sections are published in the order in which they stand.",
    (
        Key(
            "code",
            Name(),
            "The short name of the code. It stays the same through all versions.",
            required=True,
        ),
        Key("provider", Name(), "The short name of the provider, as the desk knows it.", required=True),
        Key("provider name", Text(), "The provider's name as customers know it.", required=True),
        Key("title", Text(), "The title of the document.", required=True),
        Key("kind", KIND, "What sort of document it is."),
        Key("version", Text(), "The version, in any words. Left out: 1."),
        Key(
            "in force from",
            Day(),
            "The first day on which it governs new complaints. Not stated: it governs them all.",
        ),
        Key("in force until", Day(), "The last day on which it governs new complaints."),
        Key("nation", NATION, "Whose bank holidays count.", required=True),
        Key("serves", Many(CUSTOMER), "Whom the code is for. Left out: the document does not say."),
        Key(
            "note", Text(), "How the file came about; shown with the published page and not part of the code."
        ),
        Key("opening hours", HoursTable(), "Hours, each set with a name to refer to it by."),
        Key(
            "working day",
            HoursName(),
            "The one set of hours that ends working days and counts working hours, on every channel.",
        ),
        Key(
            "working week",
            Week(),
            "Which days are working days. Left out: Monday to Friday. Bank holidays never are.",
        ),
        Key("contact", Many(CONTACT), "How to reach the provider."),
        Key("clauses", Many(CLAUSE), "The promises and statements, one by one."),
        Key("stages", Many(Either(Text("a name"), STAGE)), "Who holds a complaint, and who after them."),
        Key("closing", CLOSE, "When a complaint is over."),
        Key("dispute resolution", DISPUTE, "Where the customer can go when the provider cannot resolve it."),
        Key("redress", Many(REDRESS), "Refunds, credits and compensation."),
        Key("formats", FORMATS, "Large print, Braille and other forms."),
        Key("copy", COPY, "How to get a copy."),
        Key("data protection", PROTECTION, "Personal information."),
        Key("review", REVIEW, "Comments on the code."),
        Key("refers to", Many(REFERS), "Other documents."),
    ),
)

HEADINGS = MappingProxyType(
    {
        "contact": "How to reach us",
        "clauses": "What we promise",
        "stages": "If you are not satisfied",
        "closing": "When a complaint is closed",
        "dispute resolution": "Independent dispute resolution",
        "redress": "Putting things right",
        "formats": "Other formats",
        "copy": "Copies of this code",
        "data protection": "Your personal information",
        "review": "Comments on this code",
        "refers to": "Other documents",
    }
)
"""The heading of each section on the published page, where its clauses do not give their own."""


def json_schema() -> dict[str, Any]:
    """The description as editors read it; the same as amends/codes/code.schema.json."""
    return as_json_schema(CODE, "A communications provider's code of practice")


def reference_markdown() -> str:
    """The description as people read it in docs/writing-a-code.md."""
    return as_markdown(CODE)
