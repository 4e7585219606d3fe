"""When a request's clocks run out: pure rules in business time."""
