"""Work that keeps what is known of people and agencies true, and that nobody waits for."""
