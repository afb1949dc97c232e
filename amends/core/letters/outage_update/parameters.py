"""What an update on an outage needs of the case: the outage, and somebody's words, written once for all."""

from amends.core.letters.parameters import REFERENCE, WORDS
from amends.core.letters.sentences.outage import OUTAGE

PARAMETERS = (REFERENCE, OUTAGE, WORDS)
