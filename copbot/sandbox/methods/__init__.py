"""The Web API's methods, each entered in the table of calls."""
