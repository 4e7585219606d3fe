"""The same living bots as the dialogs have."""

from tests.dialogs.conftest import any_talk, own_talk, talk

__all__ = ["any_talk", "own_talk", "talk"]
