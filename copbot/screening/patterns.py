"""The screen's patterns. Every repetition is bounded or begins at a word's edge, so that a search is linear.

Those that look at words around a number take a text in lower case. What they begin with is a letter or digit where that
can be had, and what may not stand before it is looked at then: the engine skips to such a letter by itself.
`…_WORDS` are what a text in lower case must hold for the pattern to find anything: looking for them is much cheaper.
"""

from __future__ import annotations

import re

SENTENCE_END = re.compile(r"[!?\n]|(?<=[a-z]{3})\.\s")

# --- numbers ------------------------------------------------------------------------------------------

SSN = re.compile(r"[0-9Xx*](?<![\w-].)[0-9Xx*]{2}(?<!000)(?<!666)([- .])[0-9Xx*]{2}\1(?!0000)\d{4}(?![\w-])")
SSN_SAID = re.compile(
    r"\b(?:ssn|ss\s?#|social(?:\s+security)?)(?:\s+(?:number|no\.?|num)|\s?#)?\s{0,2}(?:is|was|[:,=#-])?\s{0,2}"
    r"(?P<value>\d{3}[- .]?\d{2}[- .]?\d{4}(?!\d))"
    r"|\b(?:ssn|social(?:\s+security)?)\b[^.\n\d]{0,25}\b(?:ending|ends|end|last\s+(?:four|4))\b[^.\n\d]{0,12}"
    r"(?P<last>\d{4}(?!\d))"
    r"|\blast\s+(?:four|4)\b[^.\n\d]{0,30}\b(?:ssn|social(?:\s+security)?)\b[^.\n\d]{0,12}(?P<four>\d{4}(?!\d))",
)

SSN_WORDS = ("ssn", "ss#", "ss #", "social")

_IS = r"\s{0,2}(?:is\b|was\b|[:=#-]){0,2}\s{0,2}#?\s{0,2}(?P<value>[a-z0-9][a-z0-9./-]{1,24})"
NUMBERED = re.compile(
    r"(?:(?<![a-z])(?:n(?:umbers?|um|br|o)|id|code)(?![a-z])|#)\.?(?:\s?(?:n(?:umber|o)|id|#)(?![a-z])\.?)?"
    + _IS
)
"""In lower case. What it numbers stands before it."""
RECORD = re.compile(
    r"\b(?:record|chart|case|docket|file|booking|warrant|citation|incident|encounter|inmate|doc|mrn|emr|hmis|"
    r"(?:police|incident) report|(?:client|patient|participant|consumer|member|resident|enrollee|insurance|subscriber|"
    r"medicaid|medicare|badgercare|forwardhealth|prescription|rx|state|driver'?s? licen[sc]e)(?:'s)?"
    r"(?:\s(?:card|record|chart|case|file))?)\s{0,2}$"
)
RECORD_DIRECT = re.compile(r"(?:mrn|emr|hmis|ccap|driver'?s? licen[sc]e|passport)\b" + _IS)
RECORD_BARE = re.compile(
    r"\b(?:chart|inmate|booking|client|patient|participant)\s+#?(?!(?:19|20)\d\d\b)(?P<value>\d{4,12})\b(?![,/-]?\d)"
)
"""In lower case, as `COURT`."""
RECORD_WORDS = ("chart", "inmate", "booking", "client", "patient", "participant")
COURT = re.compile(
    r"(?P<value>\d(?<![\w-].)(?:(?:(?<=1)9|(?<=2)0)\d\d|\d-)[- ]?(?:cf|cm|ct|tr|sc|fa|jc|jv|jg|me|gn|pa|tp)[- ]?\d{2,6})\b"
)
NO_RECORD = re.compile(r"\b(?:an?|new|another|in)\s+$", re.IGNORECASE)
OWN_NUMBER = re.compile(r"TA-?\d+", re.IGNORECASE)

