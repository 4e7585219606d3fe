"""Saved answers: texts that staff use again in their replies."""
