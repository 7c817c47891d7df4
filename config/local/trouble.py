"""The two ways a start can end early: something is wrong, or somebody said stop."""


class Trouble(Exception):
    """What the person at the keyboard must know and do, in words: printed as it stands, without a traceback."""


class StopAsked(Exception):
    """Ctrl-C or SIGTERM came while something was still being waited for."""
