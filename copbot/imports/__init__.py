"""What comes in from elsewhere: spreadsheets, feeds, calendars, directories; and what goes out."""
