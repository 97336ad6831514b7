"""Consultations: drafts by paragraph, meetings, and the remarks of residents and organisations."""
