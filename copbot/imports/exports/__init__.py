"""What leaves the library: spreadsheets and calendars of what is not private."""
