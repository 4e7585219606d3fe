"""What staff write to the requester: the Reply form, one message, a minute in which it can be undone."""
