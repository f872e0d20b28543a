"""HTTP: the router and what it reads requests and words responses with."""
