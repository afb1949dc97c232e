"""Measures Amends: `python3 run.py bench` prints figures with their conditions; docs/speed.md says what each means."""
