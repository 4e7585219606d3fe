"""The staff channel: when it was read last, and who may read what because of that."""
