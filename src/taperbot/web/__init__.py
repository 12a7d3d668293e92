"""The readers side over HTTP."""
