"""Bringing in what other systems know: files read row by row, a look before anything is written, and nothing sent."""
