"""Showing how far an import is: a bar on a terminal, a plain line every few seconds elsewhere."""

import time

from django.core.management.base import OutputWrapper

from orders.actions.intake.ingesting import Progress

BAR_EVERY = 0.2
LINE_EVERY = 5.0
WIDTH = 28

_CLEAN_LINE = "\r\x1b[2K"


class ProgressBar:
    """Told of the progress, it draws what is worth drawing. Members per second are those of the whole run."""

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._on_terminal = stream.isatty()
        self._drawn_at = time.monotonic() if not self._on_terminal else 0.0

    def draw(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._drawn_at < (BAR_EVERY if self._on_terminal else LINE_EVERY):
            return
        self._drawn_at = now
        if self._on_terminal:
            self._write(f"{_CLEAN_LINE}{describe_progress(progress, bar=True)}")
        else:
            self._write(f"{describe_progress(progress, bar=False)}\n")

    def close(self) -> None:
        """Leave an empty line for what comes after."""
        if self._on_terminal:
            self._write(_CLEAN_LINE)

    def _write(self, words: str) -> None:
        self._stream.write(words, style_func=str, ending="")  # it is no error, though it goes where errors go
        self._stream.flush()


def describe_progress(progress: Progress, *, bar: bool) -> str:
    """`[=====>     ] 42 %  12,000 members  310/s  still 0:41`; without a known size no bar and no end."""
    report = progress.report
    seconds = report.seconds(progress.at)
    pace = f"{report.members / seconds:,.0f}/s" if seconds > 0 else ""
    words = [f"{report.members:,} members", f"{report.lines:,} lines", pace]
    if progress.bytes_total > 0:
        share = min(progress.bytes_read / progress.bytes_total, 1.0)
        full = round(share * WIDTH)
        drawn = f"[{'=' * full}{' ' * (WIDTH - full)}] " if bar else ""
        words.insert(0, f"{drawn}{share:4.0%}")
        if share > 0:
            words.append(f"still {_clock(seconds * (1 - share) / share)}")
    return "  ".join(word for word in words if word)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
