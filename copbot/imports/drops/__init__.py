"""Files that staff drop into the app's direct message: read on trial first, taken in when they say so, undone at will."""
