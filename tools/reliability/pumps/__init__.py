"""Pump tests: does any text make the work for it grow faster than its length?"""
