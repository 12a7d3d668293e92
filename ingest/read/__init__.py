"""One module per format: bytes of a file in, a raw document out."""
