"""Fixed replies and remarks around answers."""

DISCLAIMER = (
    "This is general information from our articles, not medical advice. "
    "Talk to your prescriber or pharmacist before you change any medicine."
)
