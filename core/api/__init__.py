"""The API of what lies below core.workflow: people and organisations, the calendar, dated settings. It stands above
core.web because every acting route is built on core.workflow.api and describes itself by core.web.api."""
