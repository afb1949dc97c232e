"""The quiet half: codes, clocks, cases and duties, worked out from what it is given and from nothing else."""
