"""A profile's YAML as typed values: its parts, what each may say, and what is wrong with one."""
