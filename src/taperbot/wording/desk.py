"""What the editors' desk says."""

TITLE = "Editors' desk"
LEAD = "What readers are served now, what the articles still need, and the way back when something went wrong."
USER = "editor"
SIGN_IN = "The name is editor; the password is the one set as TAPERBOT_DESK_PASSWORD."
REFRESH = "Look again"
NOTHING = "Nothing to show."

ARTICLES = "Articles"
ARTICLE_COLUMNS = ["Article", "Title", "Date", "Topics"]
FINDINGS = "Warnings"
FINDING_COLUMNS = ["Article", "Line", "Code", "What was found"]
FINDINGS_COUNT = "{count} warnings in {files} files."
DIFF = "What would change"
DIFF_LEAD = "Compares the folder of articles with what readers are served."

INGEST = "Publish"
INGEST_LEAD = "Reads the folder of articles again and publishes it when every check passes. Readers keep the old index until then."
INGEST_NOW = "Read and publish"
INGEST_DONE = "Published {generation}: {added} new, {changed} changed, {removed} gone, {rejected} turned away. {warnings} warnings."
INGEST_UNCHANGED = "Nothing had changed; {generation} stays in use."

HISTORY = "History"
HISTORY_COLUMNS = ["Index", "Made", "Articles", "Passages", "Golden questions", "In use"]
ROLLBACK = "Go back to the index before"
ROLLBACK_DONE = "In use again: {generation} with {articles} articles. It stays until the next publishing."
YES = "yes"
