"""What phones and word processors write for plain signs, so that text which is typed or pasted can be compared.

The product's own texts use the plain hyphen, also where it may end a line: a number is copied, dialed and searched.
"""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4\uff07", "'"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)


def plain_signs(text: str) -> str:
    """The text with plain hyphens, apostrophes, spaces and digits; its length is the same."""
    return text.translate(_PLAIN)
