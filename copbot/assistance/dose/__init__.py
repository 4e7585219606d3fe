"""Contacts with a request to them: logged on the notice, with Done, after a call, or from a file."""
