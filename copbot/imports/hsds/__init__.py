"""Directories in the Human Services Data Specification 3.0, as a package of tables, read and written."""
