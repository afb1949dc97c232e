"""The sign-in link: the link to the case that the customer asked for."""

from amends.core.letters.access_link.examples import examples
from amends.core.letters.access_link.parameters import PARAMETERS
from amends.core.letters.access_link.words import access_link
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import ACKNOWLEDGEMENT

LETTER = LetterKind(
    id="access-link",
    title="Sign-in link",
    says="The link to the case that the customer asked for.",
    lane=ACKNOWLEDGEMENT,
    parameters=PARAMETERS,
    writer=access_link,
    examples=examples,
    takes_own_words=False,
)
