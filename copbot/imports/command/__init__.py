"""What `bot.py import` and `bot.py export` do: any form recognized, and told in words."""
