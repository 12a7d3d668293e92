"""What the page says. Short sentences and plain words; a test holds them to reading grade 6."""

# header, welcome, composer
SHORT_DISCLAIMER = "Information, not medical advice."
URGENT_HELP = "Urgent help"
OPTIONS = "Options"
WELCOME = "What would you like to know?"
WELCOME_LEAD = "Ask about coming off benzodiazepines. Write it the way you would say it to a friend."
WELCOME_HOW = (
    "This is a machine, not a person. Each answer is made of exact sentences from our articles. Tap a number to read where it comes from."
)
WELCOME_DOCTOR = "Please talk to your prescriber before you change your dose."
WELCOME_PRIVATE = "No account. What you write is not stored."
STARTERS = "Or start with one of these"
COMPOSER_LABEL = "Your question"
COMPOSER_HINT = "Ask in your own words"
ASK = "Ask"
STOP = "Stop"
SHORT = "Short answers"
SAVE = "Save for my doctor"
CLEAR = "Clear"
SKIP = "Skip to the question box"
CONVERSATION = "Questions and answers"

# options
THEME = "Colours"
THEME_SYSTEM = "As on my device"
THEME_LIGHT = "Light"
THEME_DARK = "Dark"
COUNTRY = "Help numbers for"
COUNTRY_ANY = "Any country"

# an answer
SOURCE_NAME = "Source {number}: {title}"
SOURCES = "Sources"
SOURCE_DATED = "Reviewed {date}"
SOURCE_UNDATED = "No date given"
REVIEWED_ONE = "From an article last reviewed {newest}."
REVIEWED_SPAN = "From articles last reviewed between {oldest} and {newest}."
NEAREST_TITLE = "The articles do not say this directly"
NEAREST_LEAD = "This is the closest we have:"
NEAREST_ARTICLES = "These may still help"
WHO_TO_ASK = "Who to ask"
WHO_TO_ASK_LINES = (
    "The person who prescribes for you, or their nurse.",
    "A pharmacist. You do not need to book.",
    "If it cannot wait, see urgent help.",
)
FOLLOW_UPS = "You could ask next"
COPY = "Copy"
COPIED = "Copied"
ANSWER_READY = "The answer is here."
CARD_READY = "Help is on the screen."
HELP_NOW = "Help now"
ALL_NUMBERS = "All help numbers"
DISAGREE = "Sources differ"

# feedback
FEEDBACK_ASK = "Was this helpful?"
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
FEEDBACK_WHY = "What was wrong?"
FEEDBACK_REASONS = (
    ("answer_wrong", "The answer is wrong"),
    ("source_wrong", "The source is wrong"),
    ("not_understood", "I did not understand"),
)
FEEDBACK_NOTHING_ELSE = "We only store which articles were shown. We do not store your question."
FEEDBACK_WORDS = "Send my question too. This is all the text that will be sent:"
FEEDBACK_SEND = "Send"
FEEDBACK_THANKS = "Thank you. It helps us to make this better."
FEEDBACK_UNKNOWN = "Please choose one of the answers given."
FEEDBACK_GONE = "This answer is no longer kept here, so it cannot be rated. Please ask again."

# the source
READ_BACK = "Back to the chat"
CLOSE = "Close"
READ_ON_SITE = "Read this article on our site"
READ_MOVED = "This article has changed since. The marked text has moved, and we found it again."
READ_LOST = "This article has changed since. The quoted text is no longer in it, so this is the top."
READ_REVIEWED = "Last reviewed {date}"
READ_PUBLISHED = "Published {date}"
READ_MISSING = "Article not found"
READ_NONE = "There is no such article here. It may have been taken down."
READ_PRINT = "Print"

# save for my doctor
SAVE_TITLE = "Questions and answers about my benzodiazepine"
SAVE_FOR = "For my doctor, nurse or pharmacist"
SAVE_DATE = "Made on {date} with {organisation}"
SAVE_TEXT = "Save as text"
SAVE_PRINT = "Print"
SAVE_EMPTY = "There is nothing to save yet. Ask a question first."
SAVE_GONE = "These answers are no longer kept here. Please ask again."
SAVE_FILE_NAME = "questions-for-my-doctor.txt"
TEXT_QUESTION = "Question: {question}"

# states
BUSY = "Looking in the articles"
LATE = "This takes longer than usual. Your question is safe."
OFFLINE_TITLE = "No connection right now"
OFFLINE_LEAD = "Your question is kept on this screen. It will be sent once you are back online."
TRY_AGAIN = "Try again"
ERROR_TITLE = "Something went wrong"
ERROR_LEAD = "We could not answer just now. It is not your fault. Please try again soon."
FULL_TITLE = "Many people are asking"
FULL_LEAD = "Please try again in a minute. Urgent help works at all times."
STOPPED = "Stopped. You can ask again."
NO_INDEX = "The articles are not ready yet. Please come back soon. Urgent help works now."
CLEARED = "All cleared."

# refusals
COUNT_LEFT = "{left} characters left"
COUNT_OVER = "{over} characters too many. Please make it shorter."
HISTORY_MALFORMED = "The earlier turns could not be read. Please clear the chat and ask again."
REQUEST_MALFORMED = "The question could not be read. Please load this page again."
BODY_TOO_LARGE = "That is far too much text for one question. Please make it shorter."
FOREIGN_ORIGIN = "Questions are taken from our own page only."
NO_SUCH_PAGE = "There is no such page here."
TURN_UNKNOWN = "This answer is no longer kept here. Please ask again."

# embed
EMBED_TITLE = "Put this page on your site"
EMBED_LEAD = "Paste this line where the page should stand:"
EMBED_ALLOW = "Your site's address must be named in TAPERBOT_FRAME_ANCESTORS. Else the browser leaves the frame empty."

# start and end
SERVING = "Serving on {address}"
PORT_TAKEN = "Port {port} on {host} is taken. Stop the other program, or choose another port with --port or TAPERBOT_PORT."
STOPPING = "Stopped."
ADDRESS_UNFIT = "Cannot serve on {host}, port {port}. Use an address of this machine, such as 127.0.0.1, and a port from 1 to 65535."
