"""What breaks a code file, so that it does not compile: the ids that `source` and `build` give, with their meaning."""

from __future__ import annotations

from types import MappingProxyType

BREAKS = MappingProxyType(
    {
        "FILE_TOO_LARGE": "The file is far longer than any code of practice.",
        "TEXT_TOO_LONG": "One text is far longer than any clause.",
        "EMPTY_FILE": "There is nothing in the file.",
        "SYNTAX": "The text is not laid out as keys with their values; the line is named.",
        "UNPRINTABLE": "There is a character that cannot be seen, or that makes words read in another order.",
        "NOT_PLAIN": "Something of YAML that has no place in a code: a tag, an anchor, a merge, a second document.",
        "DUPLICATE_KEY": "A key is written twice; both lines are named.",
        "UNKNOWN_KEY": "A key that no section has; the nearest one is suggested.",
        "MISSING_KEY": "A key that always has to be there is not.",
        "WRONG_SHAPE": "A list where one value belongs, text where a section belongs, and the like.",
        "EMPTY_VALUE": "Nothing stands after a key.",
        "BAD_NAME": "A short name with spaces or signs in it.",
        "UNKNOWN_WORD": "A word that is not in the closed list; the nearest one is suggested.",
        "BAD_PERIOD": "Words that name no length of time, or two.",
        "BAD_DATE": "A date that can be read in two ways or in none, or dates out of order.",
        "BAD_YES_NO": "Something else than yes or no.",
        "BAD_NUMBER": "Something else than a whole number.",
        "BAD_HOURS": "Opening hours that can be read in two ways or in none.",
        "UNKNOWN_HOURS": "A name of opening hours that the file does not give.",
        "DUPLICATE_ID": "Two clauses with one id; both lines are named.",
        "EMPTY_CLAUSE": "A clause that neither says nor promises anything.",
        "HALF_PROMISE": "A promise without its beginning, or without what is owed.",
        "LETTER_NEVER_WRITTEN": "A letter promised at a moment at which it is never written: no story could keep it.",
        "TWO_SCHEMES": "Both a scheme and another body in the scheme's place.",
    }
)

DOUBTS = MappingProxyType(
    {
        "AMBIGUOUS_DURATION": "A length of time that can be meant in two ways. The message says how it is counted.",
        "LAW_NOT_KNOWN": "The law of the day is not known here, so that some rules were not applied.",
    }
)
"""What is told beside the rules of the check, as a warning."""
