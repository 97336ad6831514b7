"""Signs that are not seen: with one in it, a text looks like another and is none."""

UNSEEN = (
    # Default_Ignorable_Code_Point of Unicode 16: joiners, soft hyphens, fillers, selectors, tags
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # and others that show nothing: annotations between lines, a pattern of Braille without dots
    "\ufff9-\ufffb\u2800"
)
"""As the inside of a character class."""
