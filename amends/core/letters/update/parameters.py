"""What an update needs of the case: somebody's words on how it stands."""

from amends.core.letters.parameters import ALWAYS, WORDS

PARAMETERS = (*ALWAYS, WORDS)
