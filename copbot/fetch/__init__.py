"""The one way copbot reads addresses on the web that people named: guarded, bounded, and told in words."""
