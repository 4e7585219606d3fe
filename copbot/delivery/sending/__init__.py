"""The line: who may send next, and what an outcome does to a row. Only the sender stands in it."""
