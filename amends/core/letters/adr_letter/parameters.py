"""What the ADR letter needs of the case: next to nothing, for nothing may hold it up."""

from amends.core.letters.parameters import ALWAYS

PARAMETERS = ALWAYS
