"""What people fill in: forms that read their words into values and say every mistake at its box."""
