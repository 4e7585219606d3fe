"""How a request comes in: the form, and what is saved of it."""
