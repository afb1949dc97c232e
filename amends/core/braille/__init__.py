"""Braille: any words as a BRF file of 40 cells by 25 lines, in uncontracted UEB or by the translator that is handed in."""

from amends.core.braille.grade1 import grade1
from amends.core.braille.page import CELLS, LINES, Translator, as_bytes, brf
from amends.core.braille.signs import spelt, told_in_words

__all__ = ["CELLS", "LINES", "Translator", "as_bytes", "brf", "grade1", "spelt", "told_in_words"]
