"""Editions as they are read, and the forms around them."""
