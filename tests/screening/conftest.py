"""The same living bots as the dialogs have."""

from tests.dialogs.conftest import own_talk, talk

__all__ = ["own_talk", "talk"]
