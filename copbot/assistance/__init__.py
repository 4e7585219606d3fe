"""The register of technical-assistance requests: the form, the states, the clocks, the lists."""
