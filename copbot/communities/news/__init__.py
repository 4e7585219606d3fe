"""What staff say they have been up to: a few words at a time, on the About page and in the next digest."""
