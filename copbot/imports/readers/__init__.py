"""Readers: bytes of a known form to plain values. They know no database, no Slack and no clock."""
