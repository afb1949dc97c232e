"""What a question needs of the case: the words of whoever asks, and a day for the answer."""

from amends.core.letters.parameters import ALWAYS, WORDS, Parameter

ANSWER_DAY = Parameter(
    "answer day",
    lambda m: bool(m.extra.get("answer by")),
    "no day is named by which an answer is asked for",
)

PARAMETERS = (*ALWAYS, WORDS, ANSWER_DAY)
