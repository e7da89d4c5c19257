"""The command `guide`, and `python app.py`, which serves the chat window and the API."""


def main() -> None:
    """Entry point of the command `guide`."""
