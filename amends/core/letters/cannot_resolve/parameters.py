"""What the letter that we cannot settle it needs of the case: where we stand is said from what there is."""

from amends.core.letters.parameters import ALWAYS

PARAMETERS = ALWAYS
