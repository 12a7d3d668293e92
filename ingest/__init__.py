"""Article files in, a verified and immutable index generation out."""
