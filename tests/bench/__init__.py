"""How fast the bot is, measured beside a bare Bolt app. `python -m tests.bench` writes docs/performance.md."""
