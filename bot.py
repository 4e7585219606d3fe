"""`python bot.py run`: the process entry. Everything else is in copbot/."""

from copbot.cli import main

if __name__ == "__main__":
    main()
