"""The model's side of writing: it words what code has shaped, and code judges every word.

Everything starts from the composer's finished draft and falls back to it, part by part.
"""
