"""Who people are: persons and their flags, agencies, staff, and what a form remembers of last time."""
