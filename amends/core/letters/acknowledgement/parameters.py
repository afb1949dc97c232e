"""What the acknowledgement needs of the case: that something came, and what it is called here."""

from amends.core.letters.parameters import ALWAYS

PARAMETERS = ALWAYS
