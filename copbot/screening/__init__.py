"""The client-data screen: what people write is looked at before it is stored. Pure; the frame asks it."""
