"""The guarded download: opens addresses that strangers name, and only public ones."""
