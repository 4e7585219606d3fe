"""What goes on in a community: quiet, unanswered, counted, archived."""
