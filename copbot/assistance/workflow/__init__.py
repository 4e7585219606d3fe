"""How a request moves: the verbs of the state table, each for one press."""
