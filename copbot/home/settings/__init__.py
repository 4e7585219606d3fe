"""The program's settings as leads see and edit them."""
