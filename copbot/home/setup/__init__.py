"""What an administrator sets up, step by step, and how the app is doing."""
