"""What is wrong with a text, and where: raised while it is read, whether as a filter or as a path."""


class Fault(Exception):
    """A text that cannot be read; positions count characters from 1."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"position {position}: {reason}")


class Misplaced(Exception):
    """A token the grammar has no place for, by its index; one past the last is the end of the text."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index
