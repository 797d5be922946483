"""Shows the coach over HTTP: pages, API and streams. Thinks nothing itself."""
