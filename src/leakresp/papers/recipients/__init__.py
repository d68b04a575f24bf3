"""The list of the persons to be told: read, its columns understood, every row checked before a letter is written."""

from leakresp.papers.recipients.addressee import addressee
from leakresp.papers.recipients.columns import Columns, map_columns
from leakresp.papers.recipients.content import neutral
from leakresp.papers.recipients.flaws import LibraryMissing, ListFlaw, ListUnfit, Remark
from leakresp.papers.recipients.mending import write_mending
from leakresp.papers.recipients.reading import Portion, Reading, read
from leakresp.papers.recipients.recipient import Recipient, RowFault
from leakresp.papers.recipients.review import Review, Tally, review
from leakresp.papers.recipients.survey import Survey, survey
from leakresp.papers.recipients.tables import Table, open_table
from leakresp.papers.recipients.words import RecipientWords, recipient_words

__all__ = [
    "Columns",
    "LibraryMissing",
    "ListFlaw",
    "ListUnfit",
    "Portion",
    "Reading",
    "Recipient",
    "RecipientWords",
    "Remark",
    "Review",
    "RowFault",
    "Survey",
    "Table",
    "Tally",
    "addressee",
    "map_columns",
    "neutral",
    "open_table",
    "read",
    "recipient_words",
    "review",
    "survey",
    "write_mending",
]
