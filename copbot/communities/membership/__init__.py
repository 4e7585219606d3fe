"""Who is in a community: getting in and out."""
