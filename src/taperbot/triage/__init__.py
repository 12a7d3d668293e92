"""The level of a message, decided before anything is searched or written."""
