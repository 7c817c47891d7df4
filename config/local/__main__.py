"""The local launcher: `python -m config.local up | down | reset | run | manage`. Knows nothing of Django."""

import argparse
import sys

from config.local.manage import manage
from config.local.resetting import bring_down, reset
from config.local.throwaway import run_command
from config.local.trouble import Trouble
from config.local.up import bring_up


def main() -> int:
    choice = _read_command_line()
    try:
        if choice.command == "run":
            return run_command(choice.words, durable=choice.durable, with_broker=choice.valkey)
        if choice.command == "manage":
            manage(choice.words)
        {"up": bring_up, "down": bring_down, "reset": reset}[choice.command]()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _read_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and keep it running until Ctrl-C")
    commands.add_parser("down", help="stop what runs here")
    commands.add_parser("reset", help="stop what runs here and remove everything it stored")
    run = commands.add_parser("run", help="run a command with a database of its own, which is removed afterwards")
    run.add_argument("--durable", action="store_true", help="write to disk as carefully as production does")
    run.add_argument("--valkey", action="store_true", help="with a broker of its own, too")
    run.add_argument("words", nargs="+", metavar="COMMAND", help="after --")
    django = commands.add_parser("manage", help="manage.py with the settings of what runs here")
    django.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
