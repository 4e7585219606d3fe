"""Requests of somebody who is away or has too much: what presses goes to their backup, a lead moves all at once."""
