"""What happens when a request's clocks run out: who is told, once each, and what the clock closes."""
