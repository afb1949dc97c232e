"""The kinds of care, each declared once: faults, orders, cancellations and smaller requests.

N-faults, F-faults, N-priority-repair, N-orders, N-credit-check, N-cancel, F-cancel, F-cancel-explain,
F-tariffs, N-prices, N-billing, F-payment, N-nuisance, N-marketing, F-marketing, N-port-out, N-port-deals, N-port-in,
N-hardship, F-hardship.
"""

from __future__ import annotations

from typing import Final

from amends.core.care.data import ACCESS, CORRECTION, ERASURE, OBJECTION
from amends.core.care.declared import Declared, Particular, Sort, Step
from amends.core.contracts import LONGEST_TERM
from amends.core.kinds import CaseKind

_CALLS_HELP: Final = (
    "One call a line: when, who called, which number was called. For example "
    "2 November 2026 09:15, 020 7946 0000, 01632 960001. Write withheld where no number was shown."
)

FAULT: Final = Declared(
    CaseKind.FAULT,
    (
        Particular("service", "Which service?", Sort.LINE, True, help="Its number, or what they call it.",
                   missing="Say which service it is."),
        Particular("symptoms", "What is wrong with it?", Sort.WORDS, True, missing="Write what is wrong with it."),
        Particular("works", "Does it work at all?", Sort.CHOICE, True, ("not at all", "partly", "now and then"),
                   missing="Say whether it works at all."),
        Particular("began", "Since when?", Sort.MOMENT),
        Particular("numbers", "Which numbers are affected?", Sort.NUMBERS, help="Numbers or ranges, one a line."),
        Particular("calls", "Calls that went wrong", Sort.CALLS, help=_CALLS_HELP),
        Particular("tests", "What has been tried already?", Sort.WORDS),
        Particular("visit", "On which day does somebody come?", Sort.DAY, missing="Give the day on which somebody comes."),
        Particular("hours", "Between which hours?", Sort.LINE, help="As it was agreed: between 8 am and 1 pm."),
    ),
    (
        Step("tested", "Test the service with the customer", says="We test the service together with you."),
        Step("passed on", "Pass it on to whoever repairs it: an engineer, or the supplier",
             says="We pass it on to whoever repairs it, an engineer or our supplier. You have us to turn to either way."),
        Step("appointment", "Agree an appointment with the customer, where somebody has to come", tells=True,
             asks=("visit", "hours"),
             says="Where somebody has to come, we agree an appointment with you."),
        Step("repaired", "Repair it", on="visit", says="The fault is repaired."),
        Step("confirmed", "Hear from the customer that it works", tells=True,
             says="We ask you whether it works. It is over when you say so."),
    ),
    "repaired",
)  # fmt: skip
ORDER: Final = Declared(
    CaseKind.ORDER,
    (
        Particular("service", "What is ordered?", Sort.LINE, True, missing="Say what is ordered."),
        Particular("price", "At what price a month?", Sort.POUNDS),
        Particular("paid", "How is it paid?", Sort.CHOICE, True, ("afterwards", "in advance"),
                   missing="Say whether it is paid afterwards or in advance."),
        Particular("place", "Where is it to be?", Sort.LINE),
        Particular("numbers", "For which numbers?", Sort.NUMBERS, help="Numbers or ranges, one a line."),
        Particular("terms", "Have they seen the terms?", Sort.CHOICE, True, ("yes", "not yet"),
                   missing="Say whether they have seen the terms."),
        Particular("wanted", "Wanted from", Sort.DAY),
    ),
    (
        Step("credit check", "Check their credit, where it is paid afterwards"),
        Step("connection", "See that the connection is there", holds=True),
        Step("provided", "Provide it", tells=True, on="wanted"),
    ),
    "provided",
)  # fmt: skip
CANCELLATION: Final = Declared(
    CaseKind.CANCELLATION,
    (
        Particular("what", "What is to end?", Sort.LINE, True, help="The service, line or order.",
                   missing="Say what is to end."),
        Particular("ends", "When is it to end?", Sort.DAY, True, help="The last day of service.",
                   missing="Give the day on which it is to end."),
        Particular("ordered", "When was it ordered?", Sort.DAY),
        Particular("provided", "Provided since", Sort.DAY, help="Leave it empty while it has not been provided."),
        Particular("bought", "How was it ordered?", Sort.CHOICE, False,
                   ("by phone, online, by post or at the door", "in a shop")),
        Particular("term", "Is there a minimum term?", Sort.CHOICE, True, ("a minimum term", "no minimum term"),
                   missing="Say whether the contract has a minimum term."),
        Particular("first", "First day of the minimum term", Sort.DAY),
        Particular("months", "Minimum term, in months", Sort.COUNT, least=1, most=LONGEST_TERM),
        Particular("monthly", "Price a month", Sort.POUNDS),
        Particular("saved", "What the contract takes off the fee, in per cent", Sort.COUNT, most=100,
                   help="Leave it empty where it takes nothing off."),
    ),
    (
        Step("worked out", "Look at the right to cancel and at the fee, as they are worked out here"),
        Step("explained", "Explain to the customer what it costs and why", tells=True),
        Step("confirmed", "Confirm what ends, when and at what cost", tells=True),
        Step("ended", "See that it ended on its day", on="ends"),
    ),
    "confirmed",
)  # fmt: skip
PRICES: Final = Declared(
    CaseKind.PRICES,
    (
        Particular("which", "Which prices?", Sort.CHOICE, True, ("their own tariff", "the standard tariff", "a new service"),
                   missing="Say which prices they ask for."),
        Particular("services", "For which services?", Sort.WORDS, True, missing="Name the services."),
        Particular("calls to", "Calls to which numbers or countries?", Sort.LINE),
    ),
    (
        Step("found", "Find the prices in force for this customer"),
        Step("sent", "Send them to the customer", tells=True),
    ),
    "sent",
)  # fmt: skip
PAYMENT_METHOD: Final = Declared(
    CaseKind.PAYMENT_METHOD,
    (
        Particular("pays", "How do they pay now?", Sort.CHOICE, False,
                   ("direct debit", "card", "card through PayPal", "BACS transfer", "cheque", "another way")),
        Particular("to", "How do they want to pay?", Sort.CHOICE, True,
                   ("direct debit", "card", "card through PayPal", "BACS transfer", "cheque", "another way"),
                   missing="Say how they want to pay."),
        Particular("from", "From which bill on?", Sort.DAY, help="The day of that bill. No card or bank details here."),
        Particular("why", "What else they say", Sort.WORDS),
    ),
    (
        Step("accounts", "Ask Accounts to change it"),
        Step("changed", "See that it is changed", tells=True),
    ),
    "changed",
)  # fmt: skip
NUISANCE: Final = Declared(
    CaseKind.NUISANCE,
    (
        Particular("calls", "The calls", Sort.CALLS, True, help=_CALLS_HELP, missing="Write down at least one call."),
        Particular("sort", "What sort of calls?", Sort.CHOICE, True,
                   ("threatening or abusive", "silent", "selling", "a fraud or scam", "something else"),
                   missing="Say what sort of calls they are."),
        Particular("said", "What was said?", Sort.WORDS),
        Particular("police", "Reference of the police", Sort.LINE, help="Where the customer has been there."),
        Particular("network", "Reference of another network", Sort.LINE),
    ),
    (
        Step("traced", "Find out which network the calls come from"),
        Step("passed on", "Tell that network, and the police where a crime is possible"),
        Step("advised", "Advise the customer", tells=True),
    ),
    "advised",
)  # fmt: skip
MARKETING: Final = Declared(
    CaseKind.MARKETING,
    (
        Particular("ways", "What do they object to?", Sort.CHOICE, True,
                   ("every marketing", "calls", "texts", "emails", "letters", "one advertisement"),
                   missing="Say what they object to."),
        Particular("numbers", "For which numbers?", Sort.NUMBERS, help="Numbers or ranges, one a line."),
        Particular("seen", "When and where did they see or hear it?", Sort.WORDS),
    ),
    (
        Step("stopped", "Take them off every list that it comes from, at partners too"),
        Step("confirmed", "Tell the customer that it has ended", tells=True),
    ),
    "stopped",
)  # fmt: skip
PORT: Final = Declared(
    CaseKind.PORT,
    (
        Particular("way", "Where does it move?", Sort.CHOICE, True, ("to us", "away from us"),
                   missing="Say whether it moves to us or away from us."),
        Particular("numbers", "Which numbers?", Sort.NUMBERS, True, help="Numbers or ranges, one a line.",
                   missing="Write down at least one number."),
        Particular("partner", "The other provider", Sort.LINE, True, missing="Name the other provider."),
        Particular("wanted", "Wanted on", Sort.DAY),
        Particular("agreed", "The day that is agreed", Sort.DAY, missing="Give the day that is agreed."),
        Particular("moved", "It moved on", Sort.DAY, missing="Give the day on which it moved."),
        Particular("doing", "If it was late: whose doing was it?", Sort.CHOICE, False,
                   ("ours", "the other provider’s", "nobody’s: beyond control")),
    ),
    (
        Step("checked", "See whether each number can move, and tell the customer where one cannot", tells=True),
        Step("agreed", "Agree on the day with the customer and the other provider", tells=True, asks=("agreed",)),
        Step("moved", "Move it on its day", asks=("moved", "doing"), on="agreed"),
        Step("confirmed", "Hear from the customer that calls arrive", tells=True),
    ),
    "moved",
)  # fmt: skip
HARDSHIP: Final = Declared(
    CaseKind.HARDSHIP,
    (
        Particular("owes", "How much is not paid?", Sort.POUNDS, True, missing="Give what is not paid, in pounds."),
        Particular("bills", "Which account and bills?", Sort.LINE),
        Particular("situation", "What they say of it", Sort.WORDS,
                   help="No more of it than is needed: no diagnosis, no details of other debts."),
        Particular("can", "What can they pay a month?", Sort.POUNDS),
        Particular("plan", "The arrangement", Sort.PAYMENTS, missing="Write down at least one payment.",
                   help="One payment a line: its day and its sum. For example 1 December 2026, 20.00."),
    ),
    (
        Step("talked", "Talk it through: what is not paid, what they can pay, what help there is"),
        Step("arranged", "Agree on an arrangement", tells=True, asks=("plan",)),
        Step("seen through", "See the arrangement through to its end"),
    ),
    "arranged",
)  # fmt: skip

KINDS: Final = {
    d.kind: d
    for d in (
        FAULT, ORDER, CANCELLATION, PORT, PRICES, PAYMENT_METHOD, NUISANCE, MARKETING, HARDSHIP,
        ACCESS, CORRECTION, OBJECTION, ERASURE,
    )
}  # fmt: skip
"""Every kind of care that has steps, in the order in which a new contact offers them."""


def declared(kind: CaseKind) -> Declared | None:
    """The declaration of a kind; None for a complaint and for a copy of the code, which go ways of their own."""
    return KINDS.get(kind)
