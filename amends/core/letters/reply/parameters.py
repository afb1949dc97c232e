"""What a reply needs of the case: somebody's words."""

from amends.core.letters.parameters import ALWAYS, WORDS

PARAMETERS = (*ALWAYS, WORDS)
