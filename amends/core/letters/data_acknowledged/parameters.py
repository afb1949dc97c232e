"""What this letter needs of the case: that it is a request about personal data."""

from amends.core.data_requests import asked
from amends.core.letters.parameters import ALWAYS, Parameter

DATA_REQUEST = Parameter(
    "data request", lambda m: asked(m.case) is not None, "it is no request about personal data"
)

PARAMETERS = (*ALWAYS, DATA_REQUEST)
