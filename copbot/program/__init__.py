"""The program: its profile, its choices, its business hours and holidays."""
