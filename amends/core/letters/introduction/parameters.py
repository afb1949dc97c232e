"""What the introduction needs of the case: somebody who introduces themselves."""

from amends.core.letters.parameters import ALWAYS, Parameter

HANDLER = Parameter(
    "handler", lambda m: bool(m.case.handler_name), "the case has no handler: assign one first"
)

PARAMETERS = (*ALWAYS, HANDLER)
