"""What the letter about an outcome needs of the case: an outcome."""

from amends.core.letters.parameters import ALWAYS, Parameter

OUTCOME = Parameter("outcome", lambda m: bool(m.case.outcomes), "no outcome is recorded: propose one first")

PARAMETERS = (*ALWAYS, OUTCOME)
