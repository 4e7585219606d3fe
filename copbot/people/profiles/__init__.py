"""What people say of themselves, and who may see it."""
