"""What the letter about a contact time needs of the case: a time that is still to come."""

from amends.core.letters.parameters import ALWAYS, Parameter

CONTACT_TIME = Parameter(
    "contact time", lambda m: m.appointment is not None, "no contact time is agreed that is still to come"
)

PARAMETERS = (*ALWAYS, CONTACT_TIME)
