"""Keeping requests true to who is here: owners and requesters who left, late replies, news that did not arrive."""
