"""Journeys in a real Chromium, against a desk that is served as in life: `python3 run.py test browser`."""
