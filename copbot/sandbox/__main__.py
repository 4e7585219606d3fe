"""`python -m copbot.sandbox --manifest FILE`: a sandbox in a process of its own, printing what a bot needs."""

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType

import yaml

from copbot.sandbox.server import Sandbox
from copbot.sandbox.world import SlackTiming


def read_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m copbot.sandbox", description=__doc__)
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest, YAML or JSON")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--state", type=Path, help="file that keeps the workspace; none keeps nothing")
    parser.add_argument("--bot-token")
    parser.add_argument("--app-token")
    parser.add_argument("--no-rates", action="store_true", help="do not enforce Slack's rate limits")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds each Web API answer takes")
    parser.add_argument(
        "--redelivery", type=json.loads, default=[0, 60, 300], help="pauses before each retry, JSON"
    )
    parser.add_argument("--hide-days", type=int, help="hide what is older, as a free plan does with 90")
    return parser.parse_args()


def main() -> None:
    args = read_command_line()
    sandbox = Sandbox(
        yaml.safe_load(args.manifest.read_text()),
        state_path=args.state,
        host=args.host,
        port=args.port,
        bot_token=args.bot_token,
        app_token=args.app_token,
        enforce_rates=not args.no_rates,
        timing=SlackTiming(latency=args.latency, redelivery=tuple(args.redelivery)),
        hide_days=args.hide_days,
    )

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    sandbox.start()
    for name, value in sandbox.environment().items():
        sys.stdout.write(f"{name}={value}\n")
    sys.stdout.flush()
    try:
        sandbox.wait()
    except KeyboardInterrupt:
        pass
    finally:
        sandbox.stop()


if __name__ == "__main__":
    main()
