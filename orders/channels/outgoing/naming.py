"""Names as channels want them."""


def split_name(name: str) -> tuple[str, str]:
    """First and last name: the last word is the family's, so a single word is one, too."""
    first, _, last = " ".join(name.split()).rpartition(" ")
    return first, last
