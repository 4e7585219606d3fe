"""What every command shares: settings, words, exit codes, one transaction."""

from __future__ import annotations

import errno
import functools
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from copbot.errors import CopbotError, Misconfigured
from copbot.settings import Settings, UnknownSetting, load
from copbot.slack.errors import SlackError

if TYPE_CHECKING:
    from copbot.store import Store

commands = typer.Typer(
    name="bot.py",
    help="One Slack app that runs a community of practice.",
    epilog="Settings come from the environment and .env; .env.example explains each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


_NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG)


def plainly(command: Callable[..., int | None]) -> Callable[..., None]:
    """What a person can put right is told in its words; the exit code says the rest."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except CopbotError as error:
            say(error.words, wrong=True)
            raise typer.Exit(2 if isinstance(error, UnknownSetting) else 1) from None
        except SlackError as error:
            say(f"Slack answered {error.code}.", wrong=True)
            raise typer.Exit(1) from None
        except OSError as error:
            if error.errno not in _NO_PLACE:
                raise
            why = os.strerror(error.errno).lower()
            say(f"{error.filename or 'A file'} could not be read or written: {why}.", wrong=True)
            raise typer.Exit(1) from None
        raise typer.Exit(code or 0)

    return run


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded stays: to look through it for rubbish again and again takes a sixth of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def say(words: str, *, wrong: bool = False) -> None:
    from rich.console import Console
    from rich.text import Text

    Console(stderr=wrong, soft_wrap=True).print(Text(words))


def read_settings() -> Settings:
    from copbot.logs import set_up_logs

    settings = load(os.environ)
    set_up_logs(settings.log)
    return settings


def database_url(settings: Settings) -> str:
    return settings.database_url.get_secret_value()


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """The store of a database that has this version's tables."""
    from copbot.store import Store, migrate

    if not migrate.is_current(url):
        raise Misconfigured("The database is not there, or lacks this version's tables. Run: bot.py migrate")
    store = Store(url)
    try:
        yield store
    finally:
        store.close()
