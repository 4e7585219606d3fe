"""The database: one engine, two session doors, and the few types every room's tables are made of."""

from sqlalchemy.orm import Session

from copbot.store.engine import Store, find_row, hold, hold_row, insert_all_once, insert_once, need_row, note
from copbot.store.mapping import Base, Json, Moment, new_uid
from copbot.store.pages import Page
from copbot.store.retention import DeleteAfter, KeepForever, Keeps, RequestWords
from copbot.store.shared_clock import machine_now

__all__ = [
    "Base",
    "DeleteAfter",
    "Json",
    "KeepForever",
    "Keeps",
    "Moment",
    "Page",
    "RequestWords",
    "Session",
    "Store",
    "find_row",
    "hold",
    "hold_row",
    "insert_all_once",
    "insert_once",
    "machine_now",
    "need_row",
    "new_uid",
    "note",
]
