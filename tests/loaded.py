"""Loaded last in the process that others are forked from: what is loaded there is no garbage in any of them."""

import gc

gc.collect()
gc.freeze()
