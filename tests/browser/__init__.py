"""Tests in a real browser: every page of the application, and what people do with them."""
