"""What is known of the objects of a 3CX, and what nobody has tried: said in every file, and in the documentation.

In: nothing. Out: sentences. dialc has never been run against a 3CX. What it writes is what 3CX's own published schema
and samples, and backups that others have published, show; whether a 3CX does with it what they lead to expect is for
whoever applies it to try.
"""

STATEMENT = "Nothing of this was ever tried on a real 3CX: try it on one that nobody calls before anybody calls it."

SEEN = (
    "the XML of IVR, Queue, RingGroup and ExternalLineRule, as in published excerpts of backups of v18 and v20",
    "the property REDIRECT_UNKNOWN_TO, in a converter of 3CX for version 14",
    "every path, property and word of the XAPI, in the schema that 3CX publishes (June 2026)",
)
"""Sentences: what was read in a real file, or in what 3CX publishes."""

INFERRED = (
    "in the XML, the children of OfficeHoliday, and the routes ProceedWithNoExceptions",
    "in the XML of a queue, WrapUpTime, MaxCallersInQueue, PlayFullPrompt and AnnounceEstimatedWaitTime",
    "that NextAgent is what 3CX calls round robin",
    "that a greeting of the type Default is what a mailbox says in every status of its extension",
)
"""What follows from names, or from programs that others have written."""

LACKING = (
    "how the XML writes the periods of a week: it has none, and the XAPI has them",
    "how a backup is restored from such a file: 3CX reads whole backups only, and dialc writes none",
    "how recordings are uploaded: the schema has no call for it, so it is done in the console",
)
"""What could not be found, and is not written."""

TRUSTED = (
    "the seconds of a menu begin when its prompt is over, and one key is taken at once",
    "the keys * and # are wrong keys in a menu, like digits that it does not have",
    "a group rings its members' telephones without following their forwarding or their voicemail",
    "a group that a rule leads to rings without taking the call, and callers hear ringing",
    "the patience of a queue begins when its intro is over, and PlayFullPrompt keeps members from ringing before",
    "a queue sends callers on at once while nobody is logged in, or when it is full, or when they press *",
    "periods end with their last second, and holidays, too",
    "a rule of its own hours is asked before the hours of a department are",
    "the PBX has no other holidays, and no member of a queue is logged out when people should be there",
    "voicemail ends a message by itself, and the call behind it",
)
"""What a 3CX must do for callers to get what the plan says, and nobody has watched it do."""
