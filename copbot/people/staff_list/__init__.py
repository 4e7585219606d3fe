"""The list of staff, replaced as a whole by a re-read of the staff channel."""
