"""How a text is worded: lists of words as data, the language lint, openers, reading grades.

Knows nothing of documents or drafts; whoever judges either asks here.
"""
