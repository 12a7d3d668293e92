"""Speed and quality beside the plain LangChain recipe (`run`), and the long safety tests of the index (`soak`)."""
