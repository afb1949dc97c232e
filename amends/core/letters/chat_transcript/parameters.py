"""What a transcript needs of the case: what was written."""

from amends.core.letters.parameters import ALWAYS, WORDS

PARAMETERS = (*ALWAYS, WORDS)
