"""What the cover of the case file needs of the case: a scheme that has the complaint."""

from amends.core.letters.parameters import ALWAYS, Parameter

REFERRAL = Parameter(
    "referral",
    lambda m: m.case.referral is not None,
    "no scheme has the complaint: write down first that the customer went to one",
)

PARAMETERS = (*ALWAYS, REFERRAL)
