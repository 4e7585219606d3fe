"""When the program is open: business hours, holidays, changes of the clock."""