# --- dates of birth -----------------------------------------------------------------------------------

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|"
    r"octubre|noviembre|diciembre)"
)
_TH = r"(?:st|nd|rd|th)?"
DATE = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|'?\d{2})|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}|"
    rf"\b{_MONTH}\.?\s+(?:the\s+)?\d{{1,2}}{_TH}(?:,?\s+(?:of\s+)?(?:(?:19|20)\d\d|'\d\d))?(?!\d)|"
    rf"\d{{1,2}}{_TH}\s+(?:of\s+|de\s+)?{_MONTH}\b\.?,?(?:\s+(?:de\s+)?(?:19|20)\d\d)?|"
    rf"\b{_MONTH}\.?,?\s+(?:19|20)\d\d|\d{{1,2}}/\d{{1,2}})(?![\d/])",
    re.IGNORECASE,
)
YEAR_OR_DIGITS = re.compile(r"(?<![\d/.-])(?:(?:19|20)\d\d|\d{6}|\d{8})(?![\d/.-]*\d)")
BIRTH = re.compile(
    r"\b(?:(?P<strong>d\.?\s?o\.?\s?b\b\.?|dates?\s+of\s+birth|birth\s?-?date|fecha\s+de\s+nacimiento)"
    r"|(?P<born>born|nacid[oa]|naci[oó])|birth\s?-?days?|b-?day)(?!\w)",
)
BIRTH_WORDS = ("birth", "born", "naci", "bday", "b-day", "dob", "d.o", "do.b", "do. b", "d o", "do b", "d. o")
BORN_OF_MANY = re.compile(
    r"\s+(?:on or\s+)?(?:before|after|between|since|from|during|prior|through|until)\b", re.IGNORECASE
)
OUR_BIRTHDAY = re.compile(
    r"\b(?:our|program's|agency's|organization's|clinic's|coalition's|center's|exchange's)\s+(?:[\w-]+\s+){0,2}$",
)

# --- phones, e-mails ----------------------------------------------------------------------------------

PHONE = re.compile(
    r"(?<![\w/.#-])(?:\+?1[-. ]{0,2})?(?:\(\s?(?P<a>[2-9]\d\d)\s?\)[-. ]{0,2}|(?P<b>[2-9]\d\d)[-. /]{0,3})"
    r"(?P<c>[2-9]\d\d)[-. ]{0,3}(?P<d>\d{4})(?!\d|[-.,/]\d)"
)
BESIDE = 60
"""Characters within which words after a number may belong to the next one."""
SHORT_PHONE = re.compile(r"[2-9](?<![\w/.#-].)\d\d[-. ]\d{4}(?![\w-])")
SHORT_CUE = re.compile(
    r"\b(?:call(?:ed|ing)?|phone|cell|mobile|tel(?:ephone)?|text(?:ed)?|reach(?:ed)?|number|contact|dial)\b"
    r"[^.\n\d]{0,20}$",
)
TOLL_FREE = frozenset({"800", "822", "833", "844", "855", "866", "877", "888"})
HELPLINE = re.compile(
    r"\b(?:hot|help|warm|life|quit|info|tip|crisis|support|text|talk)[- ]?lines?\b|\bpoison\b|\bnever use alone\b|"
    r"\bsamhsa\b|\bcrisis (?:center|text|services?)\b|\bdial 2-?1-?1\b",
)
OTHER_NUMBER = re.compile(
    r"\b(?:award|grant|contract|fain|npi|ein|uei|duns|ndc|cfda|lot|invoice|purchase order|p\.?o|order|item|model|"
    r"serial|tracking|isbn|(?:meeting|webinar|conference|zoom|session)(?: id)?|passcode|access code|account|permit|"
    r"project|license|registration)\s{0,2}(?:number|num|no|id|code|#)?\.?\s{0,2}(?:is|[:#=])?\s{0,2}#?$",
)
SOMEBODYS = re.compile(
    r"\b(?:her|his|their|client|patient|participant|mom|mother|dad|father|sister|brother|wife|husband|partner|cell|"
    r"mobile|personal)(?:'s)?\b[^.\n]{0,20}$",
)
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,4}[A-Z]{2,24}\b", re.IGNORECASE)
EMAIL_SPELLED = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s?(?:\(at\)|\[at\]|\sat)\s{0,2}[\w-]{1,63}\s?(?:\(dot\)|\[dot\]|\sdot)\s{0,2}"
    r"(?:com|org|net|edu|gov|us)\b",
    re.IGNORECASE,
)
LONGEST_SPELLED = 140
"""Characters from its beginning to its “dot”."""
DOT_COM = re.compile(r"(?:\(dot\)|\[dot\]|\sdot)\s{0,2}(?:com|org|net|edu|gov|us)\b")
"""In lower case: what each e-mail that is spelled out holds."""
ROLE_MAILBOX = re.compile(
    r"(?:info|contact|help|support|training|trainings|admin|office|hello|outreach|grants?|events?|noreply|no-reply|"
    r"donotreply|webmaster|press|media|jobs|orders?)@",
    re.IGNORECASE,
)

