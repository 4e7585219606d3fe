"""What comes after Done: feedback without a name, the question after 90 days, shared answers, and peers."""
