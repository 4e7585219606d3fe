"""The dose: staff's contacts, for a request or without one, as funders ask for them."""
