"""What leads edit, as rows: what may be changed, by whom it was, and how the file differs."""
