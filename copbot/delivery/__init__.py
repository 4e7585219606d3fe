"""Messages as rows, and the sender that makes Slack match them. Nothing else in copbot posts.

Rooms call the verbs in `service`; `render` holds what a room's notices are made of.
"""
