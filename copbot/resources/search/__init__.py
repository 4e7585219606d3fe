"""Search: what a person means, which resources could be it, in which order and why."""
