"""What writers that ask a language model share: prompts, the forms of answers, and text that is data and nothing else.

A writer gives a function that says messages to its model; `films.treatment` and `films.section` do the rest:

    films       a treatment, and the shots of one section, from what a model answers
    asking      one answer: said, read, judged; said once more with the judge's words
    forms       the JSON Schemas of answers, made for one film's sections and shots
    prompts     the templates in templates/prompts, and their digests
    text        cleans what a model says: no control characters, no markup, bounded
"""

VERSION = 2
"""Raised when the same answers would give other documents, or the same film other questions."""
