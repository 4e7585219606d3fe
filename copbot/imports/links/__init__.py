"""Whether the library's addresses still lead somewhere: asked once a month, believed only after a week."""
