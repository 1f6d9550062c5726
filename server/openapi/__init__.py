"""What the API takes and answers, as one OpenAPI 3.1 document."""
