"""Checklists as spreadsheets: XLSForm in, a report by rows, XLSForm out."""
