"""Staff: what each takes, how much, and the days they are away."""
