"""Tests of what measures: that its figures mean what they say."""
