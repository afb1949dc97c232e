"""What the letter in another format needs of the case: the earlier one."""

from amends.core.letters.parameters import ALWAYS, Parameter

SENT_LETTER = Parameter(
    "sent letter",
    lambda m: any(x.key == m.extra.get("of") for x in m.case.letters),
    "no earlier letter is named",
)

PARAMETERS = (*ALWAYS, SENT_LETTER)
