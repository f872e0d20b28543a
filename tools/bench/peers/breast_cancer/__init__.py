"""The handlers that breast-cancer's is compared with."""
