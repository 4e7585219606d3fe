"""The programme: its profile, its choices, its business hours and holidays."""
