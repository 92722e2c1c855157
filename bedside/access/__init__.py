"""Who may open the page: the phones that were let in, and what lets in another."""

from bedside.access.access import Access, Session

__all__ = ["Access", "Session"]
