"""The model's side of a draft: it proposes words for a finished one, and code accepts or refuses.

A draft is whole and checked before a model is asked, so nothing a model says or fails to say can
break it. The model moves no minutes, leaders, promises or procedures; facts come only as sentences
copied from a passage that was offered.
"""
