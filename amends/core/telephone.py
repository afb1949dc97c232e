"""How a telephone number is told from other numbers: lines and Braille keep its groups together, a voice says its digits."""

from __future__ import annotations

import re

NUMBERS = re.compile(r"(?<![\w+.,£$€/-])(?:\+\d{1,3} ?(?:\(0\) ?)?|0)\d(?: ?\d){7,11}(?![\d/])")
"""A number in international form, or with the leading 0: nine to fourteen digits in any grouping by single spaces."""
