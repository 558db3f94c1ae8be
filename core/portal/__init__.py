"""The client's pages: shell, dashboard, and the pages derived from resources."""
