"""Feeds and calendars that are followed: polled politely, their new entries drafted or published."""
