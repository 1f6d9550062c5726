"""Open311 GeoReport v2: how the hotline system of a city files and follows issues."""
