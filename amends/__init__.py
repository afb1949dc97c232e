"""Runs a communications provider's code of practice, from the file to the letter and the proof."""
