"""Read by gunicorn where it starts: its access log says no secret address. The rest is on its command line."""

logger_class = "config.access.Logger"
