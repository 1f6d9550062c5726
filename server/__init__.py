"""The Litestar application: pages, the phone's endpoints, jobs and the `jinlin` command."""
