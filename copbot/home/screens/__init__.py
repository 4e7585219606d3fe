"""What Home itself shows: the page around the rooms' sections, the set-up, and the programme's choices."""
