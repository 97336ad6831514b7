"""Changes of an organisation's record by whoever may: updates, and what accepted corrections bring."""
