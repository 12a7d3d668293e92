"""TaperBot answers readers' questions by quoting a publisher's own articles, with citations."""

__version__ = "0.5.0"
