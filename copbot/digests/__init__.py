"""Digests: what is new in the library, to channels and members, at the same hour all year, once."""
