"""Every word of our own that a person is shown, and every prompt; tests import the sentences from here.

`answers` replies and remarks, `cards` the safety cards, `page` the readers' page, `prompt` what a language model is told.
"""
