"""From the requester to staff: what they write to the app stands in staff's thread, edits and deletions included."""