# --- street addresses ---------------------------------------------------------------------------------

_LONG = r"(?:street|avenue|road|boulevard|lane|parkway|highway|terrace)"
_STREET = (
    r"(?:street|str?|avenue|ave?|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|way|circle|cir|terrace|ter|"
    r"parkway|pkwy|highway|hwy|trail|trl|square|sq)"
)
_RURAL = r"(?:county|cty|state|us|town|co)\.?\s+(?:road|rd|highway|hwy|trunk)\.?\s+[A-Z0-9]{1,4}\b"
ADDRESS = re.compile(
    r"(?<![\w.,/$-])(?:\d{1,5}(?:[- ]?\d/\d)?[A-Z]?|[NSEW]\d{2,5}(?:\s?[NSEW]\d{2,5})?)\s+"
    rf"(?:(?i:{_RURAL})|(?:(?:[NSEW]{{1,2}}\.?|(?i:north|south|east|west|upper|lower))\s+)?"
    rf"(?:(?:[A-Z][\w'.-]{{0,20}}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}?(?i:{_STREET})\b"
    rf"|(?:(?:n|s|e|w|north|south|east|west)\.?\s+)?(?:[a-z']{{3,16}}\s+|\d{{1,3}}(?:st|nd|rd|th)\s+){{1,2}}?(?:{_LONG}|ave|blvd|st|rd|ln)\b)"
    r"(?:\.?,?\s+(?i:apt|unit|apartment|#)\.?\s*\w{1,5})?|(?i:\bP\.?\s?O\.?\s?box\s+\d{1,6})"
)
NOT_A_HOUSE = re.compile(
    r"\d+\s+(?:hours?|minutes?|miles?|days?|weeks?|months?|years?|people|persons|kits?|doses?|mg|blocks?|feet|strips?|"
    r"boxes|cases|participants|clients|patients|staff|sites?|counties|of|and|to|in|on|per|more|new|percent|"
    r"peers?|volunteers?|vans?|cars?)\b",
)
LIVES_THERE = re.compile(
    r"\b(?:lives?|living|lived|resid(?:es?|ing|ed)|stay(?:s|ing|ed)?|home|house|apartment|(?:they|she|he|who)\s+moved|evict(?:ed|ion)|"
    r"(?:her|his)\s+(?:\w+\s+)?(?:address|place)|(?:client|patient|participant)(?:'s)?\s+(?:home\s+)?address|"
    r"(?:deliver|mail|ship|send)\w*\s+(?:\w+\s+){0,3}(?:her|him|them)|sleep(?:s|ing)|camp(?:s|ed|ing)?|"
    r"(?:client|patient|participant|woman|man)\s+(?:at|from|of|on))\b",
)
WORKS_THERE = re.compile(
    r"\b(?:offices?|sites?|clinics?|agency|agencies|centers?|centres?|departments?|building|location|headquarters|"
    r"church|library|hospital|pharmacy|school|campus|courthouse|warehouse|venue|hall|station|services?|health|"
    r"coalition|alliance|project|program|organization|foundation|inc|county|council|association|institute|university|"
    r"college|drop-?in|storefront|hotel|ymca|training|conference|meeting|workshop|event|held|hosted|vending|machine|"
    r"exchange|pick-?\s?up|located|hours|open|our)\b",
)
