"""App Home: what each person sees as theirs, composed from the other rooms."""
