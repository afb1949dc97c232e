"""What the letter with a sign-in link needs: the link."""

from amends.core.letters.blocks import is_web_address
from amends.core.letters.parameters import REFERENCE, Parameter

LINK = Parameter("link", lambda m: is_web_address(m.extra.get("link", "")), "there is no sign-in link")

PARAMETERS = (REFERENCE, LINK)
