"""What the follow-up of a call needs of the case: a call in which somebody was reached, and what was said."""

from amends.core.letters.parameters import ALWAYS, WORDS, Parameter

CALL = Parameter(
    "call",
    lambda m: any(not c.inbound and c.channel == "phone" and c.reached for c in m.case.contacts),
    "no call with the customer is recorded",
)

PARAMETERS = (*ALWAYS, CALL, WORDS)
